import type { LayerCache, LayerFacts } from '../../engine/layer/layer-facts.js';
import { PlimsollError } from '../../model/error.js';
import { NO_DIGESTS } from '../../model/image-digests.js';
import type { ImageReference } from '../../model/reference.js';
import { Blob } from './blob.js';
import type { DigestMemory } from './digest-memory.js';
import { isDockerArchive, planDockerArchive } from './docker-archive.js';
import { FolderFiles } from './image-files.js';
import type { LayerWorkers } from './layer-workers.js';
import { isOciLayout, planOciLayout } from './oci-layout.js';
import { asPathError } from './open-regular.js';
import { type ImagePlan, readLayers, type SourceImage } from './read-layers.js';
import { isFolder } from './rootfs-folder.js';
import { notAnArchive, TarArchive } from './tar-archive.js';
import { uncompressed } from './uncompressed.js';

/**
 * An image on this machine; `auto` is a file of any of these forms, with what messages call it. Paths are absolute,
 * resolved and allowed.
 */
export type LocalImageReference =
  | Exclude<ImageReference, { transport: 'upload' | 'docker' | 'docker-daemon' | 'sbom' }>
  | { transport: 'auto'; path: string; name: string };

export interface ReadImageOptions {
  cache: LayerCache;
  digests: DigestMemory;
  workers: LayerWorkers;
  signal: AbortSignal;
  /** From 0 to 1, ascending. */
  onProgress(fraction: number): void;
  /** `os/arch[/variant]`; null takes the only image, or this machine's platform. */
  platform: string | null;
  /** Bytes of a layer, uncompressed, above which it is not read. */
  maxLayerBytes: number;
  /** Where compressed archives are unpacked. */
  tempDir: string;
  /** Of the hashes of secrets; null where the scan does not ask for them. */
  secretKey: Uint8Array | null;
}

/**
 * Reads an image from local files. Nothing is unpacked but what extractors want.
 *
 * @throws PlimsollError for what is missing, damaged or not an image; whatever `signal` was aborted with
 */
export async function readImage(reference: LocalImageReference, options: ReadImageOptions): Promise<SourceImage> {
  const { path, transport } = reference;
  switch (transport) {
    case 'docker-archive':
    case 'oci-archive':
      return readArchive(path, options, async (archive, rest) => {
        const plan = transport === 'docker-archive' ? planDockerArchive : planOciLayout;
        return readPlan(await plan(archive, reference.selector, options.platform), rest);
      });
    case 'oci': {
      if (!(await isFolder(path))) {
        const message = `${path} is a file, where the folder of an OCI layout was expected: scan oci-archive:${path}.`;
        throw new PlimsollError('manifest_missing', message);
      }
      return readPlan(await planOciLayout(new FolderFiles(path), reference.selector, options.platform), options);
    }
    case 'rootfs':
      if (!(await isFolder(path))) return readRootfsTarball(path, path, options);
      return {
        layers: [{ diffId: null, facts: await readRootfsFolder(path, options) }],
        gaps: [],
        config: null,
        digests: NO_DIGESTS,
      };
    case 'auto':
      return readAny(path, reference.name, options);
  }
}

/** Reads what was planned. */
export async function readPlan(plan: ImagePlan, options: ReadImageOptions): Promise<SourceImage> {
  const { layers, gaps } = await readLayers(plan.layers, options);
  return { layers, gaps: [...plan.gaps, ...gaps], config: plan.config, digests: plan.digests };
}

/** What an upload is does not depend on its name, so its content is asked. */
async function readAny(path: string, name: string, options: ReadImageOptions): Promise<SourceImage> {
  return unpacked(path, name, options, async (plainPath, rest) => {
    const archive = await TarArchive.openSmall(plainPath, name);
    if (archive && (await isDockerArchive(archive))) {
      return readPlan(await planDockerArchive(archive, null, options.platform), rest);
    }
    if (archive && (await isOciLayout(archive))) {
      return readPlan(await planOciLayout(archive, null, options.platform), rest);
    }
    return readRootfsTarball(path, name, rest);
  });
}

function readArchive(
  path: string,
  options: ReadImageOptions,
  read: (archive: TarArchive, rest: ReadImageOptions) => Promise<SourceImage>,
): Promise<SourceImage> {
  return unpacked(path, path, options, async (plainPath, rest) => read(await TarArchive.open(plainPath, path), rest));
}

/** Half of the progress of a compressed archive is to unpack it. */
function unpacked(
  path: string,
  name: string,
  options: ReadImageOptions,
  read: (plainPath: string, rest: ReadImageOptions) => Promise<SourceImage>,
): Promise<SourceImage> {
  let bytes = 0;
  const { workers, tempDir, signal, maxLayerBytes: maxBytes, onProgress } = options;
  const onRead = (count: number, total: number) => {
    bytes += count;
    onProgress(bytes / total / 2);
  };
  return uncompressed(path, name, { workers, tempDir, signal, maxBytes, onRead }, (plainPath) => {
    const rest = bytes === 0 ? onProgress : (fraction: number) => onProgress((1 + fraction) / 2);
    return read(plainPath, { ...options, onProgress: rest });
  });
}

function readRootfsFolder(
  root: string,
  { workers, tempDir, secretKey, signal, onProgress }: ReadImageOptions,
): Promise<LayerFacts> {
  return workers.readFolder({ root, tempDir, secretKey }, signal, onProgress);
}

async function readRootfsTarball(path: string, name: string, options: ReadImageOptions): Promise<SourceImage> {
  const blob = await Blob.ofFile(path, name);
  if (!blob) throw asPathError({ code: 'ENOENT' }, path);
  if (blob.size === 0) throw notAnArchive(name);
  try {
    const { layers, gaps } = await readLayers([{ blob, digest: null, diffId: null }], options);
    return { layers: layers.map(({ facts }) => ({ diffId: null, facts })), gaps, config: null, digests: NO_DIGESTS };
  } catch (error) {
    if (error instanceof PlimsollError && error.code === 'layer_not_a_tar') throw notAnArchive(name);
    throw error;
  }
}
