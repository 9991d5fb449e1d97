import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BenchmarkReport } from '../model/benchmark.js';
import { canonicalPackage } from '../model/canonical-package.js';
import type { ControlResult } from '../model/control.js';
import type { Coverage } from '../model/coverage.js';
import type { NewEvent } from '../model/event.js';
import type { Judgement, UndecidedRule } from '../model/finding.js';
import type { Inventory } from '../model/inventory.js';
import { SEVERITIES, type SeverityCounts } from '../model/severity.js';
import { storeControlReport } from './control-report.js';
import { Database } from './database.js';
import { detailHash, detailOf, diffFindings, type FindingDiff, type KnownFinding } from './finding-diff.js';
import { jsonb } from './jsonb.js';
import { appendToOutbox } from './outbox.js';
import type { ClaimedScan } from './scan-claim.store.js';
import { uuidv7 } from './uuid.js';

export interface ScanResult {
  inventory: Inventory;
  inventoryDigest: string;
  /** Of the manifest; null where there is none. */
  imageDigest: string | null;
  judgements: Judgement[];
  /** Rules that could not be decided: their findings stay as they are. */
  undecided: UndecidedRule[];
  /** Whether the scan left a file out, as one without lockfiles does: what was found in it stays as it is. */
  isPassedOver(path: string): boolean;
  controls: ControlResult[];
  benchmarks: BenchmarkReport[];
  coverage: Coverage;
}

/** Stores what a scan found: inventory, the difference to the target's findings, events, and the scan's end. */
@Injectable()
export class ScanResultStore {
  constructor(private readonly database: Database) {}

