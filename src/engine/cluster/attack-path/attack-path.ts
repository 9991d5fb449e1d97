import type { Severity } from '../../../model/severity.js';
import type { Escalation } from '../rights/escalation.js';
import type { WayIn } from './ways-in.js';

/** A way from outside the cluster to something that nobody from there should get at. */
export interface AttackPath {
  end: End;
  /** The workload whose power it is. */
  workload: string;
  /** 0 to 100: docs/clusters.md has the formula. */
  score: number;
  severity: Severity;
  wayIn: WayIn;
  /** False: it cannot be told whether policies let somebody in. */
  isSure: boolean;
  escalation: Escalation[];
  /** Each step, a line. */
  steps: string[];
  cut: Cut;
}

export type End = 'cluster' | 'node' | 'secrets';

/** The one step to take away. */
export interface Cut {
  from: string;
  to: string;
  via: string;
  /** Of all paths, how many go by it. */
  paths: number;
  /** Without it there is no way from the workload to this end; else there is another, which is longer or as long. */
  isWhole: boolean;
  remediation: string;
}
