import { Injectable } from '@nestjs/common';
import { PlimsollError } from '../model/error.js';
import type { KnownImage } from '../model/host/audited-container.js';
import type { HostInventory } from '../model/inventory.js';
import { Database } from './database.js';
import { type RiskFilter, riskCondition } from './finding-risk.js';
import { presentCounts } from './scan-row.js';

/** Facts of hosts, and the images that run there. */
@Injectable()
export class HostStore {
  constructor(private readonly database: Database) {}

  /** @throws PlimsollError `not_found`, `inventory_missing` for a scan without facts of a host */
  async ofScan(projectId: string, scanId: string): Promise<{ reference: string; host: HostInventory }> {
    const [row] = await this.database.query(
      `SELECT s.status, s.reference, t.kind, i.host FROM scan s JOIN target t ON t.id = s.target_id
         LEFT JOIN inventory i ON i.id = s.inventory_id
       WHERE s.project_id = $1 AND s.id = $2`,
      [projectId, scanId],
    );
    if (!row) throw new PlimsollError('not_found', `There is no scan ${scanId}.`);
    if (row.host !== null) return { reference: row.reference, host: row.host };
    const why = row.kind === 'host' ? `it is ${row.status}` : `its target is of kind "${row.kind}"`;
    throw new PlimsollError('inventory_missing', `Scan ${scanId} has no facts of a host: ${why}.`);
  }

  /**
   * Images whose newest scan has one of the digests, or that are targets by one of these identities; newest scans first.
   *
   * @param risk which open vulnerabilities are `wanted`; all where it asks for nothing
   */
  async images(
    projectId: string,
    { digests, identities }: { digests: readonly string[]; identities: readonly string[] },
    { ruleId, ...risk }: RiskFilter & { ruleId?: string },
  ): Promise<KnownImage[]> {
    const parameters: unknown[] = [projectId, digests, identities];
    let wanted = riskCondition(risk, parameters);
    if (ruleId !== undefined) wanted += ` AND f.rule_id = $${parameters.push(ruleId)}`;
    const rows = await this.database.query(
      `WITH candidate AS (
         SELECT id FROM target WHERE project_id = $1 AND kind = 'image' AND identity = ANY($3)
         UNION SELECT target_id FROM scan WHERE project_id = $1 AND (digests && $2 OR index_digests && $2))
       SELECT t.id AS "targetId", t.identity, t.reference, s.id AS "scanId", s.digests, s.index_digests AS "indexDigests",
         s.finished_at AS "scannedAt", (s.coverage ->> 'complete')::boolean AS complete, present.counts,
         coalesce(present.vulnerabilities, 0)::int AS vulnerabilities, coalesce(present.undetermined, 0)::int AS undetermined,
         coalesce(present."knownExploited", 0)::int AS "knownExploited", coalesce(present.wanted, 0)::int AS wanted
       FROM candidate c JOIN target t ON t.id = c.id JOIN scan s ON s.id = t.last_scan_id
         LEFT JOIN LATERAL (
           SELECT jsonb_object_agg(severity_rank, n) AS counts, sum(vulnerable) AS vulnerabilities, sum(unsure) AS undetermined,
             sum(exploited) AS "knownExploited", sum(asked) AS wanted
           FROM (
             SELECT severity_rank, count(*) AS n, count(*) FILTER (WHERE ${IS_VULNERABLE}) AS vulnerable,
               count(*) FILTER (WHERE f.kind = 'vulnerability' AND f.status = 'undetermined') AS unsure,
               count(*) FILTER (WHERE ${IS_VULNERABLE} ${riskCondition({ kev: true }, [])}) AS exploited,
               count(*) FILTER (WHERE ${IS_VULNERABLE} ${wanted}) AS asked
             FROM finding f WHERE f.target_id = t.id AND f.status <> 'fixed' AND NOT f.suppressed GROUP BY 1) counted
         ) present ON true
       ORDER BY s.finished_at DESC, t.id`,
      parameters,
    );
    return rows.map((row) => ({ ...row, counts: presentCounts(row.counts ?? {}) }));
  }
}

const IS_VULNERABLE = `f.kind = 'vulnerability' AND f.status = 'open'`;
