import type { Severity } from '../severity.js';

/** What one rule for logs found in one container's recent logs. */
export interface LogMatch {
  /** Of the Sigma rule. */
  ruleId: string;
  title: string;
  severity: Severity;
  containerId: string;
  containerName: string;
  /** Lines that match. */
  count: number;
  /** RFC 3339, as the engine stamped the lines. */
  firstAt: string | null;
  lastAt: string | null;
  /** One of the lines, bounded, secrets redacted. */
  excerpt: string;
}
