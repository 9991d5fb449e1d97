import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import canonicalize from 'canonicalize';
import { CONFIG, type Config } from '../config/config.js';
import { allowedPath } from '../files/allowed-path.js';
import { parseClusterReference } from '../model/cluster-reference.js';
import { PlimsollError } from '../model/error.js';
import type { Finding } from '../model/finding.js';
import { checkEngineAllowed, hostReferenceIdentity, parseHostReference } from '../model/host-reference.js';
import type { Package } from '../model/package.js';
import type { Page, PageRequest } from '../model/page.js';
import type { Principal } from '../model/principal.js';
import { parseImageReference, referenceIdentity } from '../model/reference.js';
import { isTerminal, type Scan, type ScanOptions, type ScanStatus } from '../model/scan.js';
import type { TargetKind } from '../model/target.js';
import { JobQueue } from '../queue/job-queue.js';
import { scanJobId, scanJobPriority } from '../queue/jobs.js';
import { type FindingFilter, FindingStore } from '../store/finding.store.js';
import { ScanStore } from '../store/scan.store.js';
import { ScanClaimStore } from '../store/scan-claim.store.js';
import { UploadStore } from '../store/upload.store.js';

/** How long a watched scan is left alone, milliseconds: ever longer while it does not change. */
const WATCH_INTERVAL_MS = { first: 10, longest: 500, growth: 1.2 };

/** 0 (first) to 9 (last). */
const DEFAULT_PRIORITY = 5;

export interface ScanRequest {
  target: { kind: TargetKind; reference: string; name?: string | null; labels?: Record<string, string> };
  options?: ScanOptions;
  priority?: number;
}

