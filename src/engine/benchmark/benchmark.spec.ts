import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { BENCHMARK_NAMES } from '../../model/benchmark.js';
import type { ControlResult, ControlStatus } from '../../model/control.js';
import type { TargetKind } from '../../model/target.js';
import { CLUSTER_CONTROLS } from '../control/cluster/cluster-controls.js';
import { HOST_CONTROLS } from '../control/host/host-controls.js';
import { IMAGE_CONTROLS } from '../control/image/image-controls.js';
import { type Benchmark, type Requirement, reportOf } from './benchmark.js';
import { BENCHMARKS, reportsOf } from './benchmarks.js';

const CHECK_IDS = resolve('..', 'shared', 'data', 'misconfig', 'cis-docker-1.6-check-ids.tsv');
const KUBE_BENCH = resolve('..', 'shared', 'data', 'misconfig', 'kube-bench-cfg.tar.gz');
const isThere = existsSync(CHECK_IDS);
const hasKubernetes = existsSync(KUBE_BENCH);
if (!hasKubernetes) console.info(`skipped: the checks of CIS Kubernetes are not in ${KUBE_BENCH}`);
if (!isThere) console.info(`skipped: the numbers of the benchmark are not in ${CHECK_IDS}`);

function control(id: string, status: ControlStatus): ControlResult {
  const evidence = status === 'fail' ? [{ resource: null, path: `/${id}`, value: 'x' }] : [];
  return { id, title: '', severity: 'low', status, reason: 'Because.', evidence, remediation: '' };
}

function benchmark(...requirements: Partial<Requirement>[]): Benchmark {
  const full = requirements.map((more, i) => ({
    id: `${i}`,
    title: '',
    targets: ['image'] as const,
    controls: [],
    ...more,
  }));
  return { name: 'cis-docker', title: '', version: '1', requirements: full };
}

const statusOf = (requirement: Partial<Requirement>, ...results: ControlResult[]) =>
  reportOf(benchmark(requirement), 'image', results).items[0]?.status;

describe('a requirement', () => {
  it.each<[ControlStatus[], ControlStatus]>([
    [['pass', 'pass'], 'pass'],
    [['pass', 'not_applicable'], 'pass'],
    [['not_applicable', 'not_applicable'], 'not_applicable'],
    [['pass', 'manual'], 'manual'],
    [['pass', 'undetermined'], 'undetermined'],
    [['manual', 'undetermined'], 'undetermined'],
    [['fail', 'undetermined'], 'fail'],
    [['fail', 'pass'], 'fail'],
  ])('with controls that say %j is %s', (statuses, expected) => {
    const results = statuses.map((status, i) => control(`c${i}`, status));
    expect(statusOf({ controls: results.map(({ id }) => id) }, ...results)).toBe(expected);
  });

  it('that nothing automates, or only in part, is for a person', () => {
    expect(statusOf({})).toBe('manual');
    expect(statusOf({ controls: ['a'], partly: true }, control('a', 'pass'))).toBe('manual');
    expect(statusOf({ controls: ['a'], partly: true }, control('a', 'fail'))).toBe('fail');
  });

  it('whose control was not run is undetermined', () => {
    expect(statusOf({ controls: ['a'] })).toBe('undetermined');
  });
});

