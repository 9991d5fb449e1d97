import type { Severity } from './severity.js';

/**
 * - `manual`: only a person can tell; the reason says what to look at.
 * - `not_applicable`: the target has nothing that the control is about.
 * - `undetermined`: it could not be decided; never taken for `pass`.
 */
export const CONTROL_STATUSES = ['pass', 'fail', 'manual', 'not_applicable', 'undetermined'] as const;
export type ControlStatus = (typeof CONTROL_STATUSES)[number];

/** What shows that a control failed, or what a person has to look at. */
export interface Evidence {
  /** What it is about where it is no file: `ENV DB_PASSWORD`, `RUN`, a layer; a Kubernetes object is `Kind/namespace/name`. */
  resource: string | null;
  /** A file, absolute. */
  path: string | null;
  /** What was found there. Never a secret. */
  value: string | null;
}

/** What one control said of one target. */
export interface ControlResult {
  /** Of the control, `non-root-user`; the `ruleId` of its finding. */
  id: string;
  /** What is asked for, one sentence. */
  title: string;
  severity: Severity;
  status: ControlStatus;
  /** Why, one or more sentences. */
  reason: string;
  evidence: Evidence[];
  /** What to do when it fails. */
  remediation: string;
}
