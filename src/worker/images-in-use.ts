import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { isOwnEngine } from '../engine/host/image-reference.js';
import { keysOf } from '../engine/host/images-in-use.js';
import { unauditedImages } from '../engine/host/unaudited-images.js';
import type { HostInventory } from '../model/inventory.js';
import { referenceIdentity } from '../model/reference.js';
import { HostStore } from '../store/host.store.js';
import { ScanStore } from '../store/scan.store.js';
import type { ClaimedScan } from '../store/scan-claim.store.js';

/** After everything that somebody asked for. */
const PRIORITY = 9;

/**
 * Has images scanned that run on a host and were never audited, where the operator allows it. Each is asked for once,
 * whatever becomes of that scan; the sweeper hands it to the queue.
 */
@Injectable()
export class ImagesInUse {
  private readonly logger = new Logger(ImagesInUse.name);

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly hosts: HostStore,
    private readonly scans: ScanStore,
  ) {}

  /** After the scan of the host was stored. What fails here the next scan of the host makes good. */
  async ask({ scan, projectId }: ClaimedScan, { engine }: HostInventory): Promise<void> {
    const { scanImagesInUse: most, dockerHost } = this.config;
    if (most === 0 || !engine.known) return;
    try {
      const { containers } = engine.value;
      const known = await this.hosts.images(projectId, keysOf(containers), {});
      const wanted = unauditedImages(containers, known, isOwnEngine(scan.target.reference, dockerHost));
      const asked = await this.scans.newestOf(projectId, wanted.map(referenceIdentity));
      const created: string[] = [];
      for (const reference of wanted) {
        if (created.length === most) break;
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
    } catch (err) {
      this.logger.warn(
        { scanId: scan.id, err },
        'images in use could not be asked for: the next scan of the host will',
      );
    }
  }
}
