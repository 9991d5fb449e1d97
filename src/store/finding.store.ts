import { Injectable } from '@nestjs/common';
import { PlimsollError } from '../model/error.js';
import {
  FINDING_STATUSES,
  type Finding,
  type FindingKind,
  type FindingStatus,
  type JudgedFinding,
} from '../model/finding.js';
import type { Page, PageRequest } from '../model/page.js';
import { SEVERITIES, type Severity } from '../model/severity.js';
import { decodeCursor, pageOf } from './cursor.js';
import { Database } from './database.js';
import { type RiskFilter, riskCondition } from './finding-risk.js';
import { FINDING_COLUMNS, FINDING_JOINS, findingOf, foundAt } from './finding-row.js';

export interface FindingFilter extends RiskFilter {
  status?: FindingStatus[];
  severity?: Severity[];
  kind?: FindingKind;
  targetId?: string;
  ruleId?: string;
  /** Any of these. */
  ruleIds?: readonly string[];
  /** Those that were known to be there at this time; with it, a status is one of today. */
  asOf?: Date;
}

const CURRENT: FindingStatus[] = ['open', 'undetermined'];
const NOT_SUPPRESSED: FindingStatus[] = [...CURRENT, 'fixed'];

const SELECT = `SELECT ${FINDING_COLUMNS} FROM finding f ${FINDING_JOINS}`;

@Injectable()
export class FindingStore {
  constructor(private readonly database: Database) {}

  /** Worst first. Without a status, those that are neither fixed nor suppressed. */
  async list(projectId: string, filter: FindingFilter, page: PageRequest): Promise<Page<Finding>> {
    if (filter.asOf !== undefined) return this.listAsOf(projectId, filter, filter.asOf, page);
    return this.page(projectId, { ...filter, status: filter.status ?? CURRENT }, page, '', []);
  }

  /**
   * What a scan found, as it is known today: what advisories said of its facts until the target's next scan, and for the
   * last scan, what the target has. Without a status, all but the suppressed.
   */
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
    const during = `AND f.target_id = $9 AND ${foundAt('$10')}`;
    return this.page(projectId, { ...filter, status: filter.status ?? NOT_SUPPRESSED }, page, during, [
      scan.target_id,
      scan.revision,
    ]);
  }

  /**
   * What was there at a time, as the service knew it then. When each was opened and closed is of then; what else is told of
   * it is of today.
   */
  private async listAsOf(
    projectId: string,
    filter: FindingFilter,
    asOf: Date,
    page: PageRequest,
  ): Promise<Page<Finding>> {
    const status = filter.status ?? [...FINDING_STATUSES];
    const then = `AND (f.opened_at <= $9 AND (f.closed_at IS NULL OR f.closed_at > $9) OR EXISTS (
      SELECT FROM finding_period p WHERE p.finding_id = f.id AND p.opened_at <= $9 AND p.closed_at > $9))`;
    const { items, nextCursor } = await this.page(projectId, { ...filter, status }, page, then, [asOf]);
    const periods = await this.database.query<{ finding_id: string; opened_at: Date; closed_at: Date }>(
      `SELECT finding_id, opened_at, closed_at FROM finding_period
       WHERE finding_id = ANY($1::uuid[]) AND opened_at <= $2 AND closed_at > $2`,
      [items.map(({ id }) => id), asOf],
    );
    const byFinding = new Map(periods.map((period) => [period.finding_id, period]));
    const asThen = (finding: Finding): Finding => {
      const period = byFinding.get(finding.id);
      return period ? { ...finding, openedAt: period.opened_at, closedAt: period.closed_at } : finding;
    };
    return { items: items.map(asThen), nextCursor };
  }

  async get(projectId: string, id: string): Promise<JudgedFinding> {
    const [row] = await this.database.query(`${SELECT} WHERE f.project_id = $1 AND f.id = $2`, [projectId, id]);
    if (!row) throw new PlimsollError('not_found', `There is no finding ${id}.`);
    return { ...findingOf(row), judgedStatus: row.status };
  }

  private async page(
    projectId: string,
    filter: FindingFilter & { status: FindingStatus[] },
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
      filter.status,
      ranks,
      filter.targetId ?? null,
      filter.ruleIds ?? (filter.ruleId === undefined ? null : [filter.ruleId]),
      filter.kind ?? null,
      ...parameters,
    ];
    // Written so that an index over those that are not fixed is seen to hold them.
    const suppressed = filter.status.includes('suppressed') ? `OR f.suppressed AND f.status <> 'fixed'` : '';
    const rows = await this.database.query(
      `${SELECT}
       WHERE f.project_id = $1 AND (f.severity_rank, f.id) > ($2::int, $3::uuid)
         AND (f.status = ANY($4::text[]) AND NOT f.suppressed ${suppressed}) AND ($5::int[] IS NULL OR f.severity_rank = ANY($5))
         AND ($6::uuid IS NULL OR f.target_id = $6) AND ($7::text[] IS NULL OR f.rule_id = ANY($7)) ${condition}
         AND ($8::text IS NULL OR f.kind = $8) ${riskCondition(filter, values)}
       ORDER BY f.severity_rank, f.id LIMIT ${limit + 1}`,
      values,
    );
    return pageOf(rows, limit, findingOf, (row) => [row.severity_rank, row.id]);
  }
}
