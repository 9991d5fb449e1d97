import { Injectable } from '@nestjs/common';
import type { CoverageItem } from '../model/coverage.js';
import type { Distribution } from '../model/distribution.js';
import type { Package } from '../model/package.js';
import { Database } from './database.js';
import { PACKAGE_SELECT, packageOf } from './package-row.js';

/** The packages of an inventory, and what they were found with. */
export interface StoredInventory {
  /** `sha256:…` of the canonical facts. */
  digest: string;
  /** When these facts were first found. */
  createdAt: Date;
  distribution: Distribution | null;
  /** Sorted by purl. */
  packages: Package[];
}

@Injectable()
export class InventoryStore {
  constructor(private readonly database: Database) {}

  /** The last scan of a target that had found facts by then; null where there was none. */
  async scanAt(
    projectId: string,
    targetId: string,
    at: Date,
  ): Promise<{ id: string; finishedAt: Date; coverage: readonly CoverageItem[] } | null> {
    const [scan] = await this.database.query(
      `SELECT id, finished_at, coverage -> 'items' AS coverage FROM scan
       WHERE project_id = $1 AND target_id = $2 AND inventory_id IS NOT NULL AND finished_at <= $3
       ORDER BY finished_at DESC, id DESC LIMIT 1`,
      [projectId, targetId, at],
    );
    return scan ? { id: scan.id, finishedAt: scan.finished_at, coverage: scan.coverage ?? [] } : null;
  }

  /** What a scan found, as a whole; null for a scan that has no inventory, or is not there. */
  async ofScan(projectId: string, scanId: string): Promise<StoredInventory | null> {
    const [inventory] = await this.database.query(
      `SELECT i.id, i.digest, i.created_at, i.distribution FROM inventory i JOIN scan s ON s.inventory_id = i.id
       WHERE s.project_id = $1 AND s.id = $2`,
      [projectId, scanId],
    );
    if (!inventory) return null;
    const rows = await this.database.query(`${PACKAGE_SELECT} WHERE i.inventory_id = $1 ORDER BY i.ordinal`, [
      inventory.id,
    ]);
    return {
      digest: inventory.digest,
      createdAt: inventory.created_at,
      distribution: inventory.distribution,
      packages: rows.map(packageOf),
    };
  }
}
