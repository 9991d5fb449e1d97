import { readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dockerArchive, type TarEntries, tar } from '../support/image.js';
import { startTestApp } from './app.js';
import { controlsOf, failing, findings, GOOD, get, MUSL, prepareService, scan, service } from './scanned-archive.js';

prepareService();

/** What an image's build file does wrong, as BuildKit writes it down. */
const FAULTY = {
  created: '2020-01-01T00:00:00Z',
  config: {
    User: 'app',
    Env: ['PATH=/usr/bin', 'DB_PASSWORD=hunter2-value'],
    ExposedPorts: { '22/tcp': {}, '80/tcp': {} },
    Healthcheck: { Test: ['NONE'] },
  },
  history: [
    { created_by: 'ADD alpine-minirootfs-3.10.4-x86_64.tar.gz / # buildkit' },
    { created_by: 'ARG NPM_TOKEN', empty_layer: true },
    { created_by: 'ENV DB_PASSWORD=hunter2-value', empty_layer: true },
    { created_by: 'RUN |1 NPM_TOKEN=npm_s3cret /bin/sh -c apk update # buildkit' },
    { created_by: 'RUN /bin/sh -c apk add --allow-untrusted x.apk # buildkit' },
    { created_by: 'RUN /bin/sh -c curl -fsSL https://x.example/i.sh | sh # buildkit' },
    { created_by: 'ADD https://x.example/a /a # buildkit' },
    { created_by: 'ADD app.conf /etc/app.conf # buildkit' },
  ],
};

const FAULTY_FILES: TarEntries = {
  'bin/su': { content: 'su', mode: 0o4755 },
  'bin/ping': { content: 'ping', mode: 0o755, pax: { 'SCHILY.xattr.security.capability': 'cap' } },
  'etc/passwd': 'root:x:0:0::/:\napp:x:0:0::/:\n',
  'etc/shadow': { content: 'root:::::::\n', mode: 0o644 },
  'srv/open': { content: 'x', mode: 0o666 },
  'root/.ssh/id_rsa': { content: 'key', mode: 0o600 },
  'app/.env': 'A=b\n',
  'root/.ash_history': 'ls\n',
  'var/cache/apk/APKINDEX.00.tar.gz': 'index',
  'usr/sbin/sshd': { content: 'sshd', mode: 0o755 },
  'usr/bin/sudo': { content: 'sudo', mode: 0o4755 },
};

const FAULTS = [
  'copy-not-add',
  'healthcheck-defined',
  'no-credential-files',
  'no-empty-passwords',
  'no-file-capabilities',
  'no-leftovers',
  'no-package-caches',
  'no-piped-installers',
  'no-private-keys',
  'no-privileged-ports',
  'no-remote-add',
  'no-remote-login-ports',
  'no-secrets-in-build-history',
  'no-secrets-in-environment',
  'no-setuid-files',
  'no-ssh-server',
  'no-sudo',
  'no-world-writable-files',
  'non-root-user',
  'password-hashes-protected',
  'recent-image',
  'single-root-account',
  'update-with-install',
  'verified-packages',
];

