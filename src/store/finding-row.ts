import type { Finding } from '../model/finding.js';
import type { FindingVex } from '../model/vex.js';
import { RISK_COLUMNS, riskOfRow } from './finding-risk.js';

/** What every read of findings selects; `f` is the finding. A vulnerability has its details from the match that it rests on, and its place from an inventory. */
export const FINDING_COLUMNS = `f.id, encode(f.fingerprint, 'hex') AS fingerprint, f.kind, f.rule_id, f.status, f.suppressed, f.vex, f.severity_rank,
    coalesce(m.detail, f.detail) AS detail, i.locations -> 0 AS place, f.opened_at, f.closed_at,
    t.id AS target_id, t.kind AS target_kind, t.reference AS target_reference, t.name AS target_name,
    ${RISK_COLUMNS}`;

/** Behind a FROM that gives `f`. */
export const FINDING_JOINS = `JOIN target t ON t.id = f.target_id LEFT JOIN package_match m ON m.id = f.match_id
    LEFT JOIN inventory_package i ON (i.inventory_id, i.ordinal) = (f.inventory_id, f.ordinal)`;

/**
 * Whether a scan with the revision found `f`, as it is known today: what advisories said of its facts until the target's
 * next scan counts.
 *
 * @param revision SQL for it
 */
export function foundAt(revision: string): string {
  return `(f.status <> 'fixed' AND f.opened_revision <= ${revision} OR EXISTS (
      SELECT FROM finding_period p WHERE p.finding_id = f.id AND p.opened_revision <= ${revision} AND p.closed_revision > ${revision}))`;
}

// biome-ignore lint/suspicious/noExplicitAny: a row has the form that FINDING_COLUMNS gives it
export function findingOf(row: any): Finding {
  const { place } = row;
  return {
    // Of before ratings were kept.
    ratings: [],
    ...row.detail,
    location:
      place === null
        ? (row.detail.location ?? null)
        : { path: place.path, line: null, layer: place.layer, resource: null },
    id: row.id,
    fingerprint: row.fingerprint,
    kind: row.kind,
    ruleId: row.rule_id,
    status: row.suppressed ? 'suppressed' : row.status,
    vex: row.vex && vexOf(row.vex),
    risk: riskOfRow(row, row.detail),
    target: { id: row.target_id, kind: row.target_kind, reference: row.target_reference, name: row.target_name },
    openedAt: row.opened_at,
    closedAt: row.closed_at,
  };
}

function vexOf({ time, ...vex }: Omit<FindingVex, 'time'> & { time: string | null }): FindingVex {
  return { ...vex, time: time === null ? null : new Date(time) };
}
