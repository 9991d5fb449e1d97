import { hostname } from 'node:os';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { buildInventory, inventoryDigest } from '../engine/inventory.js';
import { judge } from '../engine/matcher/match.js';
import { allowedPath } from '../files/allowed-path.js';
import { TemporaryFiles } from '../files/temporary-files.js';
import { UploadFiles } from '../files/upload-files.js';
import { PlimsollError } from '../model/error.js';
import { parseImageReference } from '../model/reference.js';
import { DigestMemory } from '../source/archive/digest-memory.js';
import { LayerWorkers } from '../source/archive/layer-workers.js';
import { type LocalImageReference, readImage } from '../source/archive/read-image.js';
import { AdvisoryStore } from '../store/advisory.store.js';
import { type ClaimedScan, ScanClaimStore } from '../store/scan-claim.store.js';
import { ScanResultStore } from '../store/scan-result.store.js';
import { UploadStore } from '../store/upload.store.js';
import { StoredLayerCache } from './layer-cache.js';
import { LEASE_SECONDS, ScanLease } from './scan-lease.js';

/** A scan that takes its worker down this often is not tried again. */
const MAX_ATTEMPTS = 3;

/** Reading is most of a scan; matching and storing share the rest of the progress bar. */
const PERCENT = { read: 90, matched: 95 };

/** Runs one scan from claim to end: source → engine → store. */
@Injectable()
export class ScanRunner {
  private readonly logger = new Logger(ScanRunner.name);
  private readonly workerId = `${hostname()}:${process.pid}`;
  private readonly digests = new DigestMemory();
  private readonly layerWorkers = new LayerWorkers();
  private readonly leases = new Set<ScanLease>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly scans: ScanClaimStore,
    private readonly results: ScanResultStore,
    private readonly layers: StoredLayerCache,
    private readonly advisories: AdvisoryStore,
    private readonly uploads: UploadStore,
    private readonly uploadFiles: UploadFiles,
    private readonly temporaryFiles: TemporaryFiles,
  ) {}

  /** Does nothing for a scan that is not there, has ended, or is another worker's. */
  async run(scanId: string): Promise<void> {
    const claim = await this.scans.claim(scanId, this.workerId, LEASE_SECONDS);
    if (!claim) return;
    if (claim.attempt > MAX_ATTEMPTS) {
      const message = `The scan took its worker down ${MAX_ATTEMPTS} times: look for the reason in the workers' logs.`;
      await this.scans.fail(claim, { code: 'worker_lost', message });
      return;
    }
    const lease = new ScanLease(this.scans, claim);
    this.leases.add(lease);
    try {
      await this.audit(claim, lease);
    } catch (error) {
      await lease.end();
      await this.conclude(claim, lease, error);
    } finally {
      await lease.end();
      this.leases.delete(lease);
    }
  }

  /** Scans that run now are handed back to the queue. */
  stopAll(): void {
    for (const lease of this.leases) lease.stop('shutdown');
  }

  /** After the last scan. */
  close(): Promise<void> {
    return this.layerWorkers.close();
  }

  private async audit(claim: ClaimedScan, lease: ScanLease): Promise<void> {
    const started = performance.now();
    const image = await readImage(await this.locate(claim), {
      cache: this.layers,
      signal: lease.signal,
      digests: this.digests,
      workers: this.layerWorkers,
      onProgress: (fraction) => lease.report('reading', fraction * PERCENT.read),
      platform: claim.scan.options.platform ?? null,
      maxLayerBytes: this.config.maxLayerBytes,
      tempDir: this.temporaryFiles.folder,
    });
    const inventory = buildInventory(image, { lockfiles: claim.scan.options.lockfiles ?? false });
    const read = performance.now();
    lease.report('matching', PERCENT.read);
    const { judgements, gaps } = await judge(inventory, this.advisories);
    lease.report('storing', PERCENT.matched);
    const matched = performance.now();
    const items = [...inventory.gaps, ...gaps];
    lease.signal.throwIfAborted();
    await lease.end();
    const stored = await this.results.store(claim, {
      inventory,
      inventoryDigest: inventoryDigest(inventory),
      judgements,
      coverage: { complete: items.length === 0, items },
    });
    this.logger.log(
      {
        scanId: claim.scan.id,
        stored,
        packages: inventory.packages.length,
        findings: judgements.length,
        gaps: items.length,
        readMs: Math.round(read - started),
        matchMs: Math.round(matched - read),
        storeMs: Math.round(performance.now() - matched),
      },
      stored ? 'scan finished' : 'scan result dropped: the scan is another worker’s now, or was cancelled',
    );
    if (!stored) await this.scans.markCancelled(claim);
  }

  private async locate({ scan, projectId }: ClaimedScan): Promise<LocalImageReference> {
    const reference = parseImageReference(scan.target.reference);
    if (reference.transport === 'upload') {
      await this.uploads.get(projectId, reference.id);
      return { transport: 'auto', path: this.uploadFiles.path(reference.id) };
    }
    return { ...reference, path: await allowedPath(reference.path, this.config.importDirs) };
  }

  /** What becomes of a scan that did not reach its end. */
  private async conclude(claim: ClaimedScan, lease: ScanLease, error: unknown): Promise<void> {
    const { id } = claim.scan;
    switch (lease.stopReason) {
      case 'cancelled':
        await this.scans.markCancelled(claim);
        return;
      case 'shutdown':
        await this.scans.handBack(id, claim.fence);
        this.logger.log({ scanId: id }, 'scan handed back: this worker is stopping');
        return;
      case 'lost':
        this.logger.warn({ scanId: id }, 'scan dropped: its lease was lost');
        return;
      case null:
        if (error instanceof PlimsollError) {
          this.logger.warn({ scanId: id, code: error.code }, error.message);
          await this.scans.fail(claim, { code: error.code, message: error.message });
          return;
        }
        this.logger.error({ scanId: id, err: error }, 'scan failed unexpectedly');
        await this.scans.fail(claim, {
          code: 'internal_error',
          message: `The scan failed unexpectedly; the log of worker ${this.workerId} has the details under this scan's id.`,
        });
    }
  }
}
