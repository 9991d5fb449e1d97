import { PlimsollError } from '../../model/error.js';
import { type Blob, digestMismatch } from './blob.js';
import { configuration, type Descriptor, index, manifest, parseDocument } from './documents.js';
import type { ImageFiles } from './image-files.js';
import {
  checkPlatform,
  formatPlatform,
  hostPlatform,
  isPlatform,
  parsePlatform,
  platformNotFound,
} from './platform.js';
import type { ImagePlan } from './read-layers.js';

const INDEX = 'index.json';
const LAYOUT = 'oci-layout';
/** Indexes in indexes: one level is usual. */
const MAX_DEPTH = 4;
const REFERENCE_NAMES = ['org.opencontainers.image.ref.name', 'io.containerd.image.name'] as const;

/**
 * Plans an image of an OCI layout (OCI image specification, "Image Layout"): every document is checked against its
 * digest and size.
 *
 * @param selector the image's reference name, digest, or `@N` for the Nth; null where the layout holds one image
 * @param platform `os/arch[/variant]`; null takes the only one, or this machine's
 */
export async function planOciLayout(
  files: ImageFiles,
  selector: string | null,
  platform: string | null,
): Promise<ImagePlan> {
  const root = await files.get(INDEX);
  if (!root) {
    const message = `${files.name} has no ${INDEX}: expected an OCI image layout. What "docker save" wrote is scanned as docker-archive:PATH.`;
    throw new PlimsollError('manifest_missing', message);
  }
  const { manifests } = parseDocument(index, await root.json(null), root.name);
  const candidates = select(manifests, selector, files.name);
  const image = await findImage(files, candidates, platform, 0);
  return planManifest(files, image, platform);
}

export async function isOciLayout(files: ImageFiles): Promise<boolean> {
  return (await files.get(LAYOUT)) !== null && (await files.get(INDEX)) !== null;
}

function select(manifests: Descriptor[], selector: string | null, name: string): Descriptor[] {
  const images = manifests.filter((entry) => !isAttachment(entry));
  if (selector !== null) {
    const number = /^@(\d{1,6})$/.exec(selector)?.[1];
    const chosen =
      number === undefined
        ? images.filter((entry) => entry.digest === selector || namesOf(entry).includes(selector))
        : images.slice(Number(number), Number(number) + 1);
    if (chosen.length > 0) return chosen;
    throw notThere(images, `${name} holds no image ${selector}`);
  }
  if (images.length === 0) throw new PlimsollError('manifest_invalid', `${name} holds no image: export it again.`);
  const digests = new Set(images.map(({ digest }) => digest));
  const platforms = images.map((entry) => (entry.platform ? formatPlatform(entry.platform) : ''));
  if (digests.size === 1) return images.slice(0, 1);
  // Several images of one name and different platforms are one multi-platform image.
  if (!platforms.includes('') && new Set(platforms).size === platforms.length) return images;
  throw notThere(images, `${name} holds ${digests.size} images, and the reference does not say which is meant`);
}

/** Follows nested indexes to a manifest of the platform. */
async function findImage(
  files: ImageFiles,
  candidates: Descriptor[],
  platform: string | null,
  depth: number,
): Promise<Descriptor> {
  const chosen = choosePlatform(candidates, platform, files.name);
  if (!isIndex(chosen)) return chosen;
  if (depth === MAX_DEPTH) {
    throw new PlimsollError('manifest_invalid', `${files.name} nests its indexes deeper than ${MAX_DEPTH} levels.`);
  }
  const blob = await getBlob(files, chosen);
  const { manifests } = parseDocument(index, await blob.json(chosen.digest), blob.name);
  const images = manifests.filter((entry) => !isAttachment(entry));
  return findImage(files, images, platform, depth + 1);
}