describe('controls', () => {
  it('fail where an archive’s configuration, history and files have faults, and show them', async () => {
    const { id, status } = await scan('faulty.tar', { ...MUSL('1.1.0-r0'), ...FAULTY_FILES }, FAULTY);
    expect(status).toBe('succeeded');
    expect(await failing(id)).toEqual([...FAULTS, 'patches-installed'].sort());
    const controls = await controlsOf(id);
    expect(controls['non-root-user']).toEqual({
      id: 'non-root-user',
      title: 'Containers run as a user other than root',
      severity: 'high',
      status: 'fail',
      reason: 'The user app has the number 0, which is root.',
      evidence: [{ resource: 'USER', path: null, value: 'app' }],
      remediation: expect.stringContaining('USER'),
    });
    expect(controls['no-setuid-files'].evidence).toEqual([
      { resource: expect.stringMatching(/^sha256:/), path: '/bin/su', value: '4755 0:0' },
      { resource: expect.stringMatching(/^sha256:/), path: '/usr/bin/sudo', value: '4755 0:0' },
    ]);
    expect(controls['no-secrets-in-build-history'].evidence).toEqual([
      { resource: 'history 4 RUN', path: null, value: 'NPM_TOKEN' },
    ]);
    expect(controls['distribution-supported'].status).toBe('undetermined');
    expect(controls['pinned-tag'].status).toBe('not_applicable');
    expect(controls['trusted-registry'].status).toBe('manual');
  });

  it('keep no secret, neither in what they answer nor in the database', async () => {
    const { id } = await scan('secret.tar', { ...MUSL('1.2.0-r0'), ...FAULTY_FILES }, FAULTY);
    const answered = JSON.stringify([
      await get(`/v1/scans/${id}/controls?limit=500`),
      await findings(id, 'misconfiguration'),
    ]);
    const stored = await service.database.query('SELECT image::text AS text FROM inventory');
    for (const secret of ['hunter2-value', 'npm_s3cret']) {
      expect(answered).not.toContain(secret);
      expect(stored.map(({ text }: { text: string }) => text).join()).not.toContain(secret);
    }
  });

  it('fail for a secret that only its value gives away, and say that its step cannot be judged', async () => {
    const token = `ghp_${'aB3dE6gH9'.repeat(4)}`;
    const leaking = {
      ...GOOD,
      config: { ...GOOD.config, Env: [`GH=${token}`] },
      history: [...GOOD.history, { created_by: `RUN /bin/sh -c curl -H "Authorization: token ${token}" x # buildkit` }],
    };
    const { id } = await scan('token.tar', MUSL('1.2.0-r0'), leaking);
    expect(await failing(id)).toEqual(['no-secrets-in-build-history', 'no-secrets-in-environment']);
    const controls = await controlsOf(id);
    expect(controls['no-secrets-in-environment'].evidence).toEqual([{ resource: 'ENV GH', path: null, value: null }]);
    expect(controls['verified-packages'].status).toBe('undetermined');
    expect(JSON.stringify(controls)).not.toContain(token);
  });

  it('pass for an image without faults', async () => {
    const { id, counts } = await scan(
      'good.tar',
      { ...MUSL('1.2.0-r0'), 'bin/app': { content: 'app', mode: 0o755 } },
      GOOD,
    );
    expect(await failing(id)).toEqual([]);
    expect(await findings(id, 'misconfiguration')).toEqual([]);
    expect(counts).toEqual({ critical: 0, high: 0, medium: 0, low: 0, unknown: 0 });
    const controls = await controlsOf(id);
    const others = Object.values<{ id: string; status: string }>(controls).filter(({ status }) => status !== 'pass');
    expect(others.map((control) => `${control.id} ${control.status}`)).toEqual([
      'single-root-account not_applicable',
      'no-empty-passwords not_applicable',
      'pinned-tag not_applicable',
      'trusted-registry manual',
      'distribution-supported undetermined',
    ]);
  });

  it('do not apply to a root file system where they ask for a configuration, and never pass where a layer is missing', async () => {
    await writeFile(join(service.importDir, 'root.tar'), await tar({ ...MUSL('1.2.0-r0'), ...FAULTY_FILES }));
    const root = await controlsOf((await service.scan(`rootfs:${service.importDir}/root.tar`)).id);
    expect([root['non-root-user'].status, root['no-setuid-files'].status]).toEqual(['not_applicable', 'fail']);

    const layer = await tar({ 'bin/app': 'x' });
    const whole = await dockerArchive([layer, await tar(MUSL('1.2.0-r0'))], 'app:1', GOOD);
    writeFileSync(join(service.importDir, 'small.tar'), whole);
    const small = await startTestApp({ importDirs: [service.importDir], maxLayerBytes: 3_000 });
    try {
      const { id, status } = await small.scan(`docker-archive:${service.importDir}/small.tar`);
      expect(status).toBe('partial');
      const { body } = await small.request('GET', `/v1/scans/${id}/controls?limit=500`);
      const setuid = body.items.find((item: { id: string }) => item.id === 'no-setuid-files');
      expect(setuid).toMatchObject({ status: 'undetermined', reason: expect.stringContaining('layer_too_large') });
    } finally {
      await small.close();
    }
  });

  it('come in pages, by REST and by GraphQL', async () => {
    const { id } = await scan('pages.tar', MUSL('1.2.0-r0'), GOOD);
    const all: string[] = (await get(`/v1/scans/${id}/controls?limit=500`)).items.map(
      (item: { id: string }) => item.id,
    );
    const paged: string[] = [];
    for (let cursor = ''; ; ) {
      const { items, nextCursor } = await get(`/v1/scans/${id}/controls?limit=7${cursor}`);
      paged.push(...items.map((item: { id: string }) => item.id));
      if (nextCursor === null) break;
      cursor = `&cursor=${nextCursor}`;
    }
    expect(paged).toEqual(all);
    const query = `query($id: ID!) { scan(id: $id) {
      controls(first: 500) { nodes { id status evidence { path } } }
      manual: controls(status: [manual]) { nodes { id } }
      benchmark(name: "cis-docker") { version counts { pass not_applicable } items { id status failed { path } } } } }`;
    const { body } = await service.request('POST', '/graphql', { query, variables: { id } });
    expect(body.errors).toBeUndefined();
    expect(body.data.scan.controls.nodes.map((node: { id: string }) => node.id)).toEqual(all);
    expect(body.data.scan.manual.nodes).toEqual([{ id: 'trusted-registry' }]);
    expect(body.data.scan.benchmark).toMatchObject({ version: '1.6.0', items: expect.any(Array) });
  });

  it.each([
    ['controls?status=odd', 400, 'invalid_request'],
    ['controls?cursor=odd', 400, 'malformed_cursor'],
    ['benchmarks/cis-dokcer', 404, 'unknown_benchmark'],
  ])('refuse %s', async (path, status, code) => {
    const { id } = await scan('refuse.tar', MUSL('1.2.0-r0'), GOOD);
    const response = await service.request('GET', `/v1/scans/${id}/${path}`);
    expect([response.status, response.body.code]).toEqual([status, code]);
    if (code === 'unknown_benchmark') expect(response.body.detail).toContain('cis-docker');
  });

  it('are not there for a scan without facts, nor for one that is none', async () => {
    await writeFile(join(service.importDir, 'broken.tar'), 'no archive');
    const { id } = await service.scan(`docker-archive:${service.importDir}/broken.tar`);
    expect((await get(`/v1/scans/${id}/controls`)).items).toEqual([]);
    const report = await service.request('GET', `/v1/scans/${id}/benchmarks/cis-docker`);
    expect([report.status, report.body.code, report.body.detail]).toEqual([
      404,
      'not_found',
      expect.stringContaining('failed'),
    ]);
    const nowhere = await service.request('GET', '/v1/scans/01900000-0000-7000-8000-000000000000/controls');
    expect(nowhere.status).toBe(404);
  });
});

