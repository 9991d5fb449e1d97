import type { Severity } from '../../model/severity.js';
import type { Test } from './detection-item.js';

/** A Sigma rule over lines of logs. */
export interface LogRule {
  /** The rule's name, or else its id. */
  id: string;
  title: string;
  severity: Severity;
  test: Test;
  /** Null: one line is enough. */
  burst: Burst | null;
}

/** So many lines in so short a time. */
export interface Burst {
  count: number;
  withinMs: number;
}

/** A rule that is left out, and why. */
export interface LogRuleError {
  /** From 1; null where it cannot be told. */
  line: number | null;
  /** A sentence. */
  message: string;
}
