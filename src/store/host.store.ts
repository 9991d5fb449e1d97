import { Injectable } from '@nestjs/common';
import { PlimsollError } from '../model/error.js';
import type { ImageAudit } from '../model/host/audited-container.js';
import type { HostInventory } from '../model/inventory.js';
import { Database } from './database.js';
import { presentCounts } from './scan-row.js';

/** An audited image by what containers may know it by. */
export interface KnownImage extends Omit<ImageAudit, 'matchedBy'> {
  /** Of the target. */
  identity: string;
  /** Of the manifest. */
  digest: string | null;
}

/** Facts of hosts, and the images that run there. */
@Injectable()
export class HostStore {
  constructor(private readonly database: Database) {}

  /** @throws PlimsollError `not_found`, `inventory_missing` for a scan without facts of a host */
  async ofScan(projectId: string, scanId: string): Promise<HostInventory> {
    const [row] = await this.database.query(
      `SELECT s.status, t.kind, i.host FROM scan s JOIN target t ON t.id = s.target_id
         LEFT JOIN inventory i ON i.id = s.inventory_id
       WHERE s.project_id = $1 AND s.id = $2`,
      [projectId, scanId],
    );
    if (!row) throw new PlimsollError('not_found', `There is no scan ${scanId}.`);
    if (row.host !== null) return row.host;
    const why = row.kind === 'host' ? `it is ${row.status}` : `its target is of kind "${row.kind}"`;
    throw new PlimsollError('inventory_missing', `Scan ${scanId} has no facts of a host: ${why}.`);
  }

  /** Images whose newest scan has one of the digests, or that are targets by one of these identities; newest scans first. */
  async images(projectId: string, digests: readonly string[], identities: readonly string[]): Promise<KnownImage[]> {
    const rows = await this.database.query(
      `SELECT t.id AS "targetId", t.identity, t.reference, s.id AS "scanId", s.image_digest AS digest,
         s.finished_at AS "scannedAt", (s.coverage ->> 'complete')::boolean AS complete, present.counts,
         coalesce(present.vulnerabilities, 0)::int AS vulnerabilities, coalesce(present.undetermined, 0)::int AS undetermined
       FROM target t JOIN scan s ON s.id = t.last_scan_id
         LEFT JOIN LATERAL (
           SELECT jsonb_object_agg(severity_rank, n) AS counts, sum(vulnerable) AS vulnerabilities, sum(unsure) AS undetermined
           FROM (
             SELECT severity_rank, count(*) AS n,
               count(*) FILTER (WHERE kind = 'vulnerability' AND status = 'open') AS vulnerable,
               count(*) FILTER (WHERE kind = 'vulnerability' AND status = 'undetermined') AS unsure
             FROM finding WHERE target_id = t.id AND status <> 'fixed' GROUP BY 1) c
         ) present ON true
       WHERE t.project_id = $1 AND t.kind = 'image' AND (s.image_digest = ANY($2) OR t.identity = ANY($3))
       ORDER BY s.finished_at DESC, t.id`,
      [projectId, digests, identities],
    );
    return rows.map((row) => ({ ...row, counts: presentCounts(row.counts ?? {}) }));
  }
}