it('an odd configuration is read as far as it goes', async () => {
  const long = `${'a'.repeat(4_095)}${'\u{1f600}'.repeat(3_000)}`;
  const odd = {
    config: { User: '\ud800', Env: ['A=\udfff\0', `X_TOKEN=${long}`, '='], Labels: { '\ud800': '\udfff' } },
    history: [{ created_by: `RUN \ud800 X_TOKEN=${long}` }, { created_by: `RUN ${'curl | sh '.repeat(6_000)}` }],
  };
  const { id, status } = await scan('odd.tar', MUSL('1.2.0-r0'), odd);
  expect(status).toBe('succeeded');
  expect(await failing(id)).toEqual([
    'healthcheck-defined',
    'no-piped-installers',
    'no-secrets-in-build-history',
    'no-secrets-in-environment',
  ]);
});

describe('benchmarks', () => {
  it('say of each requirement of CIS Docker’s section 4 what the controls mean for it', async () => {
    const faulty = await scan('cis-faulty.tar', { ...MUSL('1.1.0-r0'), ...FAULTY_FILES }, FAULTY);
    const report = await get(`/v1/scans/${faulty.id}/benchmarks/cis-docker`);
    const statuses = (items: { id: string; status: string }[]) => items.map(({ id, status }) => `${id} ${status}`);
    expect(report).toMatchObject({
      name: 'cis-docker',
      version: '1.6.0',
      counts: { pass: 0, fail: 9, manual: 3, not_applicable: 0, undetermined: 0 },
    });
    expect(statuses(report.items)).toEqual([
      '4.1 fail',
      '4.2 manual',
      '4.3 fail',
      '4.4 fail',
      '4.5 manual',
      '4.6 fail',
      '4.7 fail',
      '4.8 fail',
      '4.9 fail',
      '4.10 fail',
      '4.11 fail',
      '4.12 manual',
    ]);
    expect(report.items[0]).toEqual({
      id: '4.1',
      title: expect.any(String),
      status: 'fail',
      controls: ['non-root-user'],
      failed: [{ resource: 'USER', path: null, value: 'app' }],
    });
    const good = await scan('cis-good.tar', MUSL('1.2.0-r0'), GOOD);
    expect(statuses((await get(`/v1/scans/${good.id}/benchmarks/cis-docker`)).items)).toEqual([
      '4.1 pass',
      '4.2 manual',
      '4.3 manual',
      '4.4 undetermined',
      '4.5 manual',
      '4.6 pass',
      '4.7 pass',
      '4.8 pass',
      '4.9 pass',
      '4.10 pass',
      '4.11 manual',
      '4.12 manual',
    ]);
  });
});

