import { Injectable } from '@nestjs/common';
import type { BenchmarkName, BenchmarkReport } from '../model/benchmark.js';
import type { ControlResult, ControlStatus } from '../model/control.js';
import { PlimsollError } from '../model/error.js';
import type { Page, PageRequest } from '../model/page.js';
import { decodeCursor, pageOf } from './cursor.js';
import { Database } from './database.js';

/** What controls and benchmarks said of scans. */
@Injectable()
export class ControlStore {
  constructor(private readonly database: Database) {}

  /** In the order of the controls; empty until the scan has ended with facts. */
  async list(
    projectId: string,
    scanId: string,
    filter: { status?: ControlStatus[] },
    page: PageRequest,
  ): Promise<Page<ControlResult>> {
    const { reportId } = await this.reportOf(projectId, scanId);
    const [after = -1] = page.cursor ? decodeCursor(page.cursor, ['number']) : [];
    const rows = await this.database.query(
      `SELECT ordinal, control_id, status, detail FROM control_result
       WHERE report_id = $1 AND ordinal > $2 AND ($3::text[] IS NULL OR status = ANY($3)) ORDER BY ordinal LIMIT $4`,
      [reportId, after, filter.status ?? null, page.limit + 1],
    );
    return pageOf(
      rows,
      page.limit,
      (row) => ({ ...row.detail, id: row.control_id, status: row.status }),
      (row) => [row.ordinal],
    );
  }

  /** @throws PlimsollError `not_found` for a scan that has no report of the benchmark, which must not read as a clean one */
  async benchmark(projectId: string, scanId: string, name: BenchmarkName): Promise<BenchmarkReport> {
    const { reportId, status } = await this.reportOf(projectId, scanId);
    const [row] = await this.database.query('SELECT detail FROM benchmark_report WHERE report_id = $1 AND name = $2', [
      reportId,
      name,
    ]);
    if (row) return { ...row.detail, name };
    const why = reportId === null ? `it is ${status}, and has no results` : 'it is about other kinds of targets';
    throw new PlimsollError('not_found', `Scan ${scanId} has no report of the benchmark ${name}: ${why}.`);
  }

  private async reportOf(projectId: string, scanId: string): Promise<{ reportId: string | null; status: string }> {
    const [scan] = await this.database.query(
      'SELECT control_report_id AS "reportId", status FROM scan WHERE project_id = $1 AND id = $2',
      [projectId, scanId],
    );
    if (!scan) throw new PlimsollError('not_found', `There is no scan ${scanId}.`);
    return scan;
  }
}
