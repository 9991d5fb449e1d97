import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectClusterCommand } from '../../src/cli/collect-cluster.command.js';
import type { ClusterFacts } from '../../src/model/cluster/cluster-facts.js';
import { collectCluster } from '../../src/source/cluster/api/collect-cluster.js';
import { OBJECT_LISTS, READ_KINDS } from '../../src/source/cluster/object/read-kinds.js';
import { readClusterFiles } from '../../src/source/cluster/read-objects.js';
import { readRole } from '../../src/source/cluster/read-role.js';
import { CLUSTER_PARTS, RealApiServer } from '../support/real-api-server.js';

const GOAT = resolve('../shared/data/misconfig/kubernetes-goat.tar.gz');

const missing = [
  ...Object.entries(CLUSTER_PARTS).flatMap(([name, path]) => (path === null ? [name] : [])),
  ...(existsSync(GOAT) ? [] : [GOAT]),
];
if (missing.length > 0) console.log(`Not tested with a real API server: there is no ${missing.join(', ')}.`);

const GOOD_AND_BAD = `apiVersion: v1
kind: Namespace
metadata: {name: made, labels: {pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: v1
kind: Pod
metadata: {name: bad, namespace: kube-public}
spec:
  hostPID: true
  containers:
  - {name: app, image: nginx, securityContext: {privileged: true}, env: [{name: DB_PASSWORD, value: hunter2x}]}
---
apiVersion: v1
kind: Secret
metadata: {name: tls, namespace: made}
type: kubernetes.io/tls
stringData: {tls.crt: value-of-a-secret, tls.key: value-of-a-secret}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: made}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly, namespace: made}
spec: {schedule: "0 0 * * *", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: x}]}}}}}
`;

describe.skipIf(missing.length > 0)('a real API server', () => {
  let server: RealApiServer;
  let folder: string;
  const signal = new AbortController().signal;
  const collect = (user: 'admin' | 'audit') =>
    collectCluster({
      access: { path: server.kubeconfig(user), context: null, allowsPrograms: false },
      secretMetadata: true,
      signal,
      now: new Date(),
      onProgress: () => undefined,
    });

  beforeAll(async () => {
    server = await RealApiServer.start();
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-goat-'));
    execFileSync('tar', ['xzf', GOAT, '-C', folder]);
    const scenarios = join(folder, 'kubernetes-goat', 'scenarios');
    const files = readdirSync(scenarios, { recursive: true, encoding: 'utf8' }).filter(
      (path) => /\.ya?ml$/.test(path) && !/templates|values|Chart/.test(path),
    );
    for (const file of files) await server.kubectl('apply', '-f', join(scenarios, file));
    writeFileSync(join(folder, 'made.yaml'), GOOD_AND_BAD);
    await server.kubectl('apply', '-f', join(folder, 'made.yaml'));
  });

  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Objects of each list; what only one way tells of them is left out. */
  function objectsOf(facts: ClusterFacts) {
    return Object.fromEntries(
      OBJECT_LISTS.map((list) => {
        const fact = facts[list];
        return [list, fact.known ? fact.value : []];
      }),
    );
  }

  it('gives the same facts by its API, by a file of the collector, and by what kubectl prints', async () => {
    const facts = await collect('admin');
    expect(facts.workloads.known && facts.workloads.value.length).toBeGreaterThan(10);
    expect(OBJECT_LISTS.filter((list) => !facts[list].known)).toEqual([]);

    const path = join(folder, 'facts.json');
    expect(await collectClusterCommand({ kubeconfig: server.kubeconfig('admin'), output: path }, signal)).toBe(0);
    const now = new Date();
    const collected = await readClusterFiles({ path, name: 'facts', form: 'snapshot', now });
    expect({ ...collected, collectedAt: '' }).toEqual({ ...facts, collectedAt: '' });

    const snapshot = join(folder, 'snapshot');
    mkdirSync(snapshot);
    for (const { resource, groups, isOptional } of READ_KINDS) {
      if (isOptional) continue;
      const name = groups[0] ? `${resource}.${groups[0]}` : resource;
      writeFileSync(join(snapshot, `${name}.json`), await server.kubectl('get', name, '-A', '-o', 'json'));
    }
    const printed = await readClusterFiles({ path: snapshot, name: 'snapshot', form: 'snapshot', now });
    expect(objectsOf(printed)).toEqual(objectsOf(facts));
    const known = OBJECT_LISTS.filter((list) => list !== 'vendorPolicies' && list !== 'gateways');
    expect(known.filter((list) => !printed[list].known)).toEqual([]);
  });

  it('gives no value of a Secret, nor one that looks like a secret', async () => {
    const text = JSON.stringify(await collect('admin'));
    expect(text).toContain('kubernetes.io/tls');
    expect(text).not.toContain('value-of-a-secret');
    expect(text).not.toContain(Buffer.from('value-of-a-secret').toString('base64'));
    expect(text).not.toContain('hunter2x');
  });

  it('gives to an account with the printed role all but Secrets', async () => {
    await expect(collect('audit')).rejects.toMatchObject({ code: 'cluster_unauthorized' });
    await server.kubectl('create', 'namespace', 'plimsoll');
    const role = join(folder, 'role.yaml');
    writeFileSync(role, readRole({ secretMetadata: false }));
    await server.kubectl('apply', '-f', role);
    await server.kubectl('create', 'clusterrolebinding', 'audit', '--clusterrole=plimsoll-audit', '--user=audit');
    const facts = await collect('audit');
    expect(OBJECT_LISTS.filter((list) => !facts[list].known)).toEqual(['secrets']);
    expect(facts.secrets).toMatchObject({ code: 'not_permitted' });
  });
});
