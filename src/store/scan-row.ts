import type { Scan } from '../model/scan.js';
import { SEVERITIES, type SeverityCounts } from '../model/severity.js';

/**
 * What every read of scans selects; `s` is the scan. Of the last scan of a target, findings are counted as they are listed:
 * advisories that came after it have changed them.
 */
export const SCAN_SELECT = `SELECT s.id, s.project_id, s.status, s.reference, s.trigger, s.options, s.priority, s.phase, s.percent,
    s.created_at, s.started_at, s.finished_at, s.error_code, s.error_message, s.coverage, s.counts, s.id = t.last_scan_id AS is_last, present.counts AS present_counts,
    t.id AS target_id, t.kind AS target_kind, t.name AS target_name, s.image_digest, i.digest AS inventory_digest
  FROM scan s JOIN target t ON t.id = s.target_id LEFT JOIN inventory i ON i.id = s.inventory_id
    LEFT JOIN LATERAL (
      SELECT jsonb_object_agg(severity_rank, n) AS counts
      FROM (SELECT severity_rank, count(*) AS n FROM finding WHERE target_id = s.target_id AND status <> 'fixed' AND NOT suppressed GROUP BY 1) c
    ) present ON s.id = t.last_scan_id`;

// biome-ignore lint/suspicious/noExplicitAny: a row has the form that SCAN_SELECT gives it
export function scanOf(row: any): Scan {
  return {
    id: row.id,
    target: { id: row.target_id, kind: row.target_kind, reference: row.reference, name: row.target_name },
    status: row.status,
    trigger: row.trigger,
    options: row.options,
    priority: row.priority,
    progress: { phase: row.phase, percent: row.percent },
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    error: row.error_code === null ? null : { code: row.error_code, message: row.error_message },
    coverage: row.coverage,
    counts: row.is_last ? presentCounts(row.present_counts ?? {}) : row.counts,
    inventoryDigest: row.inventory_digest,
    imageDigest: row.image_digest,
  };
}

/** @param byRank how many there are of each place in `SEVERITIES` */
export function presentCounts(byRank: Record<string, number>): SeverityCounts {
  return Object.fromEntries(SEVERITIES.map((severity, rank) => [severity, byRank[rank] ?? 0])) as SeverityCounts;
}
