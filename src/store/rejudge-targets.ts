import type { EntityManager } from 'typeorm';
import type { VexDecider } from '../model/vex.js';
import { applyVex, hasStatements } from './vex-apply.js';

/** What a pass did to findings. */
export interface RejudgeCounts {
  opened: number;
  reopened: number;
  changed: number;
  fixed: number;
}

/** Targets by the inventories that they are judged by, both ends included. */
export interface Slice {
  from: string;
  to: string;
}

/**
 * Makes the findings of a slice's targets what the matches say, and tells it: one row of `finding` and one of `outbox` for
 * each that opens, reopens, changes or is fixed, and none for the rest. It compares states, so doing it again does
 * nothing.
 *
 * A finding is fixed only where the target's facts hold the package that it rests on: what the last scan could not look for
 * stays.
 */
export async function tellSlice(
  manager: EntityManager,
  matchIds: readonly string[],
  { from, to }: Slice,
  decide: VexDecider,
): Promise<RejudgeCounts> {
  const [{ now }] = await manager.query(`SELECT date_trunc('milliseconds', clock_timestamp()) AS now`);
  // Sorting by target must not spill to disk: 100,000 rows have about 20 MB.
  await manager.query(`SET LOCAL work_mem = '64MB'`);
  const counts = countsOf(await manager.query(OPEN, [matchIds, from, to, now]));
  const named = await namedMatches(manager, matchIds);
  if (named.length > 0)
    await applyVex(manager, { ...SYSTEM, ids: HELD_FINDINGS, parameters: [named, from, to] }, decide);
  return add(counts, countsOf(await manager.query(CLOSE, [matchIds, from, to, now])));
}

/**
 * Findings that rest on a match though their target's facts hold the package no more; they show what it says. With them
 * those of which somebody said something under a name that the match has no more.
 */
export async function tellUnheld(
  manager: EntityManager,
  matchIds: readonly string[],
  decide: VexDecider,
): Promise<RejudgeCounts> {
  const counts = countsOf(await manager.query(CHANGE, [matchIds]));
  if (await hasStatements(manager, null)) {
    const parameters = [matchIds, await namedMatches(manager, matchIds)];
    await applyVex(manager, { ...SYSTEM, ids: UNHELD_FINDINGS, parameters }, decide);
  }
  return counts;
}

/** Those of some matches that a statement names, in whichever project. */
async function namedMatches(manager: EntityManager, matchIds: readonly string[]): Promise<string[]> {
  if (!(await hasStatements(manager, null))) return [];
  const rows: { id: string }[] = await manager.query(
    `SELECT id FROM package_match m WHERE id = ANY($1::bigint[]) AND status <> 'not_affected' AND EXISTS (
       SELECT FROM vex_statement s
       WHERE s.vulnerabilities && (ARRAY[m.rule_id] || ARRAY(SELECT jsonb_array_elements_text(m.detail -> 'aliases'))))`,
    [matchIds],
  );
  return rows.map(({ id }) => id);
}

const SYSTEM = { actor: 'system', scanId: null };

export function add(a: RejudgeCounts, b: RejudgeCounts): RejudgeCounts {
  return {
    opened: a.opened + b.opened,
    reopened: a.reopened + b.reopened,
    changed: a.changed + b.changed,
    fixed: a.fixed + b.fixed,
  };
}

export const NOTHING: RejudgeCounts = { opened: 0, reopened: 0, changed: 0, fixed: 0 };

function countsOf(rows: { type: string; count: number }[]): RejudgeCounts {
  const found = new Map(rows.map(({ type, count }) => [type, count]));
  return {
    opened: found.get('finding.opened') ?? 0,
    reopened: found.get('finding.reopened') ?? 0,
    changed: found.get('finding.changed') ?? 0,
    fixed: found.get('finding.fixed') ?? 0,
  };
}

/** What is the same for all targets is made once: an event's data, and the start of what is hashed (`fingerprint.ts`). */
const MATCH = `SELECT id, package_id, rule_id, status, severity_rank, version,
    convert_to('vulnerability', 'UTF8') || '\\x00' || convert_to(rule_id, 'UTF8') || '\\x00' AS prefix,
    jsonb_build_object('kind', 'vulnerability', 'ruleId', rule_id, 'severity', detail -> 'severity', 'status', status,
      'fixedVersion', detail -> 'fixedVersion', 'purl', detail -> 'package' -> 'purl', 'cause', 'rejudged',
      'advisories', detail -> 'advisories') AS data
  FROM package_match WHERE id = ANY($1::bigint[])`;

const HELD = `match m
    JOIN inventory_package i ON i.package_id = m.package_id AND i.inventory_id BETWEEN $2 AND $3 AND i.identity IS NOT NULL
    JOIN target t ON t.inventory_id = i.inventory_id`;

const COUNT = 'RETURNING type) SELECT type, count(*)::int AS count FROM told GROUP BY type';