function choosePlatform(candidates: Descriptor[], wanted: string | null, name: string): Descriptor {
  const [only, ...others] = candidates;
  if (!only) throw new PlimsollError('manifest_invalid', `${name} has an index without images: export it again.`);
  // The configuration says for which platform a single image is.
  if (others.length === 0 && (wanted === null || !only.platform)) return only;
  const platform = wanted === null ? hostPlatform() : parsePlatform(wanted);
  const matching = candidates.find((entry) => entry.platform && isPlatform(platform, entry.platform));
  if (matching) return matching;
  const available = candidates.flatMap((entry) => (entry.platform ? [formatPlatform(entry.platform)] : []));
  throw platformNotFound(name, platform, available);
}

async function planManifest(files: ImageFiles, image: Descriptor, platform: string | null): Promise<ImagePlan> {
  const blob = await getBlob(files, image);
  const { config, layers } = parseDocument(manifest, await blob.json(image.digest), blob.name);
  const configBlob = await getBlob(files, config);
  const parsed = parseDocument(configuration, await configBlob.json(config.digest), configBlob.name);
  if (platform !== null) checkPlatform(files.name, parsed, platform);
  const diffIds = parsed.rootfs.diff_ids ?? [];
  if (diffIds.length !== layers.length) {
    const message = `${blob.name} lists ${layers.length} layers, but its configuration ${diffIds.length}: export the image again.`;
    throw new PlimsollError('manifest_invalid', message);
  }
  return Promise.all(
    layers.map(async (layer, number) => {
      const type = layer.mediaType ?? '';
      if (type.includes('encrypted')) {
        const message = `Layer ${number + 1} of ${layers.length} is encrypted: it was not read. Decrypt the image first.`;
        return { code: 'layer_unsupported' as const, subject: layer.digest, message };
      }
      return { blob: await getLayer(files, layer, type), digest: layer.digest, diffId: diffIds[number] ?? null };
    }),
  );
}

async function getLayer(files: ImageFiles, layer: Descriptor, type: string): Promise<Blob> {
  try {
    return await getBlob(files, layer);
  } catch (error) {
    if (!(error instanceof PlimsollError) || error.code !== 'manifest_missing') throw error;
    const isForeign = type.includes('foreign') || type.includes('nondistributable');
    const why = isForeign ? 'it is a foreign layer, which is not stored with the image' : 'it is missing';
    const message = `${files.name} has no layer ${layer.digest}: ${why}. Export the image again, with all its layers.`;
    throw new PlimsollError('layer_missing', message, { cause: error });
  }
}

/** @throws PlimsollError `manifest_missing`, `digest_mismatch` for another size */
async function getBlob(files: ImageFiles, { digest, size }: Descriptor): Promise<Blob> {
  const [algorithm = '', hex = ''] = digest.split(':');
  const name = `blobs/${algorithm}/${hex}`;
  const blob = await files.get(name);
  if (!blob) throw new PlimsollError('manifest_missing', `${files.name} has no ${name}: export the image again.`);
  if (blob.size !== size) throw digestMismatch(blob.name, `${digest} and ${size} bytes`, `${blob.size} bytes`);
  return blob;
}

function isIndex({ mediaType }: Descriptor): boolean {
  return (
    mediaType === 'application/vnd.oci.image.index.v1+json' ||
    mediaType === 'application/vnd.docker.distribution.manifest.list.v2+json'
  );
}

/** BuildKit stores attestations beside images, for the platform unknown/unknown. */
function isAttachment({ annotations, platform, artifactType }: Descriptor): boolean {
  return (
    annotations?.['vnd.docker.reference.type'] !== undefined ||
    artifactType !== undefined ||
    (platform?.os === 'unknown' && platform.architecture === 'unknown')
  );
}

function namesOf({ annotations }: Descriptor): string[] {
  return REFERENCE_NAMES.flatMap((key) => annotations?.[key] ?? []);
}

function notThere(images: Descriptor[], what: string): PlimsollError {
  const names = images.map((entry, number) => namesOf(entry)[0] ?? `@${number}`);
  const message = `${what}: add one of these after a colon: ${names.slice(0, 20).join(', ')}.`;
  return new PlimsollError('image_not_in_archive', message);
}
