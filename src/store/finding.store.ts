import { Injectable } from '@nestjs/common';
import { PlimsollError } from '../model/error.js';
import type { Finding, FindingKind, FindingStatus } from '../model/finding.js';
import type { Page, PageRequest } from '../model/page.js';
import { SEVERITIES, type Severity } from '../model/severity.js';
import { decodeCursor, pageOf } from './cursor.js';
import { Database } from './database.js';
import { RISK_COLUMNS, type RiskFilter, riskCondition, riskOfRow } from './finding-risk.js';

export interface FindingFilter extends RiskFilter {
  status?: FindingStatus[];
  severity?: Severity[];
  kind?: FindingKind;
  targetId?: string;
  ruleId?: string;
  /** Any of these. */
  ruleIds?: readonly string[];
}

const CURRENT: FindingStatus[] = ['open', 'undetermined'];

const SELECT = `SELECT f.id, f.fingerprint, f.kind, f.rule_id, f.status, f.severity_rank, f.detail, f.opened_at, f.closed_at,
    t.id AS target_id, t.kind AS target_kind, t.reference AS target_reference, t.name AS target_name,
    ${RISK_COLUMNS}
  FROM finding f JOIN target t ON t.id = f.target_id`;

@Injectable()
export class FindingStore {
  constructor(private readonly database: Database) {}

  /** Worst first. Without a status, those that are not fixed. */
  async list(projectId: string, filter: FindingFilter, page: PageRequest): Promise<Page<Finding>> {
    return this.page(projectId, { ...filter, status: filter.status ?? CURRENT }, page, '', []);
  }

  /** What a scan found, as it is known today. */
  async listByScan(
    projectId: string,
    scanId: string,
    filter: FindingFilter,
    page: PageRequest,
  ): Promise<Page<Finding>> {
    const [scan] = await this.database.query('SELECT target_id, revision FROM scan WHERE project_id = $1 AND id = $2', [
      projectId,
      scanId,
    ]);
    if (!scan) throw new PlimsollError('not_found', `There is no scan ${scanId}.`);
    if (scan.revision === null) return { items: [], nextCursor: null };
    const during = `AND f.target_id = $9 AND EXISTS (SELECT FROM finding_period p WHERE p.finding_id = f.id
      AND p.opened_revision <= $10 AND (p.closed_revision IS NULL OR p.closed_revision > $10))`;
    return this.page(projectId, filter, page, during, [scan.target_id, scan.revision]);
  }

  async get(projectId: string, id: string): Promise<Finding> {
    const [row] = await this.database.query(`${SELECT} WHERE f.project_id = $1 AND f.id = $2`, [projectId, id]);
    if (!row) throw new PlimsollError('not_found', `There is no finding ${id}.`);
    return findingOf(row);
  }

  private async page(
    projectId: string,
    filter: FindingFilter,
    { cursor, limit }: PageRequest,
    condition: string,
    parameters: unknown[],
  ): Promise<Page<Finding>> {
    const [rank = -1, id = '00000000-0000-0000-0000-000000000000'] = cursor
      ? decodeCursor(cursor, ['number', 'uuid'])
      : [];
    const ranks = filter.severity?.map((severity) => SEVERITIES.indexOf(severity)) ?? null;
    const values = [
      projectId,
      rank,
      id,
      filter.status ?? null,
      ranks,
      filter.targetId ?? null,
      filter.ruleIds ?? (filter.ruleId === undefined ? null : [filter.ruleId]),
      filter.kind ?? null,
      ...parameters,
    ];
    const rows = await this.database.query(
      `${SELECT}
       WHERE f.project_id = $1 AND (f.severity_rank, f.id) > ($2::int, $3::uuid)
         AND ($4::text[] IS NULL OR f.status = ANY($4)) AND ($5::int[] IS NULL OR f.severity_rank = ANY($5))
         AND ($6::uuid IS NULL OR f.target_id = $6) AND ($7::text[] IS NULL OR f.rule_id = ANY($7)) ${condition}
         AND ($8::text IS NULL OR f.kind = $8) ${riskCondition(filter, values)}
       ORDER BY f.severity_rank, f.id LIMIT ${limit + 1}`,
      values,
    );
    return pageOf(rows, limit, findingOf, (row) => [row.severity_rank, row.id]);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a row has the form that SELECT gives it
function findingOf(row: any): Finding {
  return {
    // Of before ratings were kept.
    ratings: [],
    ...row.detail,
    id: row.id,
    fingerprint: row.fingerprint,
    kind: row.kind,
    ruleId: row.rule_id,
    status: row.status,
    risk: riskOfRow(row, row.detail),
    target: { id: row.target_id, kind: row.target_kind, reference: row.target_reference, name: row.target_name },
    openedAt: row.opened_at,
    closedAt: row.closed_at,
  };
}
