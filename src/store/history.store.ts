import { Injectable } from '@nestjs/common';
import { PlimsollError } from '../model/error.js';
import type { FindingChange, HistoryEntry, PackageChange, ScanDifference } from '../model/history.js';
import type { Page, PageRequest } from '../model/page.js';
import { decodeCursor, pageOf } from './cursor.js';
import { Database } from './database.js';
import { FINDING_COLUMNS, FINDING_JOINS, findingOf, foundAt } from './finding-row.js';

/** A scan with facts, as two of them are compared. */
interface ComparedScan {
  targetId: string;
  revision: number;
  inventoryId: string;
}

/**
 * Findings that one of two scans has; of both, the second one's. `$1`, `$2` are target and revision of the first, `$3`, `$4`
 * those of the second. Findings of two targets are the same by their fingerprint.
 */
const COMPARED = `before AS (SELECT f.fingerprint, f.id FROM finding f WHERE f.target_id = $1 AND ${foundAt('$2')}),
  after AS (SELECT f.fingerprint, f.id FROM finding f WHERE f.target_id = $3 AND ${foundAt('$4')}),
  compared AS (SELECT coalesce(after.id, before.id) AS id,
      CASE WHEN before.id IS NULL THEN 'opened' WHEN after.id IS NULL THEN 'fixed' END AS change
    FROM before FULL JOIN after USING (fingerprint))`;

/** What became of targets over time, from what scans and re-judging left behind. */
@Injectable()
export class HistoryStore {
  constructor(private readonly database: Database) {}

  /** Scans that have ended, newest first. */
  async ofTarget(projectId: string, targetId: string, page: PageRequest): Promise<Page<HistoryEntry>> {
    const [before = null] = page.cursor ? decodeCursor(page.cursor, ['uuid']) : [];
    const [target] = await this.database.query('SELECT FROM target WHERE project_id = $1 AND id = $2', [
      projectId,
      targetId,
    ]);
    if (!target) throw new PlimsollError('not_found', `There is no target ${targetId}.`);
    const rows = await this.database.query(
      `WITH page AS (
         SELECT s.*, i.digest FROM scan s LEFT JOIN inventory i ON i.id = s.inventory_id
         WHERE s.project_id = $1 AND s.target_id = $2 AND s.finished_at IS NOT NULL AND ($3::uuid IS NULL OR s.id < $3)
         ORDER BY s.id DESC LIMIT $4),
       period AS MATERIALIZED (
         SELECT opened_scan_id, closed_scan_id, opened_revision, closed_revision FROM finding_period WHERE target_id = $2
         UNION ALL
         SELECT opened_scan_id, NULL, opened_revision, NULL FROM finding WHERE target_id = $2 AND status <> 'fixed'),
       opened AS (SELECT opened_revision AS revision, opened_scan_id AS scan_id, count(*)::int AS n FROM period GROUP BY 1, 2),
       closed AS (SELECT closed_revision AS revision, closed_scan_id AS scan_id, count(*)::int AS n FROM period
         WHERE closed_revision IS NOT NULL GROUP BY 1, 2)
       SELECT page.*,
         coalesce((SELECT n FROM opened WHERE scan_id = page.id), 0) AS opened,
         coalesce((SELECT n FROM closed WHERE scan_id = page.id), 0) AS fixed,
         coalesce((SELECT n FROM opened WHERE scan_id IS NULL AND revision = page.revision), 0) AS opened_since,
         coalesce((SELECT n FROM closed WHERE scan_id IS NULL AND revision = page.revision), 0) AS fixed_since
       FROM page ORDER BY page.id DESC`,
      [projectId, targetId, before, page.limit + 1],
    );
    return pageOf(rows, page.limit, entryOf, (row) => [row.id]);
  }

  /** How many findings two scans share, and how many one of them has alone. */
  async difference(projectId: string, firstId: string, secondId: string): Promise<ScanDifference> {
    const [row] = await this.database.query<ScanDifference>(
      `WITH ${COMPARED} SELECT count(*) FILTER (WHERE change = 'opened')::int AS opened,
         count(*) FILTER (WHERE change = 'fixed')::int AS fixed, count(*) FILTER (WHERE change IS NULL)::int AS unchanged
       FROM compared`,
      await this.parameters(projectId, firstId, secondId),
    );
    return row ?? { opened: 0, fixed: 0, unchanged: 0 };
  }

