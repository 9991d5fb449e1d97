import type { Severity } from '../../model/severity.js';

/**
 * Debian's own rating. Stars mark one that was taken over from NVD; "not yet assigned", which most issues keep, and
 * "end-of-life" rate nothing.
 */
export function severityOfUrgency(urgency: string): Severity | null {
  return SEVERITIES.get(urgency.replace(/\*+$/, '')) ?? null;
}

/** `unimportant`: no issue in practice, as in code that is not built (the tracker's documentation, "Severity levels"). */
const SEVERITIES = new Map<string, Severity>([
  ['high', 'high'],
  ['medium', 'medium'],
  ['low', 'low'],
  ['unimportant', 'low'],
]);
