import { Injectable } from '@nestjs/common';
import { PlimsollError } from '../model/error.js';
import type { Finding, FindingKind, FindingStatus, JudgedFinding } from '../model/finding.js';
import type { Page, PageRequest } from '../model/page.js';
import { SEVERITIES, type Severity } from '../model/severity.js';
import type { FindingVex } from '../model/vex.js';
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
const NOT_SUPPRESSED: FindingStatus[] = [...CURRENT, 'fixed'];

/** A vulnerability has its details from the match that it rests on, and its place from an inventory. */
const SELECT = `SELECT f.id, encode(f.fingerprint, 'hex') AS fingerprint, f.kind, f.rule_id, f.status, f.suppressed, f.vex, f.severity_rank,
    coalesce(m.detail, f.detail) AS detail, i.locations -> 0 AS place, f.opened_at, f.closed_at,
    t.id AS target_id, t.kind AS target_kind, t.reference AS target_reference, t.name AS target_name,
    ${RISK_COLUMNS}
  FROM finding f JOIN target t ON t.id = f.target_id LEFT JOIN package_match m ON m.id = f.match_id
    LEFT JOIN inventory_package i ON (i.inventory_id, i.ordinal) = (f.inventory_id, f.ordinal)`;

@Injectable()
export class FindingStore {
  constructor(private readonly database: Database) {}

  /** Worst first. Without a status, those that are neither fixed nor suppressed. */
  async list(projectId: string, filter: FindingFilter, page: PageRequest): Promise<Page<Finding>> {
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
    const during = `AND f.target_id = $9 AND (f.status <> 'fixed' AND f.opened_revision <= $10
      OR EXISTS (SELECT FROM finding_period p WHERE p.finding_id = f.id AND p.opened_revision <= $10 AND p.closed_revision > $10))`;
    return this.page(projectId, { ...filter, status: filter.status ?? NOT_SUPPRESSED }, page, during, [
      scan.target_id,
      scan.revision,
    ]);
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

// biome-ignore lint/suspicious/noExplicitAny: a row has the form that SELECT gives it
function findingOf(row: any): Finding {
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
