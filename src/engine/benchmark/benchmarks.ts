import type { BenchmarkReport } from '../../model/benchmark.js';
import type { ControlResult } from '../../model/control.js';
import type { TargetKind } from '../../model/target.js';
import { type Benchmark, reportOf } from './benchmark.js';
import { CIS_DOCKER } from './cis-docker.js';
import { NIST_800_190 } from './nist-800-190.js';
import { PCI_DSS_4 } from './pci-dss-4.js';

/** Every benchmark. */
export const BENCHMARKS: readonly Benchmark[] = [CIS_DOCKER, NIST_800_190, PCI_DSS_4];

/** A report of each benchmark that has requirements about targets of this kind. */
export function reportsOf(kind: TargetKind, results: readonly ControlResult[]): BenchmarkReport[] {
  return BENCHMARKS.map((benchmark) => reportOf(benchmark, kind, results)).filter(({ items }) => items.length > 0);
}