const OPEN = `
WITH match AS MATERIALIZED (${MATCH} AND status <> 'not_affected'),
written AS (
  INSERT INTO finding (id, project_id, target_id, fingerprint, kind, rule_id, status, severity_rank, match_id, match_version,
    inventory_id, ordinal, opened_at, opened_revision)
  SELECT time_ordered_id(), t.project_id, t.id, sha256(m.prefix || i.identity), 'vulnerability', m.rule_id, m.status,
    m.severity_rank, m.id, m.version, i.inventory_id, i.ordinal, $4, t.revision
  FROM ${HELD}
  -- Pages of one target's findings are near each other.
  ORDER BY t.id
  ON CONFLICT ON CONSTRAINT finding_fingerprint_key DO UPDATE SET
    status = excluded.status, severity_rank = excluded.severity_rank, match_id = excluded.match_id,
    match_version = excluded.match_version, inventory_id = excluded.inventory_id, ordinal = excluded.ordinal,
    detail = NULL, detail_hash = NULL, closed_at = NULL,
    opened_at = CASE WHEN finding.status = 'fixed' THEN excluded.opened_at ELSE finding.opened_at END,
    opened_revision = CASE WHEN finding.status = 'fixed' THEN excluded.opened_revision ELSE finding.opened_revision END,
    opened_scan_id = CASE WHEN finding.status = 'fixed' THEN NULL ELSE finding.opened_scan_id END
    WHERE finding.status = 'fixed'
      OR (finding.match_id, finding.match_version) IS DISTINCT FROM (excluded.match_id, excluded.match_version)
  RETURNING id, project_id, target_id, match_id, xmax = 0 AS is_new, opened_at = $4 AS is_opened),
told AS (
  INSERT INTO outbox (project_id, type, actor, subject, target_id, finding_id, data)
  SELECT w.project_id,
    CASE WHEN w.is_new THEN 'finding.opened' WHEN w.is_opened THEN 'finding.reopened' ELSE 'finding.changed' END,
    'system', 'finding/' || w.id, w.target_id, w.id, m.data
  FROM written w JOIN match m ON m.id = w.match_id ${COUNT}`;

const CLOSE = `
WITH match AS MATERIALIZED (${MATCH} AND status = 'not_affected'),
closed AS (
  UPDATE finding f SET status = 'fixed', closed_at = $4, suppressed = false, vex = NULL
  FROM ${HELD}
  WHERE f.target_id = t.id AND f.fingerprint = sha256(m.prefix || i.identity) AND f.match_id = m.id AND f.status <> 'fixed'
  RETURNING f.id, f.project_id, f.target_id, f.opened_revision, f.opened_scan_id, f.opened_at, t.revision, m.rule_id, m.data),
period AS (
  INSERT INTO finding_period (finding_id, project_id, target_id, opened_revision, closed_revision, opened_scan_id, opened_at,
    closed_at)
  SELECT id, project_id, target_id, opened_revision, revision, opened_scan_id, opened_at, $4 FROM closed),
told AS (
  INSERT INTO outbox (project_id, type, actor, subject, target_id, finding_id, data)
  SELECT project_id, 'finding.fixed', 'system', 'finding/' || id, target_id, id, data - '{severity,status,fixedVersion}'::text[]
  FROM closed ${COUNT}`;

const CHANGE = `
WITH match AS MATERIALIZED (${MATCH} AND status <> 'not_affected' AND version > 1),
changed AS (
  UPDATE finding f SET status = m.status, severity_rank = m.severity_rank, match_version = m.version
  FROM match m
  WHERE f.rule_id = m.rule_id AND f.match_id = m.id AND f.match_version <> m.version AND f.status <> 'fixed'
  RETURNING f.id, f.project_id, f.target_id, m.data),
told AS (
  INSERT INTO outbox (project_id, type, actor, subject, target_id, finding_id, data)
  SELECT project_id, 'finding.changed', 'system', 'finding/' || id, target_id, id, data FROM changed ${COUNT}`;

const HELD_FINDINGS = `WITH match AS MATERIALIZED (${MATCH})
  SELECT DISTINCT f.id FROM ${HELD}
  JOIN finding f ON f.target_id = t.id AND f.fingerprint = sha256(m.prefix || i.identity) AND f.match_id = m.id`;

const UNHELD_FINDINGS = `
  SELECT f.id FROM package_match m JOIN finding f ON f.rule_id = m.rule_id AND f.match_id = m.id AND f.vex IS NOT NULL
  WHERE m.id = ANY($1::bigint[])
  UNION
  SELECT f.id FROM package_match m JOIN finding f ON f.rule_id = m.rule_id AND f.match_id = m.id
  JOIN target t ON t.id = f.target_id WHERE m.id = ANY($2::bigint[]) AND f.inventory_id IS DISTINCT FROM t.inventory_id`;
