import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import type { ClusterFacts } from '../model/cluster/cluster-facts.js';
import type { ImageFinding } from '../model/cluster/running-workload.js';
import { PlimsollError } from '../model/error.js';
import { SEVERITIES } from '../model/severity.js';
import { Database } from './database.js';

const unpack = promisify(gunzip);

/** How many of an image are looked at: the likeliest to be used. */
const WORST = 5;

/** Facts of clusters, and what is wrong with the images there. */
@Injectable()
export class ClusterStore {
  constructor(private readonly database: Database) {}

  /** @throws PlimsollError `not_found`, `inventory_missing` for a scan without facts of a cluster */
  async ofScan(projectId: string, scanId: string): Promise<ClusterFacts> {
    const [row] = await this.database.query(
      `SELECT s.status, s.finished_at, t.kind, i.cluster FROM scan s JOIN target t ON t.id = s.target_id
         LEFT JOIN inventory i ON i.id = s.inventory_id
       WHERE s.project_id = $1 AND s.id = $2`,
      [projectId, scanId],
    );
    if (!row) throw new PlimsollError('not_found', `There is no scan ${scanId}.`);
    if (row.cluster !== null) {
      const facts = JSON.parse((await unpack(row.cluster)).toString());
      return { ...facts, collectedAt: row.finished_at.toISOString() };
    }
    const why = row.kind === 'cluster' ? `it is ${row.status}` : `its target is of kind "${row.kind}"`;
    throw new PlimsollError('inventory_missing', `Scan ${scanId} has no facts of a cluster: ${why}.`);
  }

  /** Of each target, its open vulnerabilities that are the likeliest to be used: known to be exploited, by EPSS, by severity. */
  async worst(projectId: string, targetIds: readonly string[]): Promise<Map<string, ImageFinding[]>> {
    const rows = await this.database.query(
      `SELECT t.id, v.* FROM unnest($2::uuid[]) AS t(id) CROSS JOIN LATERAL (
         SELECT f.rule_id, f.severity_rank, kev.id IS NOT NULL AS exploited,
           (epss.record -> 'epss' -> 'probability')::float8 AS probability
         FROM finding f
           LEFT JOIN cve_score kev ON kev.id = f.rule_id AND kev.feed = 'kev'
           LEFT JOIN cve_score epss ON epss.id = f.rule_id AND epss.feed = 'epss'
         WHERE f.project_id = $1 AND f.target_id = t.id AND f.kind = 'vulnerability' AND f.status = 'open' AND NOT f.suppressed
         ORDER BY exploited DESC, (epss.record -> 'epss' -> 'probability')::float8 >= 0.1 DESC NULLS LAST, f.severity_rank, f.rule_id
         LIMIT ${WORST}) v`,
      [projectId, targetIds],
    );
    const found = new Map<string, ImageFinding[]>(targetIds.map((id) => [id, []]));
    for (const { id, rule_id: ruleId, severity_rank: rank, exploited: isExploited, probability } of rows) {
      found.get(id)?.push({ ruleId, severity: SEVERITIES[rank] ?? 'unknown', isExploited, probability });
    }
    return found;
  }
}
