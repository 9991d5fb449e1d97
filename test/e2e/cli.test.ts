import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alpineAdvisory, writeOsvMirror } from '../support/advisories.js';
import { alpine, dockerArchive, tar, writeFiles } from '../support/image.js';
import { writeLifecycles } from '../support/lifecycles.js';
import { ServiceProcess } from '../support/service-process.js';
import { slowTarball } from '../support/slow-tarball.js';

const COMMAND = resolve('dist/src/cli/plimsoll.js');
/** CVSS v3.1: 9.8, critical. */
const CRITICAL = { severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }] };
/** More than one page of a list. */
const MANY = 620;

let folder: string;
let env: NodeJS.ProcessEnv;

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

function startCommand(args: string[], more: NodeJS.ProcessEnv = {}, input = '') {
  const child = spawn(process.execPath, ['--max-semi-space-size=1', COMMAND, ...args], {
    cwd: folder,
    env: { ...env, ...more },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const done = once(child, 'close').then(([code]): Outcome => ({ code: code as number | null, ...output }));
  return { child, output, done };
}

const plimsoll = (args: string[], more?: NodeJS.ProcessEnv, input?: string) => startCommand(args, more, input).done;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-cli-'));
  const packages = Array.from({ length: MANY }, (_, i) => ({ name: `lib${i}`, version: '1.0.0-r0' }));
  const advisories = packages.map(({ name }, i) => ({
    ...alpineAdvisory(`CVE-2025-${10_000 + i}`, name, '2.0.0-r0'),
    ...(i === 0 ? CRITICAL : {}),
  }));
  await writeOsvMirror(join(folder, 'mirror'), { Alpine: advisories });
  await writeLifecycles(join(folder, 'lifecycles'), { '3.10': '2099-01-01' });
  const clean = alpine([{ name: 'musl', version: '1.2.4-r0' }]);
  await writeFiles(join(folder, 'allowed/clean'), clean);
  await writeFiles(join(folder, 'elsewhere/clean'), clean);
  await writeFiles(join(folder, 'allowed/unknown'), { 'etc/os-release': 'ID=none\n', 'etc/x': '' });
  const image = await dockerArchive([await tar(alpine(packages))]);
  await writeFile(join(folder, 'allowed/image.tar'), image);
  await writeFile(join(folder, 'elsewhere/image.tar'), image);
  const setuid = { ...clean, 'bin/su': { content: 'su', mode: 0o4755 } };
  await writeFile(join(folder, 'allowed/setuid.tar'), await dockerArchive([await tar(setuid)]));
  await writeFile(join(folder, 'elsewhere/broken.tar'), image.subarray(0, 10_000));
  await writeFile(join(folder, 'elsewhere/slow.tar.gz'), await slowTarball(4_000));
  env = {
    PATH: process.env.PATH,
    HOME: folder,
    PLIMSOLL_DATA_DIR: join(folder, 'data'),
    PLIMSOLL_OSV_SOURCE: join(folder, 'mirror'),
    PLIMSOLL_ENDOFLIFE_SOURCE: join(folder, 'lifecycles'),
    PLIMSOLL_KEV_SOURCE: join(folder, 'nothing'),
    PLIMSOLL_EPSS_SOURCE: join(folder, 'nothing'),
  };
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the command line', () => {
  it('explains itself and its exit codes', async () => {
    for (const args of [['--help'], ['scan', '--help']]) {
      const { code, stdout } = await plimsoll(args);
      expect(code).toBe(0);
      expect(stdout).toContain('Exit codes:');
      expect(stdout).toContain('not everything could be examined');
    }
  });

  it.each([
    [['frobnicate'], 'unknown command'],
    [['scan'], 'missing required argument'],
    [['scan', 'x', '--fail-on', 'severe'], 'Allowed choices are critical, high, medium, low, unknown'],
    [['scan', 'alpine:3.19'], 'docker://alpine:3.19'],
    [['findings', '--severity', 'high,worse'], '"worse" is not one of'],
    [['status', '--server', 'localhost:8080'], 'no address of a service'],
    [['status', '--server', 'http://127.0.0.1:1025'], 'wants a token'],
  ])('refuses %j with 2', async (args, message) => {
    const { code, stderr } = await plimsoll(args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  it('refuses a wrong configuration with 2', async () => {
    const { code, stderr } = await plimsoll(['feeds'], { PLIMSOLL_PORT: 'x', PLIMSOLL_ROLE: 'y' });
    expect(stderr).toMatch(/PLIMSOLL_PORT(.|\n)*PLIMSOLL_ROLE/);
    expect(code).toBe(2);
  });

  it('says with 3 that no service runs', async () => {
    const { code, stderr } = await plimsoll(['status']);
    expect(stderr).toContain('No service runs here');
    expect(code).toBe(3);
  });
});

describe('without a service', () => {
  it('starts one for the length of the command, and leaves nothing running', async () => {
    const first = await plimsoll(['feeds', 'sync']);
    expect(first.stderr).toContain('starting one for this command');
    expect(first.stdout).toContain(`osv: idle, ${MANY} records`);
    expect(first.code).toBe(0);
    const second = await plimsoll(['scan', 'elsewhere/image.tar', '--fail-on', 'critical']);
    expect(second.stdout).toMatch(/^critical {2}49 {4}CVE-2025-10000 {2}lib0 +1\.0\.0-r0 +2\.0\.0-r0/m);
    expect(second.stdout).toContain(`findings: 1 critical, ${MANY - 1} unknown`);
    expect(second.code).toBe(1);
    expect(existsSync(join(folder, 'data/service.json'))).toBe(false);
    expect(existsSync(join(folder, 'data/postgres/data/postmaster.pid'))).toBe(false);
  });

  it('reads what was named also where it is not in PLIMSOLL_IMPORT_DIRS', async () => {
    const { code, stdout } = await plimsoll(['scan', 'rootfs:elsewhere/clean', '--fail-on', 'unknown']);
    expect(stdout).toContain(`rootfs:${join(folder, 'elsewhere/clean')}: findings: none`);
    expect(code).toBe(0);
  });

  it('lets a second command wait for its turn', async () => {
    const outcomes = await Promise.all([plimsoll(['feeds']), plimsoll(['feeds', '--format', 'json'])]);
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0]);
    const { feeds } = JSON.parse(outcomes[1].stdout);
    expect(feeds).toContainEqual(expect.objectContaining({ name: 'endoflife', records: 2 }));
    expect(feeds).toContainEqual(expect.objectContaining({ name: 'osv', records: MANY }));
  });

  it('stops what it started when it is interrupted', async () => {
    const { child, output, done } = startCommand(['scan', 'elsewhere/slow.tar.gz']);
    await expect.poll(() => output.stderr, { timeout: 30_000 }).toMatch(/reading/);
    child.kill('SIGINT');
    expect((await done).code).toBe(130);
    expect(existsSync(join(folder, 'data/service.json'))).toBe(false);
  });
});

describe('with a service', () => {
  let service: ServiceProcess;
  const json = async (args: string[]) => JSON.parse((await plimsoll([...args, '--format', 'json'])).stdout);

  beforeAll(async () => {
    service = await ServiceProcess.start(join(folder, 'data'), {
      PLIMSOLL_ADMIN_TOKEN: '',
      PLIMSOLL_IMPORT_DIRS: join(folder, 'allowed'),
      PLIMSOLL_OSV_SOURCE: join(folder, 'mirror'),
      PLIMSOLL_ENDOFLIFE_SOURCE: join(folder, 'lifecycles'),
      PLIMSOLL_KEV_SOURCE: join(folder, 'nothing'),
      PLIMSOLL_EPSS_SOURCE: join(folder, 'nothing'),
    });
    expect((await plimsoll(['feeds', 'sync'])).code).toBe(0);
  }, 60_000);
  afterAll(async () => {
    expect(await service.end('SIGTERM')).toBe(0);
  });

  it('finds it by the data folder', async () => {
    const { code, stdout } = await plimsoll(['status']);
    expect(stdout).toContain(`${service.url}: ready`);
    expect(stdout).toContain(`feed osv: idle, ${MANY} records, last synced 2`);
    expect(code).toBe(0);
  });

  it('scans in place what the service may read', async () => {
    const { scan, findings } = await json(['scan', 'docker-archive:allowed/image.tar']);
    expect(scan).toMatchObject({
      status: 'succeeded',
      target: { reference: `docker-archive:${join(folder, 'allowed/image.tar')}`, name: null },
    });
    expect(findings).toHaveLength(MANY);
  });

  it('sends a file that the service may not read, under the name it was given', async () => {
    const reference = `docker-archive:${join(folder, 'elsewhere/image.tar')}`;
    const first = await json(['scan', 'docker-archive:elsewhere/image.tar']);
    expect(first.scan.target).toMatchObject({ name: reference, reference: expect.stringMatching(/^upload:/) });
    expect(first.findings).toHaveLength(MANY);
    const second = await json(['scan', 'docker-archive:elsewhere/image.tar']);
    expect(second.scan.target.id).toBe(first.scan.target.id);
    expect((await json(['findings', '--target', reference])).findings).toHaveLength(MANY);
  });

  it('says what to do about a folder that the service may not read', async () => {
    const { code, stderr } = await plimsoll(['scan', 'elsewhere/clean']);
    expect(stderr).toContain(`PLIMSOLL_IMPORT_DIRS=${join(folder, 'elsewhere/clean')}`);
    expect(code).toBe(3);
  });

  it('ends as it would when its output is cut off', async () => {
    const { child, done } = startCommand(['scan', 'docker-archive:allowed/image.tar', '--fail-on', 'critical']);
    child.stdout.destroy();
    const { code, stderr } = await done;
    expect(stderr).not.toContain('EPIPE');
    expect(code).toBe(1);
  });

  it('keeps a registry with a password from standard input, and forgets it', async () => {
    const add = ['registries', 'add', 'Registry.Example', '--mirror', 'mirror.example/hub', '--username', 'alice'];
    const added = await plimsoll(add, {}, 'hunter2\n');
    expect(added).toMatchObject({ code: 0, stdout: 'registry.example: with a password; mirrors mirror.example/hub\n' });
    expect((await plimsoll(['registries', 'add', 'token.example', '--with-token'], {}, 'x')).code).toBe(0);
    const listed = await plimsoll(['registries', 'list', '--format', 'json']);
    expect(JSON.parse(listed.stdout).registries).toMatchObject([
      { host: 'registry.example', authentication: 'basic' },
      { host: 'token.example', authentication: 'token' },
    ]);
    expect(listed.stdout + added.stdout + added.stderr + service.output).not.toContain('hunter2');
    expect((await plimsoll(add, {}, 'hunter3')).stderr).toContain('There are settings for registry.example already');
    expect((await plimsoll(add)).code).toBe(2); // no password
    for (const host of ['registry.example', 'token.example']) {
      expect(await plimsoll(['registries', 'remove', host])).toMatchObject({ code: 0, stdout: `${host}: removed\n` });
    }
    expect((await plimsoll(['registries'])).stdout).toContain('no registries');
    expect((await plimsoll(['registries', 'remove', 'registry.example'])).code).toBe(2);
  });

  it('leaves an image of a registry or of an engine to the service', async () => {
    const blocked = await plimsoll(['scan', 'docker://127.0.0.1:1/app']);
    expect(blocked.stderr).toContain('PLIMSOLL_REGISTRY_ALLOW');
    expect(blocked.code).toBe(3);
    const absent = await plimsoll(['scan', 'docker-daemon:app']);
    expect(absent.stderr).toMatch(/container engine|has no image/);
    expect(absent.code).toBe(3);
  });

  it('shows what controls said of a scan, and of a target’s newest', async () => {
    const { scan } = await json(['scan', 'docker-archive:allowed/setuid.tar']);
    const { stdout, code } = await plimsoll(['controls', scan.id]);
    expect(stdout).toMatch(/^fail +medium +no-setuid-files +1 program has the setuid or setgid bit\.\n {2}\/bin\/su /);
    expect(code).toBe(0);
    const { controls } = await json(['controls', scan.target.reference, '--status', 'fail,manual']);
    expect(controls.map(({ id }: { id: string }) => id)).toEqual(['no-setuid-files', 'trusted-registry']);
    expect((await plimsoll(['controls', 'nothing'])).code).toBe(2);
    expect((await plimsoll(['controls', scan.id, '--status', 'bad'])).code).toBe(2);
    const { findings } = await json(['scan', 'docker-archive:allowed/setuid.tar']);
    expect(findings.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(['no-setuid-files']);
  });

  it('prints the SBOM of a scan, or of a target’s newest, and scans it again', async () => {
    const { scan, findings } = await json(['scan', 'docker-archive:allowed/image.tar']);
    const { stdout, code } = await plimsoll(['sbom', scan.id]);
    expect({ code, format: JSON.parse(stdout).bomFormat }).toEqual({ code: 0, format: 'CycloneDX' });
    const other = join(folder, 'elsewhere/image.spdx.json');
    const args = ['sbom', scan.target.reference, '--format', 'spdx', '--output', other];
    expect(await plimsoll(args)).toMatchObject({ code: 0, stdout: '' });
    await writeFile(join(folder, 'allowed/image.cdx.json'), stdout);
    for (const reference of ['sbom:allowed/image.cdx.json', `sbom:${other}`, other]) {
      expect((await json(['scan', reference])).findings).toHaveLength(findings.length);
    }
    expect((await plimsoll(['sbom', 'nothing'])).code).toBe(2);
    expect((await plimsoll([...args.slice(0, -1), join(folder, 'no/folder')])).code).toBe(2);
  });

  it('takes VEX documents from a file and from standard input, shows and deletes them, and reports OpenVEX', async () => {
    const vex = (name: string, id: string) => ({
      '@context': 'https://openvex.dev/ns/v0.2.0',
      '@id': id,
      author: 'Vendor',
      timestamp: '2024-01-01T00:00:00Z',
      statements: [
        {
          vulnerability: { name },
          products: [{ '@id': 'pkg:apk/alpine/lib1' }],
          status: 'not_affected',
          justification: 'component_not_present',
        },
        { vulnerability: {} },
      ],
    });
    await plimsoll(['scan', join(folder, 'allowed/image.tar')]);
    await writeFile(join(folder, 'vendor.json'), JSON.stringify(vex('CVE-2025-10001', 'v1')));
    const imported = await plimsoll(['vex', 'import', 'vendor.json']);
    expect(imported.code).toBe(0);
    expect(imported.stdout).toMatch(
      /openvex {2}v1 by Vendor of 2024-01-01T00:00:00.000Z, 1 statement\nimported; findings: [1-9]\d* suppressed, 0 restored.*NOT READ: 1 statement\n {2}statements.1: /s,
    );
    const piped = await plimsoll(
      ['vex', 'import', '-', '--format', 'json'],
      {},
      JSON.stringify(vex('CVE-2025-10002', 'v2')),
    );
    const { document } = JSON.parse(piped.stdout);
    expect((await plimsoll(['vex', 'list'])).stdout).toMatch(/v2 by Vendor.*\n.*v1 by Vendor/);
    expect((await plimsoll(['vex', 'show', document.id])).stdout).toMatch(
      /CVE-2025-10002 {2}not_affected {2}component_not_present; .*\n {2}pkg:apk\/alpine\/lib1/,
    );
    const suppressed = JSON.parse(
      (await plimsoll(['findings', '--status', 'suppressed', '--format', 'json'])).stdout,
    ).findings;
    expect(suppressed.every(({ ruleId }: { ruleId: string }) => ruleId === 'CVE-2025-10001')).toBe(true);
    const why = await plimsoll(['why', suppressed[0].id]);
    expect(why.stdout).toContain('VEX: not affected: component_not_present (Vendor, v1, 2024-01-01T00:00:00.000Z)');
    const report = await plimsoll(['report', suppressed[0].target.reference, '--format', 'openvex']);
    expect(JSON.parse(report.stdout)).toMatchObject({ '@context': 'https://openvex.dev/ns/v0.2.0' });
    for (const { id } of JSON.parse((await plimsoll(['vex', 'list', '--format', 'json'])).stdout).documents) {
      expect((await plimsoll(['vex', 'delete', id])).stdout).toMatch(/^deleted; findings: 0 suppressed, \d+ restored/);
    }
    expect((await plimsoll(['vex', 'list'])).stdout).toBe('no VEX documents\n');
    expect((await plimsoll(['vex', 'import', 'missing.json'])).code).toBe(2);
    expect((await plimsoll(['vex', 'import', '-'], {}, 'no JSON')).code).toBe(3);
    expect((await plimsoll(['vex', 'show', 'x'])).stderr).toContain('There is no VEX document');
  });

  it('explains a finding, shows an advisory, and matches packages from the line and from standard input', async () => {
    const { findings } = await json(['scan', 'docker-archive:allowed/image.tar']);
    const [{ id }] = findings.filter(({ ruleId }: { ruleId: string }) => ruleId === 'CVE-2025-10000');
    const why = await plimsoll(['why', id]);
    expect(why.stdout).toMatch(
      /^CVE-2025-10000 {2}open, judged 2.*\nlib0 1\.0\.0-r0 is affected .*1\.0\.0-r0 < 2\.0\.0-r0/,
    );
    expect(why.stdout).toMatch(
      /^risk: 49 of 100 = \(severity .* \+ exploitation 5 \+ known to be exploited 0\) × exposure 0\.9$/m,
    );
    expect(why.stdout).toContain('decided: ALPINE-CVE-2025-10000  osv/Alpine  says affected');
    expect((await json(['why', id])).findingId).toBe(id);
    expect((await plimsoll(['why', 'nothing'])).code).toBe(3);

    const advisory = await plimsoll(['advisory', 'cve-2025-10001']);
    expect(advisory.stdout).toContain('Alpine:v3.10  lib1  introduced 0, fixed 2.0.0-r0');
    expect(JSON.parse((await plimsoll(['advisory', 'cve-2025-10001', '--json'])).stdout).id).toBe('CVE-2025-10001');
    expect((await plimsoll(['advisory', 'CVE-1999-1'])).stderr).toContain('check it');

    const purls = ['pkg:apk/alpine/lib0@1.0.0-r0?distro=3.10', 'pkg:apk/alpine/lib0@2.0.0-r0?distro=3.10', 'lib0'];
    const { code, stdout } = await plimsoll(['match', ...purls]);
    expect(stdout.split('\n').slice(0, 5)).toEqual([
      `${purls[0]}  critical  risk 54  CVE-2025-10000  fixed in 2.0.0-r0  CVE-2025-10000 in lib0`,
      `${purls[1]}  no known vulnerabilities`,
      'lib0  invalid: Expected a package URL, as pkg:npm/lodash@4.17.15.',
      '',
      'packages: 3, vulnerabilities: 1',
    ]);
    expect(code).toBe(0);
    const input = `# comment\n${purls.join('\r\n')}\n\n`;
    const piped = await plimsoll(['match', '--json'], {}, input);
    expect(JSON.parse(piped.stdout).items.map(({ purl }: { purl: string }) => purl)).toEqual(purls);
    const unknown = await plimsoll(['match', 'pkg:npm/lodash@1.0.0']);
    expect(unknown.stdout).toMatch(/unmatched: No feed has advisories for npm.*NOT FULLY MATCHED/s);
    expect((await plimsoll(['match'], {}, '')).code).toBe(2);
  });

  it('says so when a feed fails, and fails itself for the advisories, or the feed that was asked for', async () => {
    await rm(join(folder, 'lifecycles'), { recursive: true });
    const all = await plimsoll(['feeds', 'sync']);
    expect(all.stdout).toContain('the last sync failed');
    expect([all.code, (await plimsoll(['feeds', 'sync', 'endoflife'])).code]).toEqual([0, 3]);
  });

  it('filters findings', async () => {
    const { stdout, code } = await plimsoll(['findings', '--severity', 'critical']);
    expect(stdout).toMatch(/CVE-2025-10000/);
    expect(stdout).not.toMatch(/CVE-2025-10001/);
    expect(code).toBe(0);
    expect((await plimsoll(['findings', '--target', 'nothing'])).code).toBe(2);
  });

  it('never takes a partial scan for a clean one', async () => {
    const args = ['scan', 'allowed/unknown', '--fail-on', 'critical'];
    const { code, stdout } = await plimsoll(args);
    expect(stdout).toContain('NOT FULLY EXAMINED');
    expect(code).toBe(4);
    expect((await plimsoll([...args, '--allow-partial'])).code).toBe(0);
    expect((await plimsoll(['scan', 'allowed/unknown'])).code).toBe(0);
  });

  it('ends with 3 for a scan that failed, a file that is missing, a token that is wrong, a service that is away', async () => {
    const broken = await plimsoll(['scan', 'docker-archive:elsewhere/broken.tar']);
    expect(broken.stderr).toContain('The scan failed');
    expect(broken.code).toBe(3);
    const missing = await plimsoll(['scan', 'docker-archive:allowed/missing.tar']);
    expect(missing.stderr).toContain('missing.tar cannot be read');
    expect(missing.code).toBe(2);
    const wrong = await plimsoll(['findings', '--server', service.url, '--token', 'wrong']);
    expect(wrong.stderr).toContain('does not accept the token');
    expect(wrong.code).toBe(3);
  });

  it('cancels its scan when it is interrupted', async () => {
    const { child, output, done } = startCommand(['scan', 'elsewhere/slow.tar.gz', '--name', 'interrupted']);
    await expect.poll(() => output.stderr, { timeout: 30_000 }).toMatch(/reading/);
    child.kill('SIGTERM');
    const { code, stderr } = await done;
    expect(stderr).toMatch(/scan \S+ is cancelled/);
    expect(code).toBe(130);
  });

  it('tells an unreachable service from a refusal', async () => {
    const args = ['feeds', 'sync', 'osv', '--server', 'http://127.0.0.1:1025', '--token', 'x'];
    const { code, stderr } = await plimsoll(args);
    expect(stderr).toContain('cannot be reached (ECONNREFUSED)');
    expect(code).toBe(3);
  });
});
