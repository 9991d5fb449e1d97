import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectHostCommand } from '../../src/cli/collect-host.command.js';
import type { HostFacts } from '../../src/model/host/host-facts.js';
import type { LogMatch } from '../../src/model/host/log-match.js';
import { writeFacts } from '../../src/source/host/facts-file.js';
import { DockerEngine, ENGINE_PARTS } from '../support/docker-engine.js';
import { bind, container, engine, hostFacts, knownFact, network } from '../support/host-facts.js';
import { haveParts } from '../support/real-parts.js';
import { startTestApp, type TestApp } from './app.js';
import { controlsOf, findings, GOOD, get, MUSL, prepareService, scan, service } from './scanned-archive.js';

prepareService();

const SHA = `sha256:${'5'.repeat(64)}`;

const scanHost = (reference: string, of: TestApp = service, name?: string) =>
  of.scan(reference, { target: { kind: 'host', reference, ...(name && { name }) } });

/** The root of a host that has an old package, and lets root log in. */
async function madeRoot(name: string): Promise<string> {
  const root = join(service.importDir, name);
  const files: Record<string, string> = {
    ...(MUSL('1.1.22-r3') as Record<string, string>),
    'etc/passwd': 'root:x:0:0::/root:/bin/ash\n',
    'etc/shadow': 'root:!:19000::::::\n',
    'etc/group': 'root:x:0:\n',
    'etc/hostname': 'made\n',
    'etc/ssh/sshd_config': 'PermitRootLogin yes\n',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

const short = (list: { ruleId: string; status: string; location: { resource: string } | null }[]) =>
  list.map(({ ruleId, status, location }) => `${ruleId} ${location?.resource ?? ''} ${status}`).sort();

async function writeHost(name: string, of: Partial<HostFacts>): Promise<string> {
  const path = join(service.importDir, name);
  await writeFile(path, writeFacts(hostFacts(of)));
  return `facts:${path}`;
}

describe('the root of a host', () => {
  it('gives vulnerabilities, controls and benchmarks, and says what it does not tell', async () => {
    const root = await madeRoot('root');
    const done = await scanHost(`root:${root}`);
    expect(done).toMatchObject({ status: 'partial', error: null, target: { kind: 'host' } });
    expect((await findings(done.id, 'vulnerability')).map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual([
      'CVE-2024-1',
    ]);
    const controls = await controlsOf(done.id);
    expect(controls['sshd-no-root-login']).toMatchObject({ status: 'fail' });
    expect(controls['container-not-privileged']).toMatchObject({ status: 'undetermined' });
    const missing = done.coverage.items.filter(({ code }: { code: string }) => code === 'facts_missing');
    const subjects = missing.map(({ subject }: { subject: string }) => subject);
    expect(subjects).toEqual(expect.arrayContaining(['engine', 'firewall', 'logMatches']));
    expect(subjects).not.toContain('packages');
    for (const name of ['cis-docker', 'nist-800-190', 'pci-dss-4']) {
      const report = await get(`/v1/scans/${done.id}/benchmarks/${name}`);
      expect(report.items.length).toBeGreaterThan(0);
    }
    expect((await get(`/v1/scans/${done.id}/packages`)).items).toHaveLength(1);
  });

  it('gives the same as the file that plimsoll collect host wrote of it, sent or read where it is', async () => {
    const root = await madeRoot('collected');
    const path = join(service.importDir, 'facts.json');
    const options = { root, output: path, engine: false };
    expect(await collectHostCommand(options, new AbortController().signal)).toBe(0);
    const upload = await service.request('POST', '/v1/uploads?filename=facts.json', await readFile(path, 'utf8'), {
      'content-type': 'application/octet-stream',
    });
    expect(upload.status).toBe(201);
    const judged = async (reference: string, name?: string) => {
      const done = await scanHost(reference, service, name);
      expect(done.error).toBeNull();
      const found = (await get(`/v1/scans/${done.id}/findings?limit=500`)).items;
      return found.map(({ kind, ruleId }: { kind: string; ruleId: string }) => `${kind} ${ruleId}`).sort();
    };
    const expected = await judged(`root:${root}`);
    expect(expected).toContain('vulnerability CVE-2024-1');
    expect(await judged(`facts:${path}`)).toEqual(expected);
    expect(await judged(`upload:${upload.body.id}`, 'made')).toEqual(expected);
  });
});

describe('references of hosts', () => {
  it.each([
    ['docker:unix:///run/other.sock', 'address_not_allowed'],
    ['docker:tcp://127.0.0.1:6379', 'address_not_allowed'],
    ['docker://alpine', 'unknown_reference_form'],
    ['root:/', 'path_not_allowed'],
    ['facts:/etc/passwd', 'path_not_allowed'],
  ])('refuse %s', async (reference, code) => {
    const { body } = await service.request('POST', '/v1/scans', { target: { kind: 'host', reference } });
    expect(body.code).toBe(code);
  });

  it.each([
    ['an image', '{"config":{}}'],
    ['a newer form', '{"plimsollHostFacts":99}'],
    ['rubbish', '\u0000\u0001'],
    ['facts that are not', '{"plimsollHostFacts":1,"engine":{"known":true,"value":[],"gaps":[]}}'],
  ])('fail with a clear code for a facts file that is %s', async (_, text) => {
    const path = join(service.importDir, 'hostile.json');
    await writeFile(path, text);
    expect(await scanHost(`facts:${path}`)).toMatchObject({ status: 'failed', error: { code: 'facts_invalid' } });
  });

  it('fail where no engine answers', async () => {
    const lonely = await startTestApp({ dockerHost: { kind: 'unix', path: '/nonexistent/docker.sock' } });
    try {
      const done = await scanHost('docker:unix:///nonexistent/docker.sock', lonely);
      expect(done).toMatchObject({ status: 'failed', error: { code: 'daemon_unreachable' } });
    } finally {
      await lonely.close();
    }
  });
});

describe('containers of a host', () => {
  const published = [{ containerPort: 80, protocol: 'tcp' as const, hostAddress: '0.0.0.0', hostPort: 80 }];
  const bad = (name: string) =>
    container(name, { on: ['n'], ports: published, mounts: [bind('/var/run/docker.sock')] });
  const log = (containerName: string) => ({
    ruleId: 'shell',
    title: 'A shell was started',
    severity: 'high' as const,
    containerId: `id-${containerName}`,
    containerName,
    count: 2,
    firstAt: null,
    lastAt: null,
    excerpt: 'sh -i',
  });
  const host = (names: string[], ...gaps: string[]): Partial<HostFacts> => ({
    engine: knownFact(engine(names.map(bad), [network('n')]), ...gaps),
    logMatches: knownFact(names.map(log), ...gaps),
  });

  it('have findings each, that close and open again with them, and stay where they could not be looked for', async () => {
    const reference = await writeHost('containers.json', host(['a', 'b']));
    const first = await scanHost(reference);
    const of = async (kind: string) => findings(first.id, kind);
    const takeover = 'host-takeover-from-outside';
    expect(short(await of('exposure'))).toEqual([`${takeover} container/a open`, `${takeover} container/b open`]);
    expect(short(await of('runtime'))).toEqual(['shell container/a open', 'shell container/b open']);
    const [exposure] = await of('exposure');
    const why = await get(`/v1/findings/${exposure.id}/why`);
    expect(why.evidence.map(({ value }: { value: string }) => value).join()).toContain('engine socket');
    expect(why.remediation).toContain('Take from');

    const second = await scanHost(await writeHost('containers.json', host(['b'])));
    expect(second.error).toBeNull();
    expect(short(await of('exposure'))).toContain(`${takeover} container/a fixed`);
    expect(short(await of('runtime'))).toContain('shell container/a fixed');
    expect(short(await of('misconfiguration'))).toEqual(
      expect.arrayContaining([
        'container-no-engine-socket container/a fixed',
        'container-no-engine-socket container/b open',
      ]),
    );

    // A container that is gone takes what happened in it along; the log of the other could not be read.
    const unread = { ...host(['a', 'b']), logMatches: knownFact(['a', 'b'].map(log)) };
    await scanHost(await writeHost('containers.json', unread));
    const silent = knownFact<LogMatch[]>([], 'The log of container b could not be read.');
    await scanHost(await writeHost('containers.json', { ...host(['b']), logMatches: silent }));
    expect(short(await of('runtime'))).toEqual(['shell container/a fixed', 'shell container/b open']);

    await scanHost(await writeHost('containers.json', host([], 'One could not be read.')));
    expect(short(await of('exposure'))).toContain(`${takeover} container/b open`);
    expect(short(await of('runtime'))).toContain('shell container/b open');
    await scanHost(await writeHost('containers.json', {}));
    expect(short(await of('exposure'))).toContain(`${takeover} container/b open`);

    await scanHost(await writeHost('containers.json', host(['a', 'b'])));
    expect(short(await of('exposure'))).toEqual([`${takeover} container/a open`, `${takeover} container/b open`]);
  });
});

describe('what runs on a host', () => {
  it('is listed with what is known of its images, by digest or name', async () => {
    const built = await scan('running.tar', MUSL('1.1.22-r3'), GOOD);
    await service.database.query(`UPDATE scan SET digests = ARRAY[$2] WHERE id = $1`, [built.id, SHA]);
    const containers = [
      container('audited', { on: ['n'], imageDigests: [`shop/app@${SHA}`] }),
      container('stranger', { on: ['n'], image: 'shop/other:1' }),
    ];
    const facts = { engine: knownFact(engine(containers, [network('n')])) };
    const { id } = await scanHost(await writeHost('running.json', facts));
    const { items } = await get(`/v1/scans/${id}/containers`);
    expect(items).toMatchObject([
      { name: 'audited', exploitable: true, audit: { matchedBy: 'digest', vulnerabilities: 1 } },
      { name: 'stranger', exploitable: null, audit: null },
    ]);
    const names = async (query: string) =>
      (await get(`/v1/scans/${id}/containers?${query}`)).items.map(({ name }: { name: string }) => name);
    expect(await names('exploitable=true')).toEqual(['audited']);
    expect(await names('exploitable=unknown')).toEqual(['stranger']);
    expect(await names('exploitable=false')).toEqual([]);
    const page = await get(`/v1/scans/${id}/containers?limit=1`);
    expect(await names(`limit=1&cursor=${page.nextCursor}`)).toEqual(['stranger']);
    expect((await get(`/v1/scans/${id}/containers?exploitable=maybe`)).code).toBe('invalid_request');
    const query = `{ scan(id: "${id}") { containers(exploitable: true) { nodes { name audit { vulnerabilities } } }
      graph { nodes { id } edges { from to kind via } gaps } } }`;
    const { data } = (await service.request('POST', '/graphql', { query })).body;
    expect(data.scan.containers.nodes).toEqual([{ name: 'audited', audit: { vulnerabilities: 1 } }]);
    expect(data.scan.graph).toMatchObject({ nodes: expect.arrayContaining([{ id: 'container/audited' }]), gaps: [] });
    expect(data.scan.graph.edges).toEqual((await get(`/v1/scans/${id}/graph`)).edges);
    const text = await service.request('GET', `/v1/scans/${id}/graph?format=dot`);
    expect(text.headers.get('content-type')).toContain('graphviz');
  });

  it('is not said to be nothing where it is not known', async () => {
    const host = await scanHost(await writeHost('silent.json', {}));
    expect((await get(`/v1/scans/${host.id}/containers`)).code).toBe('inventory_missing');
    expect(await get(`/v1/scans/${host.id}/graph`)).toEqual({ nodes: [], edges: [], gaps: ['Nobody looked.'] });
    const image = await scan('image.tar', MUSL('1.1.22-r3'), GOOD);
    expect((await get(`/v1/scans/${image.id}/graph`)).code).toBe('inventory_missing');
  });
});

describe.skipIf(!haveParts('a real Docker Engine', ENGINE_PARTS, true))('a real Docker Engine', () => {
  it('is audited over its socket, alone and with the root of its host, and over TLS', async () => {
    const real = await DockerEngine.start();
    const dockerHost = { kind: 'unix' as const, path: real.socket };
    const alone = await startTestApp({ dockerHost });
    const both = await startTestApp({ dockerHost, hostRoot: await madeRoot('mounted') });
    try {
      const reference = `docker:unix://${real.socket}`;
      const done = await scanHost(reference, alone);
      expect(done.error).toBeNull();
      const subjects = done.coverage.items.map(({ subject }: { subject: string }) => subject);
      expect(subjects).toContain('packages');
      expect(subjects).not.toContain('engine');
      const merged = await scanHost(reference, both);
      expect(merged.error).toBeNull();
      const covered = merged.coverage.items.map(({ subject }: { subject: string }) => subject);
      expect(covered).not.toContain('packages');
      expect(covered).not.toContain('engine');

      const dockerCertPath = join(service.importDir, 'certs');
      await mkdir(dockerCertPath);
      const { caFile, certFile, keyFile } = real.certificates;
      await copyFile(caFile, join(dockerCertPath, 'ca.pem'));
      await copyFile(certFile, join(dockerCertPath, 'cert.pem'));
      await copyFile(keyFile, join(dockerCertPath, 'key.pem'));
      const address = { kind: 'tcp' as const, host: '127.0.0.1', port: real.port };
      const mounted = await madeRoot('elsewhere');
      const remote = await startTestApp({ dockerHosts: [address], dockerCertPath, hostRoot: mounted });
      try {
        const far = await scanHost(`docker:tcp://127.0.0.1:${real.port}`, remote);
        expect(far.error).toBeNull();
        // The root that is mounted here is not the one of an engine elsewhere.
        expect(far.coverage.items.map(({ subject }: { subject: string }) => subject)).toContain('packages');
      } finally {
        await remote.close();
      }
    } finally {
      await alone.close();
      await both.close();
      await real.stop();
    }
  });
});
