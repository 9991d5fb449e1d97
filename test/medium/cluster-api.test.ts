import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CollectClusterOptions, collectCluster } from '../../src/source/cluster/api/collect-cluster.js';
import { FakeApiServer, send, sendPage } from '../support/fake-api-server.js';

let server: FakeApiServer;
let folder: string;

beforeEach(async () => {
  server = await FakeApiServer.start();
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-cluster-'));
});

afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function collect(of: Partial<CollectClusterOptions> = {}, user: object = {}, cluster: object = {}) {
  const path = await server.kubeconfig(join(folder, 'config'), user, cluster);
  return collectCluster({
    access: { path, context: null, allowsPrograms: false },
    secretMetadata: true,
    signal: new AbortController().signal,
    now: new Date(),
    onProgress: () => undefined,
    pause: async () => undefined,
    ...of,
  });
}

const pods = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    metadata: { name: `p${String(index).padStart(4, '0')}`, namespace: 'a', uid: `u${index}` },
    spec: { containers: [] },
  }));

describe('an API server', () => {
  it('is asked for everything, page by page, by GET alone', async () => {
    server.list('/api/v1/pods', pods(600));
    const facts = await collect();
    expect(facts.pods).toMatchObject({ known: true, gaps: [] });
    expect(facts.pods.known && facts.pods.value.length).toBe(600);
    expect(server.asked.filter(({ path }) => path.startsWith('/api/v1/pods')).length).toBe(3);
    expect(facts).toMatchObject({ collectedBy: 'api', server: { value: { major: 1, minor: 34 } } });
    expect(facts.roles).toEqual({ known: true, value: [], gaps: [] });
    expect(facts.kubelets).toMatchObject({ known: false, code: 'not_present' });
  });

  it('is asked for the metadata of Secrets alone, and for their types by selecting them', async () => {
    server.on('/api/v1/secrets', (request, response, url) => {
      if (!request.headers.accept?.includes('as=PartialObjectMetadataList')) return send(response, 500, {});
      const all = [{ metadata: { name: 'tls', namespace: 'a' } }, { metadata: { name: 'odd', namespace: 'a' } }];
      const selector = url.searchParams.get('fieldSelector');
      const chosen = selector === null ? all : selector === 'type=kubernetes.io/tls' ? all.slice(0, 1) : [];
      sendPage(response, url, chosen, 'PartialObjectMetadata');
    });
    const { secrets } = await collect();
    expect(secrets).toMatchObject({
      value: [
        { name: 'odd', type: '' },
        { name: 'tls', type: 'kubernetes.io/tls' },
      ],
      gaps: [],
    });
  });

  it('that sends whole Secrets all the same gives a gap', async () => {
    server.on('/api/v1/secrets', (_request, response) => {
      send(response, 200, {
        kind: 'SecretList',
        apiVersion: 'v1',
        items: [{ metadata: { name: 's' }, data: { p: 'eA==' } }],
      });
    });
    const facts = await collect();
    expect(facts.secrets).toMatchObject({ known: false, code: 'unreadable' });
    expect(JSON.stringify(facts)).not.toContain('eA==');
  });

  it('that refuses a list gives a gap that names the right that is needed', async () => {
    server.on('/apis/rbac.authorization.k8s.io/v1/roles', (_request, response) =>
      send(response, 403, { reason: 'Forbidden' }),
    );
    server.on('/api/v1/pods', (_request, response) => send(response, 403, { reason: 'Forbidden' }));
    const facts = await collect();
    expect(facts.pods).toMatchObject({
      known: false,
      code: 'not_permitted',
      reason: expect.stringContaining('get and list pods'),
    });
    expect(facts.roles).toMatchObject({
      known: true,
      gaps: [expect.stringContaining('roles.rbac.authorization.k8s.io')],
    });
    expect(facts.roleBindings).toEqual({ known: true, value: [], gaps: [] });
  });

  it('whose list becomes too old is asked once more from its start', async () => {
    const all = pods(600);
    let isOld = false;
    server.on('/api/v1/pods', (_request, response, url) => {
      if (url.searchParams.has('continue') && !isOld) {
        isOld = true;
        return send(response, 410, { reason: 'Expired' });
      }
      sendPage(response, url, all);
    });
    const { pods: listed } = await collect();
    expect(listed.known && listed.value.length).toBe(600);
    expect(listed).toMatchObject({ gaps: [] });
  });

  it('that is too busy is asked again', async () => {
    let tries = 0;
    server.on('/api/v1/pods', (_request, response, url) => {
      tries += 1;
      if (tries < 3) send(response, 429, {});
      else sendPage(response, url, pods(1));
    });
    expect((await collect()).pods).toMatchObject({ value: [{ name: 'p0000' }], gaps: [] });
  });

  it.each<[string, Parameters<FakeApiServer['on']>[1], string]>([
    [
      'cuts its answer',
      (_request, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"kind":"PodList"');
        setImmediate(() => response.destroy());
      },
      'unreadable',
    ],
    [
      'answers with another kind',
      (_request, response) => send(response, 200, { kind: 'NodeList', items: [] }),
      'unreadable',
    ],
    ['answers with no JSON', (_request, response) => response.end('<html>'), 'unreadable'],
    [
      'answers with items that are none',
      (_request, response) => send(response, 200, { kind: 'PodList', items: {} }),
      'unreadable',
    ],
    [
      'goes on with the same page forever',
      (_request, response) => send(response, 200, { kind: 'PodList', items: [], metadata: { continue: 'x' } }),
      'unreadable',
    ],
    ['has an error of its own', (_request, response) => send(response, 500, {}), 'unreadable'],
    ['says that there are no pods at all', (_request, response) => send(response, 404, {}), 'unreadable'],
    [
      'sends too much',
      (_request, response) => response.end(`{"kind":"PodList","x":"${'x'.repeat(200_000)}"}`),
      'limit_exceeded',
    ],
    ['does not answer', () => undefined, 'unreadable'],
  ])('that %s gives a gap, and hangs nothing', async (_, answer, code) => {
    server.on('/api/v1/pods', answer);
    const { pods: listed, services } = await collect({ answerLimitMs: 1_000, maxAnswerBytes: 100_000 });
    expect(listed).toMatchObject({ known: false, code });
    expect(services).toMatchObject({ known: true });
  });

  it('that lists part of a kind and then fails leaves what it listed, with a gap', async () => {
    server.on('/api/v1/pods', (_request, response, url) => {
      if (url.searchParams.has('continue')) send(response, 403, { reason: 'Forbidden' });
      else sendPage(response, url, pods(600));
    });
    const { pods: listed } = await collect();
    expect(listed).toMatchObject({ known: true, gaps: [expect.stringContaining('pods were refused')] });
    expect(listed.known && listed.value.length).toBe(250);
  });

  it('tells how kubelets are configured, without credentials', async () => {
    const node = (name: string) => ({ metadata: { name, uid: name }, status: {} });
    server.list('/api/v1/nodes', [node('a'), node('b')]);
    server.on('/api/v1/nodes/a/proxy/configz', (_request, response) =>
      send(response, 200, { kubeletconfig: { readOnlyPort: 0, staticPodURLHeader: { X: ['hunter2'] } } }),
    );
    const { kubelets } = await collect();
    expect(kubelets).toMatchObject({
      value: [{ node: 'a', config: { readOnlyPort: 0 } }],
      gaps: [expect.stringContaining('kubelet of b')],
    });
    expect(JSON.stringify(kubelets)).not.toContain('hunter2');
  });

  it('that nothing may be read of fails the collecting, and so does none at all', async () => {
    const refused = await FakeApiServer.start();
    const path = await refused.kubeconfig(join(folder, 'refused'));
    await refused.stop();
    const access = { path, context: null, allowsPrograms: false };
    await expect(collect({ access })).rejects.toMatchObject({ code: 'cluster_unreachable' });
  });

  it('is no longer asked when the scan ends', async () => {
    const ended = new AbortController();
    server.on('/api/v1/pods', () => ended.abort(new Error('ended')));
    await expect(collect({ signal: ended.signal })).rejects.toThrow('ended');
  });
});