describe('a report', () => {
  it('counts, shows what failed, and leaves out what is about other targets', () => {
    const of = benchmark({ controls: ['a', 'b'] }, { controls: ['b'] }, { targets: ['host'] }, {});
    const failedWithout = { ...control('a', 'fail'), evidence: [] };
    expect(reportOf(of, 'image', [failedWithout, control('b', 'fail')])).toEqual({
      name: 'cis-docker',
      version: '1',
      counts: { pass: 0, fail: 2, manual: 1, not_applicable: 0, undetermined: 0 },
      items: [
        {
          id: '0',
          title: '',
          status: 'fail',
          controls: ['a', 'b'],
          failed: [
            { resource: 'a', path: null, value: 'Because.' },
            { resource: null, path: '/b', value: 'x' },
          ],
        },
        { id: '1', title: '', status: 'fail', controls: ['b'], failed: [{ resource: null, path: '/b', value: 'x' }] },
        { id: '3', title: '', status: 'manual', controls: [], failed: [] },
      ],
    });
  });

  it('is made of each benchmark about the kind of target', () => {
    const names = (kind: TargetKind) => reportsOf(kind, []).map(({ name }) => name);
    expect(names('image')).toEqual(['cis-docker', 'nist-800-190', 'pci-dss-4']);
    expect(names('host')).toEqual(names('image'));
    expect(names('cluster')).toEqual(BENCHMARK_NAMES.filter((name) => name !== 'cis-docker'));
  });
});

describe('the benchmarks', () => {
  it('are those that the API knows', () => {
    expect(BENCHMARKS.map(({ name }) => name)).toEqual([...BENCHMARK_NAMES]);
  });

  it('name controls that exist, and no requirement twice for one kind of target', () => {
    const known = new Set<string>([...IMAGE_CONTROLS, ...HOST_CONTROLS, ...CLUSTER_CONTROLS].map(({ id }) => id));
    for (const { requirements } of BENCHMARKS) {
      expect(requirements.flatMap(({ controls }) => controls).filter((id) => !known.has(id))).toEqual([]);
      const ids = requirements.flatMap(({ id, targets }) => targets.map((kind) => `${kind} ${id}`));
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  it.skipIf(!isThere)(
    'have every requirement of CIS Docker, in its order: those on images for images, all for hosts',
    () => {
      const published = readFileSync(CHECK_IDS, 'utf8')
        .split('\n')
        .map((line) => line.split('\t')[0] ?? '')
        .filter((id) => /^(?:1\.\d+\.\d+|[2-7]\.\d+)$/.test(id));
      expect(published).toHaveLength(117);
      const cis = BENCHMARKS.find(({ name }) => name === 'cis-docker');
      const of = (kind: TargetKind) =>
        cis?.requirements.filter(({ targets }) => targets.includes(kind)).map(({ id }) => id);
      expect(of('host')).toEqual(published);
      expect(of('image')).toEqual(published.filter((id) => id.startsWith('4.')));
    },
  );

  it('use every control over clusters, and name each of them once', () => {
    const ids = CLUSTER_CONTROLS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const used = new Set(BENCHMARKS.flatMap(({ requirements }) => requirements.flatMap(({ controls }) => controls)));
    // What no benchmark asks for, and operators do.
    expect(ids.filter((id) => !used.has(id)).sort()).toEqual([
      'storage-retained',
      'volume-no-host-path',
      'workload-has-controller',
      'workload-readiness-probe',
      'workload-requests',
    ]);
  });

  it.skipIf(!hasKubernetes)('have every check of the newest CIS Kubernetes, in its order', async () => {
    const published: string[] = [];
    for (const section of ['master', 'etcd', 'controlplane', 'node', 'policies']) {
      const text = (await textOf(KUBE_BENCH, `kube-bench/cfg/cis-1.12/${section}.yaml`)) ?? '';
      for (const [, id = ''] of text.matchAll(/^ {6}- id: "?([\d.]+)"?$/gm)) published.push(id);
    }
    expect(published).toHaveLength(131);
    const cis = BENCHMARKS.find(({ name }) => name === 'cis-kubernetes');
    expect(cis?.requirements.map(({ id }) => id)).toEqual(published);
  });
});

/** A file of a gzipped tarball. */
async function textOf(archive: string, path: string): Promise<string | null> {
  const entries = extract();
  createReadStream(archive).pipe(createGunzip()).pipe(entries);
  let found: string | null = null;
  for await (const entry of entries) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk);
    if (entry.header.name === path) found = Buffer.concat(chunks).toString('utf8');
  }
  return found;
}
