import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClusterFacts } from '../../model/cluster/cluster-facts.js';
import { writeClusterFacts } from './facts-file.js';
import { readClusterFiles } from './read-objects.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-objects-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

type Form = 'snapshot' | 'manifests' | null;

async function read(form: Form, files: Record<string, string | Buffer>): Promise<ClusterFacts> {
  const names = Object.keys(files);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  const path = form === null ? join(folder, names[0] ?? '') : folder;
  return readClusterFiles({ path, name: 'it', form, now: new Date('2026-11-24T00:00:00Z') });
}

const POD = `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: app, image: nginx}]}
`;

const served = (kind: string, name: string, of: object = {}, apiVersion = 'v1') => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'shop', uid: `${kind}-${name}` },
  ...of,
});

const listOf = (...items: object[]) => JSON.stringify({ apiVersion: 'v1', items, kind: 'List', metadata: {} });

describe('manifests', () => {
  it('are read from all files of a folder, and say where each object is written', async () => {
    const { pods, nodes, otherKinds } = await read('manifests', {
      'b/two.yml': `# two\n---\n${POD.replace('web', 'two')}`,
      'a.yaml': POD,
      'values.yaml': 'replicas: 3\n',
      'crd.json': '{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"x"}}',
      'README.md': 'kind: Pod',
    });
    if (!pods.known) throw new Error(pods.reason);
    expect(pods.value.map(({ name, origin }) => [name, origin])).toEqual([
      ['two', 'b/two.yml:3'],
      ['web', 'a.yaml:1'],
    ]);
    expect(pods.gaps).toEqual([]);
    expect(otherKinds).toEqual({ 'example.com/v1/Thing': 1, 'no Kubernetes object': 1 });
    expect(nodes).toMatchObject({ known: false, code: 'not_collected' });
  });

  it('tell of a broken document with its place, in every list', async () => {
    const { pods, roles } = await read('manifests', { 'a.yaml': `${POD}---\nkind: B\n  bad: [\n` });
    expect(pods).toMatchObject({ known: true, value: [{ name: 'web' }] });
    expect(pods).toMatchObject({ gaps: [expect.stringMatching(/^a\.yaml:6:\d+: /)] });
    expect(roles).toMatchObject({ known: true, gaps: [expect.stringMatching(/^a\.yaml:6/)] });
  });

  it('are not followed out of their folder', async () => {
    await writeFile(join(folder, '..', 'outside.yaml'), POD);
    await symlink(join(folder, '..', 'outside.yaml'), join(folder, 'link.yaml'));
    await symlink(join(folder, 'here.yaml'), join(folder, 'inside.yaml'));
    const { pods } = await read('manifests', { 'here.yaml': POD });
    expect(pods).toMatchObject({ gaps: ['link.yaml: it is a link that leads out of the folder, and was not read.'] });
    await rm(join(folder, '..', 'outside.yaml'));
  });

  it('are refused where there are none', async () => {
    await expect(read('manifests', { 'a.txt': 'x' })).rejects.toMatchObject({ code: 'facts_invalid' });
  });
});

describe('snapshots', () => {
  it('never say that there is none of what was not asked for', async () => {
    const { pods, networkPolicies, workloads, roles } = await read('snapshot', {
      'all.json': listOf(
        served('Pod', 'web', { spec: { containers: [] } }),
        served('Role', 'r', { rules: [] }, 'rbac.authorization.k8s.io/v1'),
      ),
    });
    expect(pods).toMatchObject({ known: true, gaps: [] });
    expect(networkPolicies).toMatchObject({ known: false, code: 'not_collected' });
    expect(workloads).toMatchObject({ known: false, code: 'not_collected' });
    expect(roles).toMatchObject({ known: true, gaps: [expect.stringContaining('clusterroles')] });
  });

  it('know of an empty list by its kind, or by the name of its file', async () => {
    const { networkPolicies, configMaps, resourceQuotas } = await read('snapshot', {
      'networkpolicies.json': listOf(),
      'raw.json': '{"kind":"ConfigMapList","apiVersion":"v1","metadata":{},"items":[]}',
      'x.json': listOf(),
    });
    expect(networkPolicies).toEqual({ known: true, value: [], gaps: [] });
    expect(configMaps).toEqual({ known: true, value: [], gaps: [] });
    expect(resourceQuotas).toMatchObject({ known: false, code: 'not_collected' });
  });

  it('are read where lists stand behind each other, are of one kind, or are compressed', async () => {
    const raw = JSON.stringify({ kind: 'PodList', apiVersion: 'v1', items: [{ metadata: { name: 'b', uid: 'b' } }] });
    const { pods } = await read('snapshot', {
      'all.json': gzipSync(`${listOf(served('Pod', 'a', { spec: {} }))}\n${raw.replace('"b"}', '"b"},"spec":{}')}`),
    });
    expect(pods).toMatchObject({ value: [{ name: 'b' }, { name: 'a' }], gaps: [] });
  });

  it('have each object once', async () => {
    const pod = served('Pod', 'a', { spec: {} });
    const { pods } = await read('snapshot', { 'a.json': listOf(pod), 'b.json': listOf(pod) });
    expect(pods).toMatchObject({ value: [{ name: 'a' }] });
  });

  it('keep no text of a cut or broken file in their gaps', async () => {
    const { pods } = await read('snapshot', {
      'a.json': `${listOf(served('Pod', 'a', { spec: {} }))}{"apiVersion":"v1","data":{"password":"hunter2"oops}}{"kind":`,
    });
    if (!pods.known) throw new Error(pods.reason);
    expect(pods.gaps).toHaveLength(2);
    expect(JSON.stringify(pods.gaps)).not.toContain('hunter2');
  });
});

describe('uploads', () => {
  it('are told by their content', async () => {
    expect((await read(null, { upload: POD })).collectedBy).toBe('manifests');
    const snapshot = await read(null, { upload: listOf(served('Pod', 'a', { spec: {} })) });
    expect(snapshot).toMatchObject({ collectedBy: 'snapshot', roles: { known: false } });
  });

  it('of a facts file give the same facts', async () => {
    const facts = await read(null, { a: POD });
    expect(await read(null, { b: writeClusterFacts(facts) })).toEqual(facts);
  });

  it.each([
    ['a newer form', '{"plimsollClusterFacts":99}'],
    ['no facts', '{"plimsollClusterFacts":1,"pods":{"known":true,"value":[7],"gaps":[]}}'],
    ['a key that means something to objects', '{"plimsollClusterFacts":1,"__proto__":{}}'],
    ['what is no JSON', '{"plimsollClusterFacts":1,'],
    ['what is nested too deep', `{"plimsollClusterFacts":1,"a":${'['.repeat(200)}${']'.repeat(200)}}`],
  ])('of %s as a facts file are refused', async (_, text) => {
    await expect(read(null, { upload: text })).rejects.toMatchObject({ code: 'facts_invalid' });
  });
});
