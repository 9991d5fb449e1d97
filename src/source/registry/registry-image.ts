import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CoverageItem } from '../../model/coverage.js';
import { PlimsollError } from '../../model/error.js';
import { Blob } from '../archive/blob.js';
import type { Descriptor } from '../archive/documents.js';
import { type ImageContent, missingLayer } from '../archive/image-manifest.js';
import type { PlannedLayer, RemoteLayer } from '../archive/read-layer.js';
import { diskError, downloadBlob } from './download-blob.js';
import { parseManifest } from './manifest-kind.js';
import type { FetchedManifest, RegistryEndpoint } from './registry-endpoint.js';
import type { Clock } from './retry.js';

export interface RegistryImageOptions {
  clock: Clock;
  signal: AbortSignal;
  /** Where layers are kept while they are read. */
  tempDir: string;
  /** Told when a mirror could not serve what was asked of it; the next in line is asked then. */
  onMirrorFailure(host: string, error: unknown): void;
}

/** The documents and layers of one repository, from the first of its mirrors and registry that has them. */
export class RegistryImage implements ImageContent {
  private readonly fetched = new Map<string, { name: string; value: unknown }>();
  private readonly layers = new Map<string, RemoteLayer>();
  /** Mirrors that are not asked again: each request would wait for them anew. */
  private readonly givenUp = new Set<RegistryEndpoint>();

  /** @param endpoints in the order in which they are asked; the registry itself is the last */
  constructor(
    readonly name: string,
    private readonly endpoints: readonly RegistryEndpoint[],
    private readonly options: RegistryImageOptions,
  ) {}

  /** What a tag or digest stands for: an image's manifest, or an index. */
  async root(reference: string): Promise<Descriptor> {
    const name = `The manifest ${reference} of ${this.name}`;
    return this.firstOf(async (endpoint) => this.keep(await endpoint.manifest(reference), name));
  }

  async document(descriptor: Descriptor): Promise<{ name: string; value: unknown }> {
    const { digest, size, mediaType = '' } = descriptor;
    const known = this.fetched.get(digest);
    if (known) return known;
    const name = `${digest} of ${this.name}`;
    if (isManifestType(mediaType)) {
      const kept = await this.firstOf(async (endpoint) => this.keep(await endpoint.manifest(digest), name));
      if (kept.size !== size) throw otherSize(name, size, kept.size);
      return this.document(descriptor);
    }
    const bytes = await this.firstOf((endpoint) => endpoint.blobDocument(digest, size));
    try {
      return { name, value: JSON.parse(bytes.toString('utf8')) };
    } catch (cause) {
      throw new PlimsollError('manifest_invalid', `${name} is not JSON: push the image again.`, { cause });
    }
  }

  async layer(descriptor: Descriptor, diffId: string): Promise<PlannedLayer | CoverageItem> {
    const key = `${descriptor.digest} ${diffId}`;
    const known = this.layers.get(key);
    if (known) return known;
    const { digest, size } = descriptor;
    const layer: RemoteLayer = {
      name: `${digest} of ${this.name}`,
      digest,
      diffId,
      size,
      lend: (use, signal, onBytes) => this.lend(descriptor, use, signal, onBytes),
    };
    this.layers.set(key, layer);
    return layer;
  }

  private keep(fetched: FetchedManifest, name: string): Descriptor {
    const { value, mediaType } = parseManifest(fetched.bytes, fetched.contentType, name);
    this.fetched.set(fetched.digest, { name, value });
    return { mediaType, digest: fetched.digest, size: fetched.bytes.length };
  }

  /** Whoever has the layer and sends it whole and unchanged. */
  private async lend<T>(
    descriptor: Descriptor,
    use: (blob: Blob) => Promise<T>,
    signal: AbortSignal,
    onBytes: (count: number) => void,
  ): Promise<T | CoverageItem> {
    let most = 0;
    const lent = await this.firstOf((endpoint) => {
      let done = 0;
      const onMore = (count: number) => {
        done += count;
        if (done > most) onBytes(done - most);
        most = Math.max(most, done);
      };
      return this.lendFrom(endpoint, descriptor, use, { clock: this.options.clock, signal, onBytes: onMore });
    }, signal);
    return lent === null ? missingLayer(this.name, descriptor) : lent;
  }

  private async lendFrom<T>(
    endpoint: RegistryEndpoint,
    descriptor: Descriptor,
    use: (blob: Blob) => Promise<T>,
    options: Parameters<typeof downloadBlob>[3],
  ): Promise<T | null> {
    const path = await this.temporaryPath();
    let file: FileHandle | null = null;
    try {
      file = await open(path, 'wx', 0o600);
      const isThere = await downloadBlob(endpoint, descriptor, file, options);
      await file.close();
      file = null;
      if (!isThere) return null;
      const name = `${descriptor.digest} of ${this.name}`;
      return await use(new Blob({ name, path, offset: 0, size: descriptor.size }));
    } catch (error) {
      throw diskError(error, descriptor);
    } finally {
      await file?.close();
      await rm(path, { force: true });
    }
  }

  /** Resolved, as files are opened by where they really are. */
  private async temporaryPath(): Promise<string> {
    const { tempDir } = this.options;
    await mkdir(tempDir, { recursive: true, mode: 0o700 });
    return join(await realpath(tempDir), randomUUID());
  }

  /** Asks each in turn; null is the answer of one that does not have it. What the last one says counts. */
  private async firstOf<T>(ask: (endpoint: RegistryEndpoint) => Promise<T>, signal = this.options.signal): Promise<T> {
    for (const mirror of this.endpoints.slice(0, -1)) {
      if (this.givenUp.has(mirror)) continue;
      try {
        const answer = await ask(mirror);
        if (answer !== null) return answer;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof PlimsollError)) throw error;
        const isOfHost = OF_HOST.has(error.code);
        if (!isOfHost && !OF_CONTENT.has(error.code)) throw error;
        if (isOfHost) this.givenUp.add(mirror);
        this.options.onMirrorFailure(mirror.host, error);
      }
    }
    const last = this.endpoints.at(-1);
    if (!last) throw new Error('a repository without a registry');
    return ask(last);
  }
}

/** What is wrong with a mirror as a whole. */
const OF_HOST = new Set<string>([
  'address_not_allowed',
  'certificate_untrusted',
  'registry_unreachable',
  'registry_unauthorized',
  'registry_rate_limited',
  'registry_invalid',
  'manifest_invalid',
]);

/** What is wrong with one thing that a mirror has, or has not. */
const OF_CONTENT = new Set<string>(['image_not_found', 'manifest_missing', 'manifest_unsupported', 'digest_mismatch']);

function isManifestType(mediaType: string): boolean {
  return /\.(?:manifest|index)(?:\.list)?\.v\d\+json$/.test(mediaType);
}

function otherSize(name: string, expected: number, actual: number): PlimsollError {
  const message = `${name} should have ${expected} bytes but has ${actual}: push the image again.`;
  return new PlimsollError('digest_mismatch', message);
}
