import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { secretHashKey } from '../crypto/secret-hash-key.js';
import type { SbomFacts } from '../engine/sbom/sbom-facts.js';
import { takeConfigSecrets } from '../engine/secret/config-secrets.js';
import { SecretScanner } from '../engine/secret/secret-scanner.js';
import { allowedPath } from '../files/allowed-path.js';
import { TemporaryFiles } from '../files/temporary-files.js';
import { UploadFiles } from '../files/upload-files.js';
import { parseImageReference } from '../model/reference.js';
import { DigestMemory } from '../source/archive/digest-memory.js';
import { LayerWorkers } from '../source/archive/layer-workers.js';
import type { ReadImageOptions } from '../source/archive/read-image.js';
import type { SourceImage } from '../source/archive/read-layers.js';
import { readDaemonTls } from '../source/daemon/daemon-tls.js';
import { readDaemonImage } from '../source/daemon/read-daemon-image.js';
import { AddressGuard } from '../source/registry/address-guard.js';
import { readRegistryImage } from '../source/registry/read-registry-image.js';
import { REAL_CLOCK } from '../source/registry/retry.js';
import { readLocal } from '../source/sbom/read-local.js';
import type { ClaimedScan } from '../store/scan-claim.store.js';
import { UploadStore } from '../store/upload.store.js';
import { StoredLayerCache } from './layer-cache.js';
import { RegistryAccesses } from './registry-accesses.js';

/** Reads the image of a scan, or the SBOM of one, wherever its reference says that it is. */
@Injectable()
export class ImageReader {
  private readonly logger = new Logger(ImageReader.name);
  private readonly digests = new DigestMemory();
  private readonly workers = new LayerWorkers();
  private readonly guard: AddressGuard;
  private readonly secretKey: Uint8Array;
  private readonly scanner: SecretScanner;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly layers: StoredLayerCache,
    private readonly uploads: UploadStore,
    private readonly uploadFiles: UploadFiles,
    private readonly temporaryFiles: TemporaryFiles,
    private readonly accesses: RegistryAccesses,
  ) {
    this.guard = new AddressGuard(config.registryAllow);
    this.secretKey = secretHashKey(config);
    this.scanner = new SecretScanner(Buffer.from(this.secretKey));
  }

  /** @throws PlimsollError, or whatever the signal was aborted with */
  async read(
    claim: ClaimedScan,
    hooks: Pick<ReadImageOptions, 'signal' | 'onProgress'>,
  ): Promise<SourceImage | SbomFacts> {
    const image = await this.readSource(claim, hooks);
    if (!('layers' in image)) return image;
    // Also where nobody asks for secrets: the configuration is stored, and served.
    const { config, secrets } = image.config
      ? takeConfigSecrets(image.config, this.scanner)
      : { config: null, secrets: [] };
    return { ...image, config, configSecrets: secrets };
  }

  private async readSource(
    { scan, projectId }: ClaimedScan,
    { signal, onProgress }: Pick<ReadImageOptions, 'signal' | 'onProgress'>,
  ): Promise<SourceImage | SbomFacts> {
    const { maxLayerBytes, importDirs } = this.config;
    const isSearched = scan.options.secrets ?? true;
    const options: ReadImageOptions = {
      cache: this.layers.for(isSearched),
      digests: this.digests,
      workers: this.workers,
      signal,
      onProgress,
      platform: scan.options.platform ?? null,
      maxLayerBytes,
      tempDir: this.temporaryFiles.folder,
      secretKey: isSearched ? this.secretKey : null,
    };
    const reference = parseImageReference(scan.target.reference);
    switch (reference.transport) {
      case 'docker':
        return readRegistryImage(reference.name, {
          ...options,
          guard: this.guard,
          clock: REAL_CLOCK,
          access: await this.accesses.of(projectId, reference.name.host),
          onMirrorFailure: (host, err) => this.logger.warn({ scanId: scan.id, host, err }, 'a mirror was passed over'),
        });
      case 'docker-daemon': {
        const tls = await readDaemonTls(this.config.dockerCertPath);
        const daemon = { address: this.config.dockerHost, tls };
        return readDaemonImage(reference.image, { ...options, daemon, maxImageBytes: maxLayerBytes });
      }
      case 'upload':
        await this.uploads.get(projectId, reference.id);
        return readLocal(
          { transport: 'auto', path: this.uploadFiles.path(reference.id), name: `upload:${reference.id}` },
          options,
        );
      default:
        return readLocal({ ...reference, path: await allowedPath(reference.path, importDirs) }, options);
    }
  }

  /** After the last scan. */
  close(): Promise<void> {
    return this.workers.close();
  }
}