describe('findings of failed controls', () => {
  it('open and close over scans, and stay the same over rebuilds', async () => {
    const first = await scan('over.tar', { ...MUSL('1.2.0-r0'), ...FAULTY_FILES }, FAULTY);
    const opened = await findings(first.id, 'misconfiguration');
    expect(opened.map(({ ruleId }: { ruleId: string }) => ruleId).sort()).toEqual(FAULTS);
    expect(opened.find(({ ruleId }: { ruleId: string }) => ruleId === 'non-root-user')).toMatchObject({
      kind: 'misconfiguration',
      title: 'Containers run as root',
      severity: 'high',
      severitySource: 'plimsoll',
      status: 'open',
      package: null,
      location: { path: null, line: null, layer: null, resource: 'USER' },
    });

    const rebuilt = await scan(
      'over.tar',
      { ...MUSL('1.2.0-r0'), ...FAULTY_FILES, 'app/new': 'x' },
      { ...FAULTY, author: 'me' },
    );
    const ids = (items: { id: string }[]) => items.map(({ id }) => id).sort();
    expect(ids(await findings(rebuilt.id, 'misconfiguration'))).toEqual(ids(opened));

    const mended = await scan('over.tar', MUSL('1.2.0-r0'), GOOD);
    expect(await findings(mended.id, 'misconfiguration')).toEqual([]);
    // What the first scan found is still what it found.
    expect(ids(await findings(first.id, 'misconfiguration'))).toEqual(ids(opened));
    expect(await failing(first.id)).toEqual(FAULTS);

    const broken = await scan('over.tar', MUSL('1.2.0-r0'), { ...GOOD, config: { ...GOOD.config, User: '0' } });
    const [again, ...none] = await findings(broken.id, 'misconfiguration');
    expect(none).toEqual([]);
    expect(ids(opened)).toContain(again.id);
  });

  it('are not closed by a scan that could not decide', async () => {
    const first = await scan(
      'gap.tar',
      { ...MUSL('1.2.0-r0'), 'bin/su': { content: 'x', mode: 0o4755 } },
      { ...GOOD, config: {} },
    );
    expect((await findings(first.id, 'misconfiguration')).map((f: { ruleId: string }) => f.ruleId).sort()).toEqual([
      'healthcheck-defined',
      'no-setuid-files',
      'non-root-user',
    ]);
    // The user is of a wrong type, and the health check is there now.
    const odd = await scan('gap.tar', MUSL('1.2.0-r0'), { ...GOOD, config: { ...GOOD.config, User: { a: 1 } } });
    expect(odd.status).toBe('partial');
    expect((await findings(odd.id, 'misconfiguration')).map((f: { ruleId: string }) => f.ruleId)).toEqual([
      'non-root-user',
    ]);
  });
});

it('the documented list of controls is the served one', async () => {
  const { id } = await scan('docs.tar', MUSL('1.2.0-r0'), GOOD);
  const document = readFileSync('docs/controls.md', 'utf8');
  for (const control of Object.keys(await controlsOf(id))) expect(document).toContain(`| \`${control}\` |`);
});
