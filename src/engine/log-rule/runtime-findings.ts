import type { LogMatch } from '../../model/host/log-match.js';
import type { Severity } from '../../model/severity.js';

/** What a container's log, or its state, shows to have happened. */
export interface RuntimeFinding {
  ruleId: string;
  title: string;
  severity: Severity;
  /** `container/NAME`. */
  resource: string;
  excerpt: string;
  /** Lines, or times. */
  count: number;
}

/** One for each rule and container name, by resource and rule. */
export function runtimeFindings(matches: readonly LogMatch[]): RuntimeFinding[] {
  const findings = new Map<string, RuntimeFinding>();
  for (const { ruleId, title, severity, containerName, count, excerpt } of matches) {
    const resource = `container/${containerName}`;
    const key = JSON.stringify([resource, ruleId]);
    const other = findings.get(key);
    if (other) other.count += count;
    else findings.set(key, { ruleId, title, severity, resource, excerpt, count });
  }
  return [...findings].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, finding]) => finding);
}
