import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { BenchmarkReport } from '../model/benchmark.js';
import type { ControlResult } from '../model/control.js';
import type { Coverage } from '../model/coverage.js';
import type { Judgement, UndecidedRule } from '../model/finding.js';
import type { ImageDigests } from '../model/image-digests.js';
import { SEVERITIES, type SeverityCounts } from '../model/severity.js';
import type { VexDecider } from '../model/vex.js';
import { storeControlReport } from './control-report.js';
import { Database } from './database.js';
import { diffFindings, type FindingDiff } from './finding-diff.js';
import { type Footing, type FootingOf, knownFindings, stateOf, storeFindings } from './finding-write.js';
import { type InventoryRows, type NewInventory, storeInventory } from './inventory-write.js';
import { jsonb } from './jsonb.js';
import { lockJudging } from './judging-lock.js';
import { appendToOutbox } from './outbox.js';
import { diffMatches, hiddenByGaps, matchesOf, writeMatches } from './package-match.js';
import type { ClaimedScan } from './scan-claim.store.js';
import { applyVex, hasStatements } from './vex-apply.js';

export interface ScanResult extends NewInventory {
  digests: ImageDigests;
  judgements: Judgement[];
  /** Rules that could not be decided: their findings stay as they are. */
  undecided: UndecidedRule[];
  /** Whether the scan left a file out, as one without lockfiles does: what was found in it stays as it is. */
  isPassedOver(path: string): boolean;
  /** Of what vendors and operators say of the findings. */
  decideVex: VexDecider;
  controls: ControlResult[];
  benchmarks: BenchmarkReport[];
  coverage: Coverage;
}

/** More would hold connections that those who judge need. */
const MAX_AT_ONCE = 3;

