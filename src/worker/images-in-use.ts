import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import type { FindingsOf } from '../engine/cluster/attack-path/image-risk.js';
import { unauditedWorkloadImages, workloadFindings, workloadImages } from '../engine/cluster/workload-images.js';
import { type AuditedWorkload, workloadsOf } from '../engine/cluster/workloads.js';
import { isOwnEngine } from '../engine/host/image-reference.js';
import { keysOf } from '../engine/host/images-in-use.js';
import { unauditedImages } from '../engine/host/unaudited-images.js';
import type { ClusterInventory, HostInventory, Inventory } from '../model/inventory.js';
import { referenceIdentity } from '../model/reference.js';
import { ClusterStore } from '../store/cluster.store.js';
import { HostStore } from '../store/host.store.js';
import { ScanStore } from '../store/scan.store.js';
import type { ClaimedScan } from '../store/scan-claim.store.js';

/** After everything that somebody asked for. */
const PRIORITY = 9;

/**
 * Images that run on a host or in a cluster. Has those scanned that were never audited, where the operator allows it. Each is asked for once,
 * whatever becomes of that scan; the sweeper hands it to the queue.
 */
@Injectable()
export class ImagesInUse {
  private readonly logger = new Logger(ImagesInUse.name);

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly hosts: HostStore,
    private readonly clusters: ClusterStore,
    private readonly scans: ScanStore,
  ) {}

  private async ofHost(claim: ClaimedScan, { engine }: HostInventory): Promise<void> {
    const { dockerHost } = this.config;
    if (!engine.known) return;
    const { containers } = engine.value;
    const known = await this.hosts.images(claim.projectId, keysOf(containers), {});
    const wanted = unauditedImages(containers, known, isOwnEngine(claim.scan.target.reference, dockerHost));
    await this.scan(claim, wanted);
  }

  private async ofCluster(claim: ClaimedScan, cluster: ClusterInventory): Promise<void> {
    const workloads = workloadsOf(cluster);
    const known = await this.hosts.images(claim.projectId, keysOf(workloads.flatMap(workloadImages)), {});
    await this.scan(claim, unauditedWorkloadImages(workloads, known));
  }

  /** What is known of the images of workloads now. */
  async findings(projectId: string, workloads: readonly AuditedWorkload[]): Promise<FindingsOf> {
    const known = await this.hosts.images(projectId, keysOf(workloads.flatMap(workloadImages)), {});
    const worst = await this.clusters.worst(
      projectId,
      known.map(({ targetId }) => targetId),
    );
    return workloadFindings(workloads, known, worst);
  }

  /** After the scan of a host or cluster was stored, where the operator allows it. What fails here its next scan makes good. */
  async ask(claim: ClaimedScan, { host, cluster }: Inventory): Promise<void> {
    if (this.config.scanImagesInUse === 0) return;
    try {
      if (host) await this.ofHost(claim, host);
      if (cluster) await this.ofCluster(claim, cluster);
    } catch (err) {
      const message = 'images in use could not be asked for: the next scan of the target will';
      this.logger.warn({ scanId: claim.scan.id, err }, message);
    }
  }

  private async scan({ scan, projectId }: ClaimedScan, wanted: readonly string[]): Promise<void> {
    const asked = await this.scans.newestOf(projectId, wanted.map(referenceIdentity));
    const created: string[] = [];
    for (const reference of wanted) {
      if (created.length === this.config.scanImagesInUse) break;
      const identity = referenceIdentity(reference);
      if (asked.has(identity)) continue;
      const id = await this.scans.createOnce(
        { projectId, actor: 'system' },
        {
          ...{ kind: 'image', identity, reference, name: null, labels: {}, options: {} },
          ...{ priority: PRIORITY, trigger: 'image_in_use' },
        },
      );
      if (id !== null) created.push(id);
    }
    if (created.length > 0) this.logger.log({ scanId: scan.id, scans: created }, 'images in use are scanned');
  }
}
