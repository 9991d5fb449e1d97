import type { EntityManager } from 'typeorm';
import type { NewEvent } from '../model/event.js';
import type { Judgement } from '../model/finding.js';
import { SEVERITIES } from '../model/severity.js';
import { detailHash, detailOf, type FindingDiff, type KnownFinding } from './finding-diff.js';
import { jsonb } from './jsonb.js';
import { appendToOutbox } from './outbox.js';
import { uuidv7 } from './uuid.js';

/** The match that a judged vulnerability rests on. */
export interface Footing {
  matchId: string;
  matchVersion: number;
  /** Of the package in the inventory. */
  ordinal: number;
}

/** Null for what rests on no stored package: it has its details itself. */
export type FootingOf = (judgement: Judgement) => Footing | null;

export interface FindingContext {
  projectId: string;
  targetId: string;
  scanId: string;
  inventoryId: string;
  revision: number;
  now: Date;
}

export async function knownFindings(manager: EntityManager, targetId: string): Promise<KnownFinding[]> {
  const rows = await manager.query(
    `SELECT f.id, encode(f.fingerprint, 'hex') AS fingerprint, f.kind, f.rule_id, f.status, encode(f.detail_hash, 'hex') AS hash,
       f.match_id, f.match_version, p.ecosystem, coalesce(p.purl, f.detail -> 'package' ->> 'purl') AS purl,
       coalesce(i.locations -> 0 ->> 'path', f.detail -> 'location' ->> 'path') AS path, i.locations -> 0 ->> 'layer' AS layer,
       f.detail -> 'location' ->> 'resource' AS resource
     FROM finding f LEFT JOIN package_match m ON m.id = f.match_id LEFT JOIN package p ON p.id = m.package_id
       LEFT JOIN inventory_package i ON (i.inventory_id, i.ordinal) = (f.inventory_id, f.ordinal)
     WHERE f.target_id = $1`,
    [targetId],
  );
  // biome-ignore lint/suspicious/noExplicitAny: a row has the form that the query gives it
  return rows.map((row: any) => ({
    id: row.id,
    fingerprint: row.fingerprint,
    kind: row.kind,
    ruleId: row.rule_id,
    status: row.status,
    state: row.match_id === null ? row.hash : stateOnMatch(row.match_id, row.match_version, row),
    purl: row.purl,
    path: row.path,
    resource: row.resource,
    ecosystem: row.ecosystem,
  }));
}

/** What has to be the same for a finding to be unchanged. */
export function stateOf(judgement: Judgement, footing: Footing | null): string {
  return footing === null
    ? detailHash(judgement)
    : stateOnMatch(footing.matchId, footing.matchVersion, judgement.location);
}

function stateOnMatch(
  matchId: string,
  version: number,
  location: { path: string | null; layer: string | null } | null,
): string {
  return JSON.stringify([matchId, version, location?.path ?? null, location?.layer ?? null]);
}

/** Writes what a scan changed, and tells it. */
export async function storeFindings(
  manager: EntityManager,
  context: FindingContext,
  diff: FindingDiff,
  footingOf: FootingOf,
): Promise<void> {
  const { projectId, targetId, scanId, inventoryId, revision, now } = context;
  const opened = diff.opened.map((judgement) => ({ id: uuidv7(), judgement }));
  await manager.query(
    `INSERT INTO finding (id, project_id, target_id, fingerprint, kind, rule_id, status, severity_rank, match_id, match_version,
       inventory_id, ordinal, detail_hash, detail, opened_at, opened_revision, opened_scan_id)
     SELECT f.id, $2, $3, decode(f.fingerprint, 'hex'), f.kind, f."ruleId", f.status, f.rank, f."matchId", f."matchVersion",
       CASE WHEN f."matchId" IS NOT NULL THEN $7::uuid END, f.ordinal, decode(f.hash, 'hex'), f.detail, $4, $5, $6
     FROM jsonb_to_recordset($1::jsonb) AS f(id uuid, fingerprint text, kind text, "ruleId" text, status text, rank int,
       "matchId" bigint, "matchVersion" int, ordinal int, hash text, detail jsonb)`,
    [jsonb(opened.map((entry) => rowOf(entry, footingOf))), projectId, targetId, now, revision, scanId, inventoryId],
  );
  await manager.query(
    `UPDATE finding SET status = f.status, severity_rank = f.rank, match_id = f."matchId", match_version = f."matchVersion",
       inventory_id = CASE WHEN f."matchId" IS NOT NULL THEN $5::uuid END, ordinal = f.ordinal,
       detail_hash = decode(f.hash, 'hex'), detail = f.detail, closed_at = NULL,
       opened_at = CASE WHEN f.reopened THEN $2 ELSE opened_at END,
       opened_revision = CASE WHEN f.reopened THEN $3 ELSE opened_revision END,
       opened_scan_id = CASE WHEN f.reopened THEN $4 ELSE opened_scan_id END
     FROM jsonb_to_recordset($1::jsonb) AS f(id uuid, status text, rank int, "matchId" bigint, "matchVersion" int, ordinal int,
       hash text, detail jsonb, reopened boolean)
     WHERE finding.id = f.id`,
    [
      jsonb([
        ...diff.reopened.map((entry) => ({ ...rowOf(entry, footingOf), reopened: true })),
        ...diff.changed.map((entry) => ({ ...rowOf(entry, footingOf), reopened: false })),
      ]),
      now,
      revision,
      scanId,
      inventoryId,
    ],
  );
  await manager.query(
    `WITH fixed AS (
       UPDATE finding SET status = 'fixed', closed_at = $2, suppressed = false, vex = NULL WHERE id = ANY($1::uuid[]) RETURNING *)
     INSERT INTO finding_period (finding_id, project_id, target_id, opened_revision, closed_revision, opened_scan_id,
       closed_scan_id, opened_at, closed_at)
     SELECT id, project_id, target_id, opened_revision, $3, opened_scan_id, $4, opened_at, closed_at FROM fixed`,
    [diff.fixed.map(({ id }) => id), now, revision, scanId],
  );
  const event = (type: NewEvent['type'], findingId: string, data: Record<string, unknown>): NewEvent => ({
    type,
    actor: 'system',
    subject: `finding/${findingId}`,
    scanId,
    targetId,
    findingId,
    data,
  });
  await appendToOutbox(manager, projectId, [
    ...opened.map(({ id, judgement }) => event('finding.opened', id, summaryOf(judgement))),
    ...diff.reopened.map(({ id, judgement }) => event('finding.reopened', id, summaryOf(judgement))),
    ...diff.changed.map(({ id, judgement }) => event('finding.changed', id, summaryOf(judgement))),
    ...diff.fixed.map(({ id, kind, ruleId, purl }) => event('finding.fixed', id, { kind, ruleId, purl })),
  ]);
}

function rowOf({ id, judgement }: { id: string; judgement: Judgement }, footingOf: FootingOf): object {
  const { fingerprint, kind, ruleId, status, severity } = judgement;
  const rank = SEVERITIES.indexOf(severity);
  const footing = footingOf(judgement);
  const detail = footing ?? { hash: detailHash(judgement), detail: detailOf(judgement) };
  return { id, fingerprint, kind, ruleId, status, rank, ...detail };
}

function summaryOf({
  kind,
  ruleId,
  severity,
  status,
  fixedVersion,
  package: entry,
}: Judgement): Record<string, unknown> {
  return { kind, ruleId, severity, status, fixedVersion, purl: entry?.purl ?? null };
}
