import type { ImageAudit } from '../host/audited-container.js';
import type { Severity } from '../severity.js';

/** An open vulnerability of an image, as far as it says how likely somebody gets in by it. */
export interface ImageFinding {
  /** `CVE-2021-44228`. */
  ruleId: string;
  severity: Severity;
  /** CISA lists it as exploited. */
  isExploited: boolean;
  /** EPSS; null: not known. */
  probability: number | null;
}

export const EXPOSED = ['yes', 'maybe', 'no', 'unknown'] as const;
/** Whether somebody outside the cluster reaches a workload; `maybe`: from some addresses, or it cannot be told of policies. */
export type Exposed = (typeof EXPOSED)[number];

/** A workload of a cluster, with what is known of its images now. */
export interface RunningWorkload {
  /** `Deployment/shop/web`. */
  resource: string;
  kind: string;
  namespace: string | null;
  name: string;
  /** How many pods of it there are. */
  pods: number;
  serviceAccount: string;
  exposed: Exposed;
  exposures: WorkloadExposure[];
  images: RunningImage[];
  /** Whether an image of it has open vulnerabilities. Null: that is not known of each. */
  exploitable: boolean | null;
}

export interface WorkloadExposure {
  how: string;
  /** `Service/shop/web`. */
  by: string;
  from: 'internet' | 'network';
  isReached: 'yes' | 'maybe';
  ports: string;
}

export interface RunningImage {
  container: string;
  /** As it was asked for, or as the runtime names it. */
  image: string;
  digest: string | null;
  /** Null: it was never audited. */
  audit: ImageAudit | null;
}
