import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { allowedPath } from '../files/allowed-path.js';
import { TemporaryFiles } from '../files/temporary-files.js';
import { UploadFiles } from '../files/upload-files.js';
import type { DaemonAddress } from '../model/daemon.js';
import type { HostFacts } from '../model/host/host-facts.js';
import { checkEngineAllowed, parseHostReference } from '../model/host-reference.js';
import { LayerWorkers } from '../source/archive/layer-workers.js';
import { readDaemonTls } from '../source/daemon/daemon-tls.js';
import { readEngineHost } from '../source/host/read-engine-host.js';
import { readFactsFile } from '../source/host/read-facts-file.js';
import { readHostRoot } from '../source/host/root/read-host-root.js';
import type { ClaimedScan } from '../store/scan-claim.store.js';
import { UploadStore } from '../store/upload.store.js';

export interface ReadHooks {
  signal: AbortSignal;
  /** From 0 to 1, ascending. */
  onProgress(fraction: number): void;
}

/** Reads the facts of the host of a scan, wherever its reference says that they are. */
@Injectable()
export class HostReader {
  private readonly workers = new LayerWorkers();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly uploads: UploadStore,
    private readonly uploadFiles: UploadFiles,
    private readonly temporaryFiles: TemporaryFiles,
  ) {}

  /** @throws PlimsollError, or whatever the signal was aborted with */
  async read({ scan, projectId }: ClaimedScan, hooks: ReadHooks): Promise<HostFacts> {
    const { importDirs, hostRoot } = this.config;
    const { signal } = hooks;
    const parts = { ...hooks, workers: this.workers, tempDir: this.temporaryFiles.folder, now: new Date() };
    const reference = parseHostReference(scan.target.reference);
    switch (reference.transport) {
      case 'docker':
        return readEngineHost({ ...parts, ...(await this.engine(reference.address)) });
      case 'root': {
        const folders = hostRoot === null ? importDirs : [...importDirs, hostRoot];
        return readHostRoot({ ...parts, folder: await allowedPath(reference.path, folders) });
      }
      case 'facts': {
        const path = await allowedPath(reference.path, importDirs);
        return readFactsFile(path, `facts:${reference.path}`, this.workers, signal);
      }
      case 'upload':
        await this.uploads.get(projectId, reference.id);
        return readFactsFile(this.uploadFiles.path(reference.id), `upload:${reference.id}`, this.workers, signal);
    }
  }

  /** After the last scan. */
  close(): Promise<void> {
    return this.workers.close();
  }

  private async engine(address: DaemonAddress) {
    const { dockerHost, dockerHosts, dockerCertPath, hostRoot } = this.config;
    checkEngineAllowed(address, [dockerHost, ...dockerHosts]);
    const tls = await readDaemonTls(dockerCertPath);
    // What is reached over the network has another root than the one that is mounted here.
    return { daemon: { address, tls }, root: address.kind === 'unix' ? hostRoot : null };
  }
}