  /** One transaction. False, and nothing written, when the claim is no longer the current one. */
  store(claim: ClaimedScan, result: ScanResult): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      const { scan, projectId, fence } = claim;
      const [current] = await manager.query(
        `SELECT id FROM scan WHERE id = $1 AND fence = $2 AND status = 'running' AND NOT cancel_requested FOR UPDATE`,
        [scan.id, fence],
      );
      if (!current) return false;
      // Scans of one target store one after the other, so revisions are in order of finishing.
      const [{ revision, now }] = (
        await manager.query(
          `UPDATE target SET revision = revision + 1, last_scan_id = $2, last_scan_at = now(), reference = $3
           WHERE id = $1 RETURNING revision, date_trunc('milliseconds', now()) AS now`,
          [scan.target.id, scan.id, scan.target.reference],
        )
      )[0];
      const inventoryId = await this.storeInventory(manager, projectId, result);
      const known = await this.knownFindings(manager, scan.target.id);
      const diff = diffFindings(known, result.judgements, result.coverage.items, result.undecided, result.isPassedOver);
      await this.storeFindings(manager, claim, diff, ecosystems(result.inventory), revision, now);
      const reportId = await storeControlReport(manager, projectId, result);
      const counts = await this.countFindings(manager, scan.target.id);
      const status = result.coverage.complete ? 'succeeded' : 'partial';
      await manager.query(
        `UPDATE scan SET status = $2, finished_at = now(), phase = 'done', percent = 100, coverage = $3, counts = $4,
           inventory_id = $5, revision = $6, image_digest = $7, control_report_id = $8, lease_expires_at = NULL WHERE id = $1`,
        [scan.id, status, jsonb(result.coverage), jsonb(counts), inventoryId, revision, result.imageDigest, reportId],
      );
      await appendToOutbox(manager, projectId, [
        {
          type: 'scan.finished',
          actor: 'system',
          subject: `scan/${scan.id}`,
          scanId: scan.id,
          targetId: scan.target.id,
          findingId: null,
          data: {
            status,
            counts,
            gaps: result.coverage.items.length,
            opened: diff.opened.length,
            fixed: diff.fixed.length,
            reopened: diff.reopened.length,
            changed: diff.changed.length,
            inventoryDigest: result.inventoryDigest,
            imageDigest: result.imageDigest,
          },
        },
      ]);
      return true;
    });
  }

  /** What the scan's list of findings shows: a partial scan has those too that it could not look for, and left open. */
  private async countFindings(manager: EntityManager, targetId: string): Promise<SeverityCounts> {
    const rows: { rank: number; count: number }[] = await manager.query(
      `SELECT severity_rank AS rank, count(*)::int AS count FROM finding WHERE target_id = $1 AND status <> 'fixed' GROUP BY severity_rank`,
      [targetId],
    );
    const found = new Map(rows.map(({ rank, count }) => [SEVERITIES[rank], count]));
    return Object.fromEntries(SEVERITIES.map((severity) => [severity, found.get(severity) ?? 0])) as SeverityCounts;
  }

  /** The same facts are stored once, whoever finds them again. */
  private async storeInventory(manager: EntityManager, projectId: string, result: ScanResult): Promise<string> {
    const { inventory, inventoryDigest } = result;
    const id = uuidv7();
    const inserted = await manager.query(
      `INSERT INTO inventory (id, project_id, digest, distribution, image) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT ON CONSTRAINT inventory_digest_key DO NOTHING RETURNING id`,
      [
        id,
        projectId,
        inventoryDigest,
        inventory.distribution === null ? null : jsonb(inventory.distribution),
        inventory.image === null ? null : jsonb(inventory.image),
      ],
    );
    if (inserted.length === 0) {
      const [row] = await manager.query('SELECT id FROM inventory WHERE project_id = $1 AND digest = $2', [
        projectId,
        inventoryDigest,
      ]);
      return row.id;
    }
    const packages = inventory.packages.map((entry) => ({ entry, digest: hash('sha256', canonicalPackage(entry)) }));
    // In order of digest: two scans that store the same packages must not wait for each other crosswise.
    await manager.query(
      `INSERT INTO package (digest, purl, type, ecosystem, name, version, source_name, source_version, architecture, licenses,
         module, is_group_guessed)
       SELECT DISTINCT ON (p.digest) decode(p.digest, 'hex'), p.purl, p.type, p.ecosystem, p.name, p.version,
         p.source ->> 'name', p.source ->> 'version', p.architecture, ARRAY(SELECT jsonb_array_elements_text(p.licenses)), p.module,
         coalesce(p."isGroupGuessed", false)
       FROM jsonb_to_recordset($1::jsonb) AS p(digest text, purl text, type text, ecosystem text, name text, version text,
         source jsonb, architecture text, licenses jsonb, module text, "isGroupGuessed" boolean)
       ORDER BY p.digest
       ON CONFLICT ON CONSTRAINT package_digest_key DO NOTHING`,
      [jsonb(packages.map(({ entry, digest }) => ({ ...entry, locations: undefined, digest })))],
    );
    await manager.query(
      `INSERT INTO inventory_package (inventory_id, project_id, ordinal, package_id, locations)
       SELECT $2, $3, p.ordinal, package.id, p.locations
       FROM jsonb_to_recordset($1::jsonb) AS p(digest text, ordinal int, locations jsonb)
       JOIN package ON package.digest = decode(p.digest, 'hex')`,
      [
        jsonb(packages.map(({ entry: { locations }, digest }, ordinal) => ({ digest, ordinal, locations }))),
        id,
        projectId,
      ],
    );
    return id;
  }

  private async knownFindings(manager: EntityManager, targetId: string): Promise<KnownFinding[]> {
    return manager.query(
      `SELECT id, fingerprint, kind, rule_id AS "ruleId", status, detail_hash AS "detailHash", detail -> 'package' ->> 'purl' AS purl,
         detail -> 'location' ->> 'path' AS path,
         ecosystem
       FROM finding WHERE target_id = $1`,
      [targetId],
    );
  }

  private async storeFindings(
    manager: EntityManager,
    { scan, projectId }: ClaimedScan,
    diff: FindingDiff,
    ecosystemOf: ReadonlyMap<string, string | null>,
    revision: number,
    now: Date,
  ): Promise<void> {
    const targetId = scan.target.id;
    const opened = diff.opened.map((judgement) => ({ id: uuidv7(), judgement }));
    await manager.query(
      `INSERT INTO finding (id, project_id, target_id, fingerprint, kind, rule_id, status, severity_rank, ecosystem,
         detail_hash, detail, opened_at)
       SELECT f.id, $2, $3, f.fingerprint, f.kind, f."ruleId", f.status, f.rank, f.ecosystem, f.hash, f.detail, $4
       FROM jsonb_to_recordset($1::jsonb) AS f(id uuid, fingerprint text, kind text, "ruleId" text, status text, rank int,
         ecosystem text, hash text, detail jsonb)`,
      [
        jsonb(
          opened.map((entry) => ({
            ...rowOf(entry),
            ecosystem: ecosystemOf.get(entry.judgement.package?.purl ?? '') ?? null,
          })),
        ),
        projectId,
        targetId,
        now,
      ],
    );
    await manager.query(
      `UPDATE finding SET status = f.status, severity_rank = f.rank, detail_hash = f.hash, detail = f.detail,
         opened_at = CASE WHEN f.reopened THEN $2 ELSE opened_at END, closed_at = NULL
       FROM jsonb_to_recordset($1::jsonb) AS f(id uuid, status text, rank int, hash text, detail jsonb, reopened boolean)
       WHERE finding.id = f.id`,
      [
        jsonb([
          ...diff.reopened.map((entry) => ({ ...rowOf(entry), reopened: true })),
          ...diff.changed.map((entry) => ({ ...rowOf(entry), reopened: false })),
        ]),
        now,
      ],
    );
    const fixed = diff.fixed.map(({ id }) => id);
    await manager.query(`UPDATE finding SET status = 'fixed', closed_at = $2 WHERE id = ANY($1::uuid[])`, [fixed, now]);
    await manager.query(
      `UPDATE finding_period SET closed_revision = $2, closed_scan_id = $3, closed_at = $4
       WHERE finding_id = ANY($1::uuid[]) AND closed_revision IS NULL`,
      [fixed, revision, scan.id, now],
    );
    await manager.query(
      `INSERT INTO finding_period (finding_id, project_id, target_id, opened_revision, opened_scan_id, opened_at)
       SELECT id, $2, $3, $4, $5, $6 FROM unnest($1::uuid[]) AS id`,
      [[...opened, ...diff.reopened].map(({ id }) => id), projectId, targetId, revision, scan.id, now],
    );
    const event = (type: NewEvent['type'], findingId: string, data: Record<string, unknown>): NewEvent => ({
      type,
      actor: 'system',
      subject: `finding/${findingId}`,
      scanId: scan.id,
      targetId,
      findingId,
      data,
    });
    await appendToOutbox(manager, projectId, [
      ...opened.map(({ id, judgement }) => event('finding.opened', id, summaryOf(judgement))),
      ...diff.reopened.map(({ id, judgement }) => event('finding.reopened', id, summaryOf(judgement))),
      ...diff.changed.map(({ id, judgement }) => event('finding.changed', id, summaryOf(judgement))),
      ...diff.fixed.map(({ id, kind, ruleId, purl }) => event('finding.fixed', id, { kind, ruleId, purl })),
    ]);
  }
}

function rowOf({ id, judgement }: { id: string; judgement: Judgement }): object {
  const { fingerprint, kind, ruleId, status, severity } = judgement;
  const rank = SEVERITIES.indexOf(severity);
  return { id, fingerprint, kind, ruleId, status, rank, hash: detailHash(judgement), detail: detailOf(judgement) };
}

function summaryOf({
  kind,
  ruleId,
  severity,
  status,
  fixedVersion,
  package: entry,
}: Judgement): Record<string, unknown> {
  return { kind, ruleId, severity, status, fixedVersion, purl: entry?.purl ?? null };
}

function ecosystems({ packages }: Inventory): Map<string, string | null> {
  return new Map(packages.map(({ purl, ecosystem }) => [purl, ecosystem]));
}
