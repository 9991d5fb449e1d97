import { Injectable, Logger } from '@nestjs/common';
import { boundedGaps } from '../engine/gap-list.js';
import type { CoverageItem } from '../model/coverage.js';
import { PlimsollError } from '../model/error.js';
import type { Principal } from '../model/principal.js';
import type { Target } from '../model/target.js';
import type { RejudgedInventory } from '../model/vulnerability.js';
import { JobQueue } from '../queue/job-queue.js';
import { rejudgeJobId } from '../queue/jobs.js';
import { InventoryStore } from '../store/inventory.store.js';
import { RejudgeStore } from '../store/rejudge.store.js';
import { RejudgingStateStore } from '../store/rejudging-state.store.js';
import { TargetStore } from '../store/target.store.js';
import { MatchService } from './match.service.js';

/** Judges what a target has, or had, by the advisories of now. No image is read. */
@Injectable()
export class RejudgeService {
  private readonly logger = new Logger(RejudgeService.name);

  constructor(
    private readonly targets: TargetStore,
    private readonly inventories: InventoryStore,
    private readonly rejudging: RejudgeStore,
    private readonly state: RejudgingStateStore,
    private readonly queue: JobQueue,
    private readonly matches: MatchService,
  ) {}

  /**
   * Asks for a pass over the packages that the target has: its findings open, change and close. It is stored that they are
   * to be judged, so should the queue refuse the job, the sweeper hands it over later.
   *
   * @throws PlimsollError `not_found`; `inventory_missing` of a target that no scan has found facts of
   */
  async request(p: Principal, targetId: string): Promise<Target> {
    const target = await this.targets.get(p.projectId, targetId);
    if (!(await this.state.noteTarget(p.projectId, targetId))) throw inventoryMissing(target.reference, null);
    try {
      const change = await this.rejudging.waiting();
      if (change !== null) await this.queue.add('rejudge', rejudgeJobId(change), { change });
    } catch (error) {
      this.logger.warn({ targetId, err: error }, 'the queue took no job; the sweeper will ask again');
    }
    return this.targets.get(p.projectId, targetId);
  }

  /**
   * What would be found in the packages that the target had at a time. Nothing is stored.
   *
   * @throws PlimsollError `not_found`; `inventory_missing` where no scan had found facts by then; `limit_exceeded`
   */
  async inventoryAt(p: Principal, targetId: string, at: Date): Promise<RejudgedInventory> {
    const target = await this.targets.get(p.projectId, targetId);
    const scan = await this.inventories.scanAt(p.projectId, targetId, at);
    const inventory = scan && (await this.inventories.ofScan(p.projectId, scan.id));
    if (!inventory) throw inventoryMissing(target.reference, at);
    const judgedAt = new Date();
    const { items, gaps } = await this.matches.ofInventory(inventory.packages);
    return {
      targetId,
      scanId: scan.id,
      scannedAt: scan.finishedAt,
      inventoryDigest: inventory.digest,
      judgedAt,
      items,
      gaps: boundedGaps([...scan.coverage.filter(isOfReading), ...gaps]),
    };
  }
}

/** What the matcher told of the scan is told anew. */
function isOfReading({ code }: CoverageItem): boolean {
  switch (code) {
    case 'advisories_missing':
    case 'advisories_stale':
    case 'version_undetermined':
    case 'third_party_package':
    case 'name_undetermined':
      return false;
    default:
      return true;
  }
}

function inventoryMissing(reference: string, at: Date | null): PlimsollError {
  const when = at === null ? 'has found' : `had found by ${at.toISOString()}`;
  return new PlimsollError(
    'inventory_missing',
    `No scan of ${reference} ${when} what it has: ${at === null ? 'scan it first' : 'ask for a later time, GET /v1/scans?targetId= lists its scans'}.`,
  );
}