describe('a kubeconfig', () => {
  it.each<[string, object, object, string]>([
    [
      'a program for credentials',
      { exec: { command: 'touch', args: ['/tmp/never'], apiVersion: 'client.authentication.k8s.io/v1' } },
      {},
      'PLIMSOLL_KUBECONFIG_EXEC',
    ],
    ['a provider of credentials', { 'auth-provider': { name: 'gcp', config: {} } }, {}, 'PLIMSOLL_KUBECONFIG_EXEC'],
    ['a token without TLS', { token: 'hunter2' }, {}, 'without TLS'],
    [
      'a server that is not checked',
      {},
      { server: 'https://127.0.0.1:1', 'insecure-skip-tls-verify': true },
      'insecure-skip-tls-verify',
    ],
    ['a proxy', {}, { 'proxy-url': 'http://127.0.0.1:1' }, 'proxy'],
    ['another machine without TLS', {}, { server: 'http://cluster.example' }, 'without TLS'],
    [
      'an authority that cannot be read',
      {},
      { server: 'https://127.0.0.1:1', 'certificate-authority': '/nonexistent' },
      'ENOENT',
    ],
  ])('with %s is refused, and no secret of it is told', async (_, user, cluster, text) => {
    const failure = await collect({}, user, cluster).catch((error) => error);
    expect(failure).toMatchObject({ code: 'kubeconfig_invalid', message: expect.stringContaining(text) });
    expect(failure.message).not.toContain('hunter2');
    expect(server.asked).toEqual([]);
  });

  it('has to have the context that is named', async () => {
    const path = await server.kubeconfig(join(folder, 'config'));
    const access = { path, context: 'prod', allowsPrograms: false };
    await expect(collect({ access })).rejects.toThrow('it has no context "prod": it has test');
  });
});
