import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestApp } from './app.js';
import { prepareService, service } from './scanned-archive.js';

prepareService();

const scanCluster = (reference: string, of: TestApp = service, name?: string) =>
  of.scan(reference, { target: { kind: 'cluster', reference, ...(name && { name }) } });

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      hostPID: true
      containers: [{name: app, image: "nginx:1", securityContext: {privileged: true}}]
`;

/** Of pods alone: what rests on other objects cannot be decided of a snapshot without them. */
async function findingsOf(scanId: string): Promise<string[]> {
  const { body } = await service.request('GET', `/v1/scans/${scanId}/findings?limit=500`);
  return body.items
    .map(({ ruleId, location }: { ruleId: string; location: { resource: string } | null }) => {
      return `${ruleId} ${location?.resource ?? ''}`;
    })
    .filter((finding: string) => finding.startsWith('pod-'));
}

describe('a cluster', () => {
  it('is scanned from manifests, from a snapshot and from an upload, and gives the same findings', async () => {
    const folder = join(service.importDir, 'manifests');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'web.yaml'), DEPLOYMENT);
    const manifests = await scanCluster(`manifests:${folder}`);
    expect(manifests).toMatchObject({ status: 'partial', error: null, target: { kind: 'cluster' } });
    const expected = await findingsOf(manifests.id);
    expect(expected).toEqual(
      expect.arrayContaining(['pod-not-privileged Deployment/shop/web', 'pod-no-host-pid Deployment/shop/web']),
    );

    const object = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop', uid: '1' },
      spec: {
        template: {
          metadata: { labels: { app: 'web' } },
          spec: {
            hostPID: true,
            containers: [{ name: 'app', image: 'nginx:1', securityContext: { privileged: true } }],
          },
        },
      },
    };
    const text = JSON.stringify({ apiVersion: 'v1', items: [object], kind: 'List' });
    const path = join(service.importDir, 'deployments.json');
    await writeFile(path, text);
    const snapshot = await scanCluster(`snapshot:${path}`);
    expect(snapshot).toMatchObject({ status: 'partial', error: null });
    expect((await findingsOf(snapshot.id)).sort()).toEqual(expected.sort());
    const missing = snapshot.coverage.items.map(({ subject }: { subject: string }) => subject);
    expect(missing).toEqual(expect.arrayContaining(['pods', 'networkPolicies', 'server']));

    const upload = await service.request('POST', '/v1/uploads?filename=web.yaml', DEPLOYMENT, {
      'content-type': 'application/octet-stream',
    });
    expect(upload.status).toBe(201);
    const uploaded = await scanCluster(`upload:${upload.body.id}`, service, 'shop');
    expect((await findingsOf(uploaded.id)).sort()).toEqual(expected.sort());
  });

  it('tells where a manifest is broken, and closes nothing', async () => {
    const path = join(service.importDir, 'changing.yaml');
    await writeFile(path, DEPLOYMENT);
    const first = await scanCluster(`manifests:${path}`);
    const whole = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n---\n';
    await writeFile(path, `${whole}${DEPLOYMENT.replace('privileged: true', 'privileged: {a')}\n`);
    const second = await scanCluster(`manifests:${path}`);
    expect(second).toMatchObject({ status: 'partial', target: { id: first.target.id } });
    expect(second.coverage.items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 'facts_missing', message: expect.stringMatching(/^changing\.yaml:\d+:\d+: /) }),
      ]),
    );
    const { body } = await service.request('GET', `/v1/findings?targetId=${first.target.id}&status=open&limit=500`);
    const open = body.items.map(({ ruleId }: { ruleId: string }) => ruleId);
    expect(open).toContain('pod-not-privileged');
  });
});

describe('references of clusters', () => {
  it.each([
    ['x', 'unknown_reference_form'],
    ['manifests:/etc', 'path_not_allowed'],
    ['snapshot:/etc/passwd', 'path_not_allowed'],
    ['kubeconfig:/etc/kubernetes/admin.conf', 'path_not_allowed'],
    ['upload:0190a0a0-0000-7000-8000-000000000000', 'upload_not_found'],
  ])('refuse %s', async (reference, code) => {
    const { body } = await service.request('POST', '/v1/scans', { target: { kind: 'cluster', reference } });
    expect(body.code).toBe(code);
  });

  it('do not let a kubeconfig stand among what is scanned', async () => {
    const path = join(service.importDir, 'config');
    await writeFile(path, 'clusters: []');
    const { body } = await service.request('POST', '/v1/scans', {
      target: { kind: 'cluster', reference: `kubeconfig:${path}` },
    });
    expect(body).toMatchObject({
      code: 'path_not_allowed',
      detail: expect.stringContaining('PLIMSOLL_KUBECONFIG_DIRS'),
    });
  });

  it.each([
    ['an archive', '\u0000\u0001rubbish'],
    ['empty', ''],
    ['a newer form', '{"plimsollClusterFacts":99}'],
  ])('fail with a clear code for a snapshot that is %s', async (name, text) => {
    const path = join(service.importDir, `${name.replaceAll(' ', '-')}.json`);
    await writeFile(path, text);
    expect(await scanCluster(`snapshot:${path}`)).toMatchObject({ status: 'failed', error: { code: 'facts_invalid' } });
  });
});
