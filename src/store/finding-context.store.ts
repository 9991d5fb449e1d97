import { Injectable } from '@nestjs/common';
import type { ControlResult } from '../model/control.js';
import type { Finding } from '../model/finding.js';
import type { ImageConfig } from '../model/image-config.js';
import type { HostInventory } from '../model/inventory.js';
import type { Package } from '../model/package.js';
import { Database } from './database.js';
import { PACKAGE_SELECT, packageOf } from './package-row.js';

/** The facts that a finding rests on. */
export interface FindingContext {
  scanId: string;
  scannedAt: Date;
  /** Null where the finding has none. */
  package: Package | null;
  /** Null where the target has no configuration, or was read before the order of layers was kept. */
  image: Pick<ImageConfig, 'diffIds' | 'history'> | null;
  /** Of a failed control; null for any other finding. */
  control: ControlResult | null;
  /** Of a host, for a finding that rests on its containers; null for any other. */
  host: Pick<HostInventory, 'engine' | 'logMatches'> | null;
}

/** Where a finding comes from. */
@Injectable()
export class FindingContextStore {
  constructor(private readonly database: Database) {}

  /** Of the newest scan that has the finding's package, and from before it was fixed; null where there is none. */
  async find(projectId: string, finding: Finding): Promise<FindingContext | null> {
    const purl = finding.package?.purl ?? null;
    const isOfContainers = finding.kind === 'exposure' || finding.kind === 'runtime';
    const [scan] = await this.database.query(
      `SELECT s.id, s.finished_at, s.inventory_id, s.control_report_id, i.image #> '{config,diffIds}' AS "diffIds",
         i.image #> '{config,history}' AS history,
         CASE WHEN $5 THEN jsonb_build_object('engine', i.host -> 'engine', 'logMatches', i.host -> 'logMatches') END AS host
       FROM scan s JOIN inventory i ON i.id = s.inventory_id
       WHERE s.project_id = $1 AND s.target_id = $2 AND s.revision IS NOT NULL AND ($3::timestamptz IS NULL OR s.finished_at < $3)
         AND ($4::text IS NULL OR EXISTS (
           SELECT FROM inventory_package e JOIN package p ON p.id = e.package_id
           WHERE e.inventory_id = s.inventory_id AND p.purl = $4))
       ORDER BY s.revision DESC LIMIT 1`,
      [projectId, finding.target.id, finding.closedAt, purl, isOfContainers],
    );
    if (!scan) return null;
    return {
      scanId: scan.id,
      scannedAt: scan.finished_at,
      package: purl === null ? null : await this.package(scan.inventory_id, purl),
      image: scan.diffIds === null ? null : { diffIds: scan.diffIds, history: scan.history ?? [] },
      control: finding.kind === 'misconfiguration' ? await this.control(scan.control_report_id, finding.ruleId) : null,
      host: scan.host,
    };
  }

  private async package(inventoryId: string, purl: string): Promise<Package | null> {
    const [row] = await this.database.query(`${PACKAGE_SELECT} WHERE i.inventory_id = $1 AND p.purl = $2 LIMIT 1`, [
      inventoryId,
      purl,
    ]);
    return row ? packageOf(row) : null;
  }

  private async control(reportId: string | null, id: string): Promise<ControlResult | null> {
    const [row] = await this.database.query(
      'SELECT control_id, status, detail FROM control_result WHERE report_id = $1 AND control_id = $2 LIMIT 1',
      [reportId, id],
    );
    return row ? { ...row.detail, id: row.control_id, status: row.status } : null;
  }
}
