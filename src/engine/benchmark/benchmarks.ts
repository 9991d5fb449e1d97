import type { BenchmarkReport } from '../../model/benchmark.js';
import type { ControlResult } from '../../model/control.js';
import type { TargetKind } from '../../model/target.js';
import { type Benchmark, reportOf } from './benchmark.js';
import { CIS_DOCKER } from './cis-docker.js';
import { CIS_KUBERNETES } from './cis-kubernetes.js';
import { NIST_800_190 } from './nist-800-190.js';
import { NSA_CISA } from './nsa-cisa.js';
import { PCI_DSS_4 } from './pci-dss-4.js';
import { PSS_BASELINE, PSS_RESTRICTED } from './pod-security-standards.js';

/** Every benchmark. */
export const BENCHMARKS: readonly Benchmark[] = [
  CIS_DOCKER,
  CIS_KUBERNETES,
  NSA_CISA,
  PSS_BASELINE,
  PSS_RESTRICTED,
  NIST_800_190,
  PCI_DSS_4,
];

/** A report of each benchmark that has requirements about targets of this kind. */
export function reportsOf(kind: TargetKind, results: readonly ControlResult[]): BenchmarkReport[] {
  return BENCHMARKS.map((benchmark) => reportOf(benchmark, kind, results)).filter(({ items }) => items.length > 0);
}
