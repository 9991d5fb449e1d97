import type { BenchmarkReport } from '../../model/benchmark.js';
import type { ControlResult } from '../../model/control.js';
import type { TargetKind } from '../../model/target.js';
import { type Benchmark, reportOf } from './benchmark.js';
import { CIS_DOCKER } from './cis-docker.js';

/** Every benchmark. */
export const BENCHMARKS: readonly Benchmark[] = [CIS_DOCKER];

/** A report of each benchmark that has requirements about targets of this kind. */
export function reportsOf(kind: TargetKind, results: readonly ControlResult[]): BenchmarkReport[] {
  return BENCHMARKS.map((benchmark) => reportOf(benchmark, kind, results)).filter(({ items }) => items.length > 0);
}
