import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { allowedPath } from '../files/allowed-path.js';
import { UploadFiles } from '../files/upload-files.js';
import type { ClusterFacts } from '../model/cluster/cluster-facts.js';
import { parseClusterReference } from '../model/cluster-reference.js';
import { LayerWorkers } from '../source/archive/layer-workers.js';
import { collectCluster } from '../source/cluster/api/collect-cluster.js';
import type { ClaimedScan } from '../store/scan-claim.store.js';
import { UploadStore } from '../store/upload.store.js';
import type { ReadHooks } from './host-reader.js';

/** Reads the facts of the cluster of a scan, wherever its reference says that they are. */
@Injectable()
export class ClusterReader {
  private readonly workers = new LayerWorkers();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly uploads: UploadStore,
    private readonly uploadFiles: UploadFiles,
  ) {}

  /** @throws PlimsollError, or whatever the signal was aborted with */
  async read({ scan, projectId }: ClaimedScan, hooks: ReadHooks): Promise<ClusterFacts> {
    const { importDirs, kubeconfigDirs, kubeconfigExec } = this.config;
    const now = new Date();
    const reference = parseClusterReference(scan.target.reference);
    const files = (path: string, name: string, form: 'snapshot' | 'manifests' | null) =>
      this.workers.readCluster({ path, name, form, now }, hooks.signal);
    switch (reference.transport) {
      case 'kubeconfig': {
        const path = await allowedPath(reference.path, kubeconfigDirs, 'PLIMSOLL_KUBECONFIG_DIRS');
        const access = { path, context: reference.context, allowsPrograms: kubeconfigExec };
        return collectCluster({ ...hooks, now, access, secretMetadata: true });
      }
      case 'in-cluster':
        return collectCluster({ ...hooks, now, access: 'in-cluster', secretMetadata: true });
      case 'snapshot':
      case 'manifests': {
        const { transport } = reference;
        return files(await allowedPath(reference.path, importDirs), `${transport}:${reference.path}`, transport);
      }
      case 'upload':
        await this.uploads.get(projectId, reference.id);
        return files(this.uploadFiles.path(reference.id), `upload:${reference.id}`, null);
    }
  }

  /** After the last scan. */
  close(): Promise<void> {
    return this.workers.close();
  }
}
