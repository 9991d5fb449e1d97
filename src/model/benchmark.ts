import type { ControlStatus, Evidence } from './control.js';

/** Published sets of requirements that targets are audited against. */
export const BENCHMARK_NAMES = [
  'cis-docker',
  'cis-kubernetes',
  'nsa-cisa',
  'pss-baseline',
  'pss-restricted',
  'nist-800-190',
  'pci-dss-4',
] as const;
export type BenchmarkName = (typeof BENCHMARK_NAMES)[number];

/** What a target's control results mean for one benchmark. */
export interface BenchmarkReport {
  name: BenchmarkName;
  /** Of the published document. */
  version: string;
  /** How many requirements have each status. */
  counts: Record<ControlStatus, number>;
  items: RequirementResult[];
}

export interface RequirementResult {
  /** As the document numbers it: `4.1`. */
  id: string;
  title: string;
  status: ControlStatus;
  /** Ids of the controls that it was judged by; empty where none automates it. */
  controls: string[];
  /** Evidence of the controls that failed. */
  failed: Evidence[];
}
