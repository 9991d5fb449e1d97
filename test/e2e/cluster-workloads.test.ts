import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alpineAdvisory, writeOsvMirror } from '../support/advisories.js';
import { alpine, ociLayout, tar, writeFiles } from '../support/image.js';
import { startTestApp, type TestApp } from './app.js';

const CVE = 'CVE-2024-1';

/** A workload that is let in by a port of each node, runs an image with a vulnerability, and has the node's root. */
const manifests = (digest: string) => `
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - {name: app, image: "registry.example/app@${digest}", ports: [{containerPort: 8080}], securityContext: {privileged: true}}
      volumes: [{name: root, hostPath: {path: /}}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: quiet, namespace: shop}
spec:
  selector: {matchLabels: {app: quiet}}
  template:
    metadata: {labels: {app: quiet}}
    spec: {serviceAccountName: silent, containers: [{name: app, image: "registry.example/quiet:1"}]}
`;

// biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever JSON came
type Body = any;

describe('the workloads of a cluster', () => {
  let service: TestApp;
  let controls: string;
  let image: Body;
  let cluster: Body;

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-controls-'));
    controls = join(folder, 'own.yaml');
    await writeFile(controls, 'controls: []');
    service = await startTestApp({ scanImagesInUse: 5, clusterControls: controls });
    await writeOsvMirror(service.mirror, { Alpine: [alpineAdvisory(CVE, 'musl', '1.2.0-r0')] });
    await service.sync();
    const layout = join(service.importDir, 'app');
    await writeFiles(layout, ociLayout([await tar(alpine([{ name: 'musl', version: '1.1.0-r0' }]))]));
    image = await service.scan(`oci:${layout}`);
    expect(image.error).toBeNull();
    const path = join(service.importDir, 'shop.yaml');
    await writeFile(path, manifests(image.imageDigest));
    const reference = `manifests:${path}`;
    cluster = await service.scan(reference, { target: { kind: 'cluster', reference, name: 'shop' } });
    expect(cluster.error).toBeNull();
  });
  afterAll(async () => {
    await service.close();
    await rm(dirname(controls), { recursive: true });
  });

  const get = async (path: string): Promise<Body> => (await service.request('GET', path)).body;
  const workloads = async (query = ''): Promise<string[]> =>
    (await get(`/v1/scans/${cluster.id}/workloads${query}`)).items.map(({ resource }: Body) => resource);

  it('are listed with their images’ findings, and how they are reached from outside', async () => {
    const { items } = await get(`/v1/scans/${cluster.id}/workloads`);
    const [quiet, web] = items;
    expect(items).toHaveLength(2);
    expect(web).toMatchObject({
      resource: 'Deployment/shop/web',
      exploitable: true,
      exposures: [expect.objectContaining({ how: 'NodePort', by: 'Service/shop/web' })],
      images: [{ container: 'app', digest: image.imageDigest, audit: { scanId: image.id, matchedBy: 'digest' } }],
    });
    expect(['yes', 'maybe']).toContain(web.exposed);
    expect(web.images[0].audit.vulnerabilities).toBe(1);
    expect(quiet).toMatchObject({
      resource: 'Deployment/shop/quiet',
      serviceAccount: 'silent',
      exposures: [],
      exploitable: null,
      images: [{ image: 'registry.example/quiet:1', digest: null, audit: null }],
    });
    expect(['no', 'unknown']).toContain(quiet.exposed);
  });

  it('are found by vulnerability, by exposure, and by what is known of them', async () => {
    expect(await workloads(`?ruleId=${CVE}&exposed=yes,maybe`)).toEqual(['Deployment/shop/web']);
    expect(await workloads('?ruleId=CVE-1999-0001')).toEqual([]);
    expect(await workloads('?exploitable=unknown')).toEqual(['Deployment/shop/quiet']);
    expect(await workloads('?exploitable=false')).toEqual([]);
    expect(await workloads('?kev=true')).toEqual([]);
    const first = await get(`/v1/scans/${cluster.id}/workloads?limit=1`);
    expect(await workloads(`?limit=1&cursor=${first.nextCursor}`)).toEqual(['Deployment/shop/web']);
  });

  it('have findings for the ways that lead from outside to a node, with their steps and the one to cut', async () => {
    const { items } = await get(`/v1/scans/${cluster.id}/findings?kind=exposure&limit=500`);
    const path = items.find(({ ruleId }: Body) => ruleId === 'node-takeover-from-outside');
    expect(path).toMatchObject({ location: { resource: 'Deployment/shop/web' } });
    const why = await get(`/v1/findings/${path.id}/why`);
    const steps = why.evidence.map(({ value }: Body) => value).join('\n');
    expect(steps).toContain('Service/shop/web');
    expect(steps).toContain(CVE);
    expect(why.remediation).toEqual(expect.any(String));
  });

  it('make a graph of who reaches whom, as JSON and as DOT', async () => {
    const { nodes, edges } = await get(`/v1/scans/${cluster.id}/graph`);
    expect(nodes.map(({ id }: Body) => id)).toEqual(
      expect.arrayContaining(['outside', 'Deployment/shop/web', 'Deployment/shop/quiet']),
    );
    expect(edges.some(({ from, kind }: Body) => from === 'Deployment/shop/web' && kind === 'controls')).toBe(true);
    const dot = await service.request('GET', `/v1/scans/${cluster.id}/graph?format=dot`);
    expect(dot.body).toMatch(/^digraph/);
  });

  it('have images scanned that never were, where the operator allows it', async () => {
    let asked: Body[] = [];
    for (let tries = 0; asked.length === 0 && tries < 1_000; tries += 1) {
      await sleep(20);
      asked = (await get('/v1/scans?limit=100')).items.filter(({ trigger }: Body) => trigger === 'image_in_use');
    }
    expect(asked.map(({ target }) => target.reference)).toEqual(['docker://registry.example/quiet:1']);
  });

  it('are the same in GraphQL', async () => {
    const query = `query ($id: ID!, $cve: String) { scan(id: $id) {
      workloads(first: 10, ruleId: $cve) { nodes { resource exposed images { audit { knownExploited } } } }
      graph { nodes { id } } } }`;
    const { body } = await service.request('POST', '/graphql', { query, variables: { id: cluster.id, cve: CVE } });
    expect(body.errors).toBeUndefined();
    expect(body.data.scan.workloads.nodes).toMatchObject([{ resource: 'Deployment/shop/web' }]);
    expect(body.data.scan.graph.nodes.length).toBeGreaterThan(2);
  });

  it('are judged by the operator’s own controls, and mistakes in these are told', async () => {
    const own = (expression: string) => `controls:
  - {id: acme-team, title: Workloads have a team, severity: low, kinds: [Deployment], expression: '${expression}', message: A workload has no team, remediation: Name it}
`;
    const scanned = async () => {
      const { reference } = cluster.target;
      return service.scan(reference, { target: { kind: 'cluster', reference } });
    };
    const found = async (id: string) =>
      (await get(`/v1/scans/${id}/findings?kind=misconfiguration&limit=500`)).items
        .filter(({ ruleId }: Body) => ruleId === 'acme-team')
        .map(({ location }: Body) => location.resource)
        .sort();
    await writeFile(controls, own('has(object.metadata.labels.team)'));
    const failing = await scanned();
    expect(await found(failing.id)).toEqual(['Deployment/shop/quiet', 'Deployment/shop/web']);
    await writeFile(controls, own('has(object.'));
    const broken = await scanned();
    expect(broken.coverage.items).toContainEqual(
      expect.objectContaining({ code: 'file_unparsable', subject: expect.stringMatching(/own\.yaml:\d+:\d+$/) }),
    );
    expect(await found(broken.id)).toEqual(['Deployment/shop/quiet', 'Deployment/shop/web']);
    await writeFile(controls, own('object.metadata.name != ""'));
    expect(await found((await scanned()).id)).toEqual([]);
  });

  it('are only those of clusters', async () => {
    const { status, body } = await service.request('GET', `/v1/scans/${image.id}/workloads`);
    expect([status, body.code]).toEqual([409, 'inventory_missing']);
    expect(await service.request('GET', `/v1/scans/${cluster.id}/workloads?exposed=often`)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
  });
});