/** Stores what a scan found: inventory, the difference to the target's findings, events, and the scan's end. */
@Injectable()
export class ScanResultStore {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly database: Database) {}

  /**
   * One transaction. False, and nothing written, when the claim is no longer the current one.
   *
   * @param judge asked while advisories stand still, so that what it answers is true when it is stored
   */
  async store(claim: ClaimedScan, judge: () => Promise<ScanResult>): Promise<boolean> {
    if (this.running >= MAX_AT_ONCE) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running += 1;
    try {
      return await this.database.transaction(async (manager) => {
        await lockJudging(manager, 'shared');
        return this.storeResult(manager, claim, await judge());
      });
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }

  private async storeResult(manager: EntityManager, claim: ClaimedScan, result: ScanResult): Promise<boolean> {
    const { scan, projectId, fence } = claim;
    const targetId = scan.target.id;
    const [current] = await manager.query(
      `SELECT id FROM scan WHERE id = $1 AND fence = $2 AND status = 'running' AND NOT cancel_requested FOR UPDATE`,
      [scan.id, fence],
    );
    if (!current) return false;
    // Scans of one target store one after the other, so revisions are in order of finishing, and so are times: the
    // transaction may have begun long before.
    const [{ revision, now }] = (
      await manager.query(
        `UPDATE target SET revision = revision + 1, last_scan_id = $2, reference = $3,
           last_scan_at = date_trunc('milliseconds', clock_timestamp())
         WHERE id = $1 RETURNING revision, last_scan_at AS now`,
        [targetId, scan.id, scan.target.reference],
      )
    )[0];
    const inventory = await storeInventory(manager, projectId, result);
    await manager.query('UPDATE target SET inventory_id = $2 WHERE id = $1 AND inventory_id IS DISTINCT FROM $2', [
      targetId,
      inventory.id,
    ]);
    const footingOf = await this.storeMatches(manager, inventory, result);
    const diff = diffFindings(
      await knownFindings(manager, targetId),
      result.judgements,
      result.coverage.items,
      result.undecided,
      result.isPassedOver,
      (judgement) => stateOf(judgement, footingOf(judgement)),
    );
    const context = { projectId, targetId, scanId: scan.id, inventoryId: inventory.id, revision, now };
    await storeFindings(manager, context, diff, footingOf);
    if (await hasStatements(manager, projectId)) {
      const { decideVex } = result;
      const imageDigest = result.digests.manifest;
      const ids = `SELECT id FROM finding WHERE target_id = $1 AND kind = 'vulnerability' AND status <> 'fixed'`;
      const scope = { ids, parameters: [targetId], imageDigest, actor: 'system', scanId: scan.id };
      await applyVex(manager, scope, decideVex);
    }
    const reportId = await storeControlReport(manager, projectId, result);
    const counts = await this.countFindings(manager, targetId);
    const status = result.coverage.complete ? 'succeeded' : 'partial';
    await manager.query(
      `UPDATE scan SET status = $2, finished_at = $9, phase = 'done', percent = 100, coverage = $3, counts = $4,
         inventory_id = $5, revision = $6, image_digest = $7, control_report_id = $8, digests = $10, index_digests = $11, lease_expires_at = NULL WHERE id = $1`,
      [
        scan.id,
        status,
        jsonb(result.coverage),
        jsonb(counts),
        inventory.id,
        revision,
        result.digests.manifest,
        reportId,
        now,
        [result.digests.manifest, result.digests.configuration].filter((digest) => digest !== null),
        result.digests.indexes,
      ],
    );
    await this.tellEnd(manager, claim, result, diff, status, counts);
    return true;
  }

  /**
   * Keeps what advisories say of the inventory's packages. The scan knows it as well as a pass over all targets would;
   * what it knows first, the others are told later.
   */
  private async storeMatches(
    manager: EntityManager,
    { packageIds, isNew }: InventoryRows,
    { inventory, judgements, coverage, undecided }: ScanResult,
  ): Promise<FootingOf> {
    const ordinals = new Map(inventory.packages.map(({ purl }, ordinal) => [purl, ordinal]));
    const placeOf = ({ kind, package: entry }: Judgement) => {
      const ordinal = kind === 'vulnerability' && entry !== null ? ordinals.get(entry.purl) : undefined;
      const packageId = ordinal === undefined ? undefined : packageIds[ordinal];
      return ordinal === undefined || packageId === undefined ? null : { ordinal, packageId };
    };
    const judged = judgements.flatMap((judgement) => {
      const place = placeOf(judgement);
      return place === null ? [] : [{ packageId: place.packageId, judgement }];
    });
    const isHidden = hiddenByGaps(
      coverage.items,
      undecided,
      inventory.packages.map(({ purl, ecosystem }, ordinal) => ({ id: packageIds[ordinal] ?? '', purl, ecosystem })),
    );
    const known = await matchesOf(manager, packageIds);
    await writeMatches(manager, diffMatches(known, judged, isHidden), (packageId) => !isNew(packageId));
    const footings = new Map<string, Map<string, Pick<Footing, 'matchId' | 'matchVersion'>>>();
    for (const { id, packageId, ruleId, version } of await matchesOf(manager, packageIds)) {
      const ofPackage = footings.get(packageId) ?? new Map();
      footings.set(packageId, ofPackage.set(ruleId, { matchId: id, matchVersion: version }));
    }
    return (judgement) => {
      const place = placeOf(judgement);
      const match = place && footings.get(place.packageId)?.get(judgement.ruleId);
      return match ? { ...match, ordinal: place.ordinal } : null;
    };
  }

  /** What the scan's list of findings shows: a partial scan has those too that it could not look for, and left open. */
  private async countFindings(manager: EntityManager, targetId: string): Promise<SeverityCounts> {
    const rows: { rank: number; count: number }[] = await manager.query(
      `SELECT severity_rank AS rank, count(*)::int AS count FROM finding WHERE target_id = $1 AND status <> 'fixed' AND NOT suppressed
       GROUP BY severity_rank`,
      [targetId],
    );
    const found = new Map(rows.map(({ rank, count }) => [SEVERITIES[rank], count]));
    return Object.fromEntries(SEVERITIES.map((severity) => [severity, found.get(severity) ?? 0])) as SeverityCounts;
  }

  private tellEnd(
    manager: EntityManager,
    { scan, projectId }: ClaimedScan,
    { coverage, inventoryDigest, digests }: ScanResult,
    diff: FindingDiff,
    status: string,
    counts: SeverityCounts,
  ): Promise<void> {
    return appendToOutbox(manager, projectId, [
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
          gaps: coverage.items.length,
          opened: diff.opened.length,
          fixed: diff.fixed.length,
          reopened: diff.reopened.length,
          changed: diff.changed.length,
          inventoryDigest,
          imageDigest: digests.manifest,
        },
      },
    ]);
  }
}
