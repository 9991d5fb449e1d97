import type { Event } from '../../model/event.js';

/** CEF's 0 to 10: to 3 is low, to 6 medium, to 8 high, above very high. What is not known is in the middle, not harmless. */
export function cefSeverity({ type, data }: Event): number {
  switch (type) {
    case 'finding.opened':
    case 'finding.reopened':
    case 'finding.changed':
      return ofFinding(data.severity);
    case 'scan.failed':
    case 'feed.failed':
      return 6;
    case 'schedule.run_skipped':
      return 4;
    case 'finding.suppressed':
    case 'scan.cancelled':
    case 'scan.retried':
      return 3;
    case 'target.created':
    case 'scan.created':
    case 'scan.started':
    case 'scan.finished':
    case 'finding.fixed':
    case 'finding.unsuppressed':
    case 'feed.synced':
    case 'advisories.rejudged':
    case 'vex.imported':
    case 'vex.deleted':
    case 'upload.created':
    case 'registry.created':
    case 'registry.updated':
    case 'registry.deleted':
    case 'schedule.created':
    case 'schedule.updated':
    case 'schedule.deleted':
      return 1;
  }
}

function ofFinding(severity: unknown): number {
  switch (severity) {
    case 'critical':
      return 10;
    case 'high':
      return 8;
    case 'medium':
      return 5;
    case 'low':
      return 2;
    default:
      return 5;
  }
}
