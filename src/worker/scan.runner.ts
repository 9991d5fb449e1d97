import { hostname } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { canonicalCluster } from '../engine/cluster/canonical-cluster.js';
import { clusterInventory } from '../engine/cluster/cluster-inventory.js';
import type { AuditedWorkload } from '../engine/cluster/workloads.js';
import { hostInventory } from '../engine/host/host-inventory.js';
import { buildInventory, inventoryDigest } from '../engine/inventory.js';
import { hashedIdentities } from '../engine/matcher/fingerprint.js';
import { advisoryNamesOf } from '../engine/matcher/subject.js';
import { isLockfile } from '../engine/plugins.js';
import { buildSbomInventory } from '../engine/sbom/sbom-facts.js';
import { decideVex } from '../engine/vex/applies.js';
import { PlimsollError } from '../model/error.js';
import { type ImageDigests, NO_DIGESTS } from '../model/image-digests.js';
import type { Inventory } from '../model/inventory.js';
import { AdvisoryStore } from '../store/advisory.store.js';
import { LifecycleStore } from '../store/lifecycle.store.js';
import { type ClaimedScan, ScanClaimStore } from '../store/scan-claim.store.js';
import { ScanResultStore } from '../store/scan-result.store.js';
import { VexStore } from '../store/vex.store.js';
import { imageDigests } from '../store/vex-apply.js';
import { ClusterReader } from './cluster-reader.js';
import { HostReader } from './host-reader.js';
import { ImageReader } from './image-reader.js';
import { ImagesInUse } from './images-in-use.js';
import { judgeCluster } from './judge-cluster.js';
import { judgeHost } from './judge-host.js';
import { type JudgeContext, type Judged, judgeImage } from './judge-image.js';
import { readOwnControls } from './own-controls.js';
import { LEASE_SECONDS, ScanLease } from './scan-lease.js';

/** A scan that takes its worker down this often is not tried again. */
const MAX_ATTEMPTS = 3;

/** Reading is most of a scan; matching and storing share the rest of the progress bar. */
const PERCENT = { read: 90, matched: 95 };

/** What was read of a target, and how it is judged. */
interface ReadTarget {
  inventory: Inventory;
  digests: ImageDigests;
  /** @param digest of the inventory, which may still be worked out */
  judge(digest: Promise<string>): Promise<Judged>;
}

/** Runs one scan from claim to end: source → engine → store. */
@Injectable()
export class ScanRunner {
  private readonly logger = new Logger(ScanRunner.name);
  private readonly workerId = `${hostname()}:${process.pid}`;
  private readonly leases = new Set<ScanLease>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly scans: ScanClaimStore,
    private readonly results: ScanResultStore,
    private readonly images: ImageReader,
    private readonly hosts: HostReader,
    private readonly imagesInUse: ImagesInUse,
    private readonly clusters: ClusterReader,
    private readonly advisories: AdvisoryStore,
    private readonly lifecycles: LifecycleStore,
    private readonly vex: VexStore,
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
  async close(): Promise<void> {
    await Promise.all([this.images.close(), this.hosts.close(), this.clusters.close()]);
  }

  private async audit(claim: ClaimedScan, lease: ScanLease): Promise<void> {
    const started = performance.now();
    const { inventory, digests, judge } = await this.read(claim, lease);
    const { lockfiles = false } = claim.scan.options;
    const read = performance.now();
    lease.report('matching', PERCENT.read);
    const log = { scanId: claim.scan.id, packages: inventory.packages.length, readMs: Math.round(read - started) };
    let outcome = {};
    let matched = read;
    const stored = await this.results.store(claim, async () => {
      // While the database looks for advisories.
      const digested = turn().then(() => inventoryDigest(inventory));
      const [judged, digest] = await Promise.all([judge(digested), digested]);
      matched = performance.now();
      outcome = { findings: judged.judgements.length, gaps: judged.coverage.items.length };
      lease.report('storing', PERCENT.matched);
      lease.signal.throwIfAborted();
      await lease.end();
      return {
        inventory,
        inventoryDigest: digest,
        cluster: inventory.cluster === undefined ? null : canonicalCluster(inventory.cluster),
        identities: () => hashedIdentities(inventory.packages),
        advisoryNames: advisoryNamesOf,
        digests,
        ...judged,
        isPassedOver: (path) => !lockfiles && isLockfile(path),
        decideVex,
      };
    });
    this.logger.log(
      {
        ...log,
        ...outcome,
        stored,
        matchMs: Math.round(matched - read),
        storeMs: Math.round(performance.now() - matched),
      },
      stored ? 'scan finished' : 'scan result dropped: the scan is another worker’s now, or was cancelled',
    );
    if (!stored) await this.scans.markCancelled(claim);
    else await this.imagesInUse.ask(claim, inventory);
  }

  private async read(claim: ClaimedScan, lease: ScanLease): Promise<ReadTarget> {
    const hooks = {
      signal: lease.signal,
      onProgress: (fraction: number) => lease.report('reading', fraction * PERCENT.read),
    };
    const { kind, reference } = claim.scan.target;
    switch (kind) {
      case 'image': {
        const facts = await this.images.read(claim, hooks);
        const { lockfiles = false } = claim.scan.options;
        const isImage = 'layers' in facts;
        const inventory = isImage ? buildInventory(facts, { lockfiles }) : buildSbomInventory(facts);
        const digests = isImage ? facts.digests : NO_DIGESTS;
        const { maxImageAgeDays } = this.config;
        const judge = (digest: Promise<string>) =>
          judgeImage(inventory, { ...this.context(claim, digests.manifest, digest), reference, maxImageAgeDays });
        return { inventory, digests, judge };
      }
      case 'host': {
        const facts = await this.hosts.read(claim, hooks);
        const inventory = hostInventory(facts);
        const judge = (digest: Promise<string>) => judgeHost(facts, inventory, this.context(claim, null, digest));
        return { inventory, digests: NO_DIGESTS, judge };
      }
      case 'cluster': {
        const facts = await this.clusters.read(claim, hooks);
        const inventory = clusterInventory(facts);
        const images = (workloads: readonly AuditedWorkload[]) => this.imagesInUse.findings(claim.projectId, workloads);
        const own = await readOwnControls(this.config.clusterControls);
        const judge = (digest: Promise<string>) =>
          judgeCluster(facts, inventory, this.context(claim, null, digest), images, own);
        return { inventory, digests: NO_DIGESTS, judge };
      }
    }
  }

  private context(
    { scan, projectId }: ClaimedScan,
    imageDigest: string | null,
    digest: Promise<string>,
  ): Omit<JudgeContext, 'reference' | 'maxImageAgeDays'> {
    const { trustedRegistries, feedMaxAgeHours } = this.config;
    const { reference, name } = scan.target;
    return {
      advisories: this.advisories,
      maxAdvisoryAgeHours: feedMaxAgeHours,
      lifecycles: this.lifecycles,
      statements: (names) => this.vex.naming(projectId, names),
      image: async () => ({ reference, name, digests: imageDigests(reference, imageDigest, await digest) }),
      now: new Date(),
      trustedRegistries,
      onFault: (control, err) => this.logger.error({ scanId: scan.id, control, err }, 'a control failed unexpectedly'),
    };
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
