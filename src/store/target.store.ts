import { Injectable } from '@nestjs/common';
import { PlimsollError } from '../model/error.js';
import type { Page, PageRequest } from '../model/page.js';
import type { Target, TargetKind } from '../model/target.js';
import { decodeCursor, pageOf } from './cursor.js';
import { Database } from './database.js';

const COLUMNS = `id, kind, reference, name, labels, created_at, last_scan_id, last_scan_at,
  CASE WHEN inventory_id IS NOT NULL THEN (SELECT coalesce(behind_since, clock_timestamp()) FROM rejudging) END AS judged_at`;

@Injectable()
export class TargetStore {
  constructor(private readonly database: Database) {}

  async list(projectId: string, filter: { kind?: TargetKind }, page: PageRequest): Promise<Page<Target>> {
    const [before = null] = page.cursor ? decodeCursor(page.cursor, ['uuid']) : [];
    const rows = await this.database.query(
      `SELECT ${COLUMNS} FROM target
       WHERE project_id = $1 AND ($2::text IS NULL OR kind = $2) AND ($3::uuid IS NULL OR id < $3)
       ORDER BY id DESC LIMIT $4`,
      [projectId, filter.kind ?? null, before, page.limit + 1],
    );
    return pageOf(rows, page.limit, targetOf, (row) => [row.id]);
  }

  /** The newest scan with facts of each of the targets. */
  async lastScans(
    projectId: string,
    ids: readonly string[],
  ): Promise<Map<string, Pick<Target, 'lastScanId' | 'lastScanAt'>>> {
    const rows = await this.database.query(
      `SELECT id, last_scan_id, last_scan_at FROM target WHERE project_id = $1 AND id = ANY($2::uuid[])`,
      [projectId, ids],
    );
    return new Map(rows.map((row) => [row.id, { lastScanId: row.last_scan_id, lastScanAt: row.last_scan_at }]));
  }

  /**
   * Up to when advisories that came in are in the findings of every target of the project that has facts; null where none
   * has. Whoever tells it asks before the findings, as more may be in them a moment later.
   */
  async judgedUpTo(projectId: string): Promise<Date | null> {
    const [row] = await this.database.query(
      `SELECT coalesce(behind_since, clock_timestamp()) AS up_to FROM rejudging
       WHERE EXISTS (SELECT FROM target WHERE project_id = $1 AND inventory_id IS NOT NULL)`,
      [projectId],
    );
    return row?.up_to ?? null;
  }

  async get(projectId: string, id: string): Promise<Target> {
    const [row] = await this.database.query(`SELECT ${COLUMNS} FROM target WHERE project_id = $1 AND id = $2`, [
      projectId,
      id,
    ]);
    if (!row) throw new PlimsollError('not_found', `There is no target ${id}.`);
    return targetOf(row);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a row has the form that COLUMNS gives it
function targetOf(row: any): Target {
  return {
    id: row.id,
    kind: row.kind,
    reference: row.reference,
    name: row.name,
    labels: row.labels,
    createdAt: row.created_at,
    lastScanId: row.last_scan_id,
    lastScanAt: row.last_scan_at,
    judgedAt: row.judged_at,
  };
}