  /** Worst first. */
  async findingChanges(
    projectId: string,
    firstId: string,
    secondId: string,
    page: PageRequest,
  ): Promise<Page<FindingChange>> {
    const [rank = -1, id = '00000000-0000-0000-0000-000000000000'] = page.cursor
      ? decodeCursor(page.cursor, ['number', 'uuid'])
      : [];
    const rows = await this.database.query(
      `WITH ${COMPARED} SELECT c.change, ${FINDING_COLUMNS}
       FROM compared c JOIN finding f ON f.id = c.id ${FINDING_JOINS}
       WHERE c.change IS NOT NULL AND (f.severity_rank, f.id) > ($5::int, $6::uuid)
       ORDER BY f.severity_rank, f.id LIMIT $7`,
      [...(await this.parameters(projectId, firstId, secondId)), rank, id, page.limit + 1],
    );
    return pageOf(
      rows,
      page.limit,
      (row) => ({ change: row.change, finding: findingOf(row) }),
      (row) => [row.severity_rank, row.id],
    );
  }

  /** By name, then by where it is. The same package of two inventories is known by its identity. */
  async packageChanges(
    projectId: string,
    firstId: string,
    secondId: string,
    page: PageRequest,
  ): Promise<Page<PackageChange>> {
    const [name = '', identity = ''] = page.cursor ? decodeCursor(page.cursor, ['string', 'string']) : [];
    const [first, second] = await this.scans(projectId, firstId, secondId);
    const rows = await this.database.query(
      `WITH before AS (SELECT p.*, i.identity FROM inventory_package i JOIN package p ON p.id = i.package_id WHERE i.inventory_id = $1),
       after AS (SELECT p.*, i.identity FROM inventory_package i JOIN package p ON p.id = i.package_id WHERE i.inventory_id = $2)
       SELECT coalesce(a.name, b.name) AS name, coalesce(a.ecosystem, b.ecosystem) AS ecosystem,
         coalesce(encode(identity, 'hex'), a.purl, b.purl) AS identity,
         b.purl AS purl_before, b.version AS version_before, a.purl AS purl_after, a.version AS version_after
       FROM before b FULL JOIN after a USING (identity)
       WHERE a.id IS DISTINCT FROM b.id
         AND (coalesce(a.name, b.name), coalesce(encode(identity, 'hex'), a.purl, b.purl)) > ($3::text, $4::text)
       ORDER BY 1, 3 LIMIT $5`,
      [first.inventoryId, second.inventoryId, name, identity, page.limit + 1],
    );
    return pageOf(rows, page.limit, packageChangeOf, (row) => [row.name, row.identity]);
  }

  private async parameters(projectId: string, firstId: string, secondId: string): Promise<unknown[]> {
    const [first, second] = await this.scans(projectId, firstId, secondId);
    return [first.targetId, first.revision, second.targetId, second.revision];
  }

  private scans(projectId: string, firstId: string, secondId: string): Promise<[ComparedScan, ComparedScan]> {
    return Promise.all([this.scan(projectId, firstId), this.scan(projectId, secondId)]);
  }

  /** @throws PlimsollError `not_found`; `inventory_missing` for one that has no facts (yet) */
  private async scan(projectId: string, id: string): Promise<ComparedScan> {
    const [row] = await this.database.query(
      'SELECT target_id, revision, inventory_id FROM scan WHERE project_id = $1 AND id = $2',
      [projectId, id],
    );
    if (!row) throw new PlimsollError('not_found', `There is no scan ${id}.`);
    if (row.revision === null) {
      const message = `The scan ${id} has no results to compare: it has not ended, or it failed.`;
      throw new PlimsollError('inventory_missing', message);
    }
    return { targetId: row.target_id, revision: row.revision, inventoryId: row.inventory_id };
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a row has the form that the query gives it
function entryOf(row: any): HistoryEntry {
  return {
    scan: {
      id: row.id,
      status: row.status,
      trigger: row.trigger,
      createdAt: row.created_at,
      finishedAt: row.finished_at,
      error: row.error_code === null ? null : { code: row.error_code, message: row.error_message },
      inventoryDigest: row.digest,
      imageDigest: row.image_digest,
    },
    isComplete: row.coverage.complete,
    counts: row.counts,
    opened: row.opened,
    fixed: row.fixed,
    openedSince: row.opened_since,
    fixedSince: row.fixed_since,
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a row has the form that the query gives it
function packageChangeOf(row: any): PackageChange {
  const before = row.purl_before === null ? null : { purl: row.purl_before, version: row.version_before };
  const after = row.purl_after === null ? null : { purl: row.purl_after, version: row.version_after };
  const change = before === null ? 'added' : after === null ? 'removed' : 'changed';
  return { change, ecosystem: row.ecosystem, name: row.name, before, after };
}