@Injectable()
export class ScanService {
  private readonly logger = new Logger(ScanService.name);

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly scans: ScanStore,
    private readonly claims: ScanClaimStore,
    private readonly findingStore: FindingStore,
    private readonly uploads: UploadStore,
    private readonly queue: JobQueue,
  ) {}

  /**
   * Registers a scan and hands it to the queue. The scan exists once it is stored: should the queue refuse it, the
   * workers' sweeper delivers it later.
   *
   * @throws PlimsollError for a reference that cannot be scanned, or a reused idempotency key
   */
  async create(
    p: Principal,
    request: ScanRequest,
    idempotencyKey: string | null,
  ): Promise<{ scan: Scan; created: boolean }> {
    await this.checkReference(p, request);
    const { target, options = {}, priority = DEFAULT_PRIORITY } = request;
    const { scan, created } = await this.scans.create(
      p,
      {
        kind: target.kind,
        identity: identityOf(target),
        reference: target.reference,
        name: target.name ?? null,
        labels: target.labels ?? {},
        options,
        priority,
        trigger: 'api',
      },
      idempotencyKey === null ? null : { key: idempotencyKey, requestHash: requestHash(request) },
    );
    if (created) await this.enqueue(scan);
    return { scan, created };
  }

  get(p: Principal, id: string): Promise<Scan> {
    return this.scans.get(p.projectId, id);
  }

  list(p: Principal, filter: { targetId?: string; status?: ScanStatus }, page: PageRequest): Promise<Page<Scan>> {
    return this.scans.list(p.projectId, filter, page);
  }

  cancel(p: Principal, id: string): Promise<Scan> {
    return this.scans.cancel(p, id);
  }

  packages(p: Principal, id: string, page: PageRequest): Promise<Page<Package>> {
    return this.scans.packages(p.projectId, id, page);
  }

  findings(p: Principal, id: string, filter: FindingFilter, page: PageRequest): Promise<Page<Finding>> {
    return this.findingStore.listByScan(p.projectId, id, filter, page);
  }

  /** The scan now, then after every change until it has ended. Ends early when the signal aborts. */
  async *watch(p: Principal, id: string, signal: AbortSignal): AsyncGenerator<Scan> {
    let seen = '';
    let interval = WATCH_INTERVAL_MS.first;
    while (!signal.aborted) {
      const scan = await this.scans.get(p.projectId, id);
      const state = JSON.stringify([scan.status, scan.progress]);
      if (state !== seen) yield scan;
      if (isTerminal(scan.status)) return;
      interval =
        state === seen
          ? Math.min(interval * WATCH_INTERVAL_MS.growth, WATCH_INTERVAL_MS.longest)
          : WATCH_INTERVAL_MS.first;
      seen = state;
      await sleep(interval, undefined, { signal }).catch(() => undefined);
    }
  }

  /** What can be known at once is refused at once; the worker checks again when it opens the path. */
  private async checkReference(p: Principal, { target }: ScanRequest): Promise<void> {
    switch (target.kind) {
      case 'image':
        return this.checkImage(p, target.reference);
      case 'host':
        return this.checkHost(p, target.reference);
      case 'cluster':
        return this.checkCluster(p, target.reference);
    }
  }

  private async checkImage(p: Principal, text: string): Promise<void> {
    const reference = parseImageReference(text);
    switch (reference.transport) {
      // What is elsewhere only the worker asks.
      case 'docker':
      case 'docker-daemon':
        return;
      case 'upload':
        await this.uploads.get(p.projectId, reference.id);
        return;
      default:
        return this.checkPath(reference.path, this.config.importDirs);
    }
  }

  private async checkHost(p: Principal, text: string): Promise<void> {
    const { dockerHost, dockerHosts, importDirs, hostRoot } = this.config;
    const reference = parseHostReference(text);
    switch (reference.transport) {
      case 'docker':
        checkEngineAllowed(reference.address, [dockerHost, ...dockerHosts]);
        return;
      case 'upload':
        await this.uploads.get(p.projectId, reference.id);
        return;
      case 'root':
        return this.checkPath(reference.path, hostRoot === null ? importDirs : [...importDirs, hostRoot]);
      case 'facts':
        return this.checkPath(reference.path, importDirs);
    }
  }

  private async checkCluster(p: Principal, text: string): Promise<void> {
    const { importDirs, kubeconfigDirs } = this.config;
    const reference = parseClusterReference(text);
    switch (reference.transport) {
      // Only a worker knows whether it is in a cluster.
      case 'in-cluster':
        return;
      case 'upload':
        await this.uploads.get(p.projectId, reference.id);
        return;
      case 'kubeconfig':
        return this.checkPath(reference.path, kubeconfigDirs, 'PLIMSOLL_KUBECONFIG_DIRS');
      case 'snapshot':
      case 'manifests':
        return this.checkPath(reference.path, importDirs);
    }
  }

  private async checkPath(
    path: string,
    folders: readonly string[],
    variable?: 'PLIMSOLL_KUBECONFIG_DIRS',
  ): Promise<void> {
    await allowedPath(path, folders, variable).catch((error) => {
      // With workers elsewhere only they can say whether a file is there.
      const elsewhere = this.config.role === 'api' && error instanceof PlimsollError && error.code === 'path_not_found';
      if (!elsewhere) throw error;
    });
  }

  private async enqueue(scan: Scan): Promise<void> {
    try {
      await this.queue.add('scan', scanJobId(scan.id, 0), { scanId: scan.id }, scanJobPriority(scan));
      await this.claims.markEnqueued([scan.id]);
    } catch (error) {
      this.logger.warn({ scanId: scan.id, err: error }, 'the queue took no job; the sweeper will deliver the scan');
    }
  }
}

/** A target is its kind and reference; an upload's name, since the reference of an upload is never the same. */
function identityOf({ kind, reference, name }: ScanRequest['target']): string {
  if (name != null && reference.startsWith('upload:')) return `name:${name}`;
  switch (kind) {
    case 'host':
      return hostReferenceIdentity(reference);
    case 'cluster':
      return reference;
    case 'image':
      return referenceIdentity(reference);
  }
}

function requestHash(request: ScanRequest): string {
  return createHash('sha256')
    .update(canonicalize(request) ?? '')
    .digest('hex');
}
