import type { CoverageItem } from '../../model/coverage.js';
import { PlimsollError } from '../../model/error.js';
import { configuration, type Descriptor, index, manifest, parseDocument } from './documents.js';
import { readImageConfig } from './image-config.js';
import {
  checkPlatform,
  formatPlatform,
  hostPlatform,
  isPlatform,
  parsePlatform,
  platformNotFound,
} from './platform.js';
import type { PlannedLayer } from './read-layer.js';
import type { ImagePlan } from './read-layers.js';

/** Where the documents and layers that descriptors name are got from: an OCI layout, a registry. */
export interface ImageContent {
  /** As messages call it. */
  readonly name: string;
  /** A document, parsed, after it was checked against digest and size. */
  document(descriptor: Descriptor): Promise<{ name: string; value: unknown }>;
  /** A gap in the place of a layer that is not there. */
  layer(descriptor: Descriptor, diffId: string): Promise<PlannedLayer | CoverageItem>;
}

/** Indexes in indexes: one level is usual. */
const MAX_DEPTH = 4;

/**
 * Plans an image by its OCI or Docker documents ("Image Index", "Image Manifest").
 *
 * @param candidates manifests and indexes, of which one is for the platform
 * @param platform `os/arch[/variant]`; null takes the only one, or this machine's
 */
export async function planImage(
  content: ImageContent,
  candidates: Descriptor[],
  platform: string | null,
): Promise<ImagePlan> {
  const indexes: string[] = [];
  const image = await findImage(content, candidates, platform, indexes);
  return planManifest(content, image, platform, indexes);
}

/** Follows nested indexes to a manifest of the platform, and adds their digests. */
async function findImage(
  content: ImageContent,
  candidates: Descriptor[],
  platform: string | null,
  indexes: string[],
): Promise<Descriptor> {
  const chosen = choosePlatform(candidates, platform, content.name);
  if (!isIndex(chosen)) return chosen;
  if (indexes.length === MAX_DEPTH) {
    throw new PlimsollError('manifest_invalid', `${content.name} nests its indexes deeper than ${MAX_DEPTH} levels.`);
  }
  const { name, value } = await content.document(chosen);
  const { manifests } = parseDocument(index, value, name);
  indexes.push(chosen.digest);
  return findImage(content, imagesOf(manifests), platform, indexes);
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

async function planManifest(
  content: ImageContent,
  image: Descriptor,
  platform: string | null,
  indexes: string[],
): Promise<ImagePlan> {
  const { name, value } = await content.document(image);
  const { config, layers } = parseDocument(manifest, value, name);
  const document = await content.document(config);
  const parsed = parseDocument(configuration, document.value, document.name);
  if (platform !== null) checkPlatform(content.name, parsed, platform);
  const diffIds = parsed.rootfs.diff_ids ?? [];
  if (diffIds.length !== layers.length) {
    const message = `${name} lists ${layers.length} layers, but its configuration ${diffIds.length}: export the image again.`;
    throw new PlimsollError('manifest_invalid', message);
  }
  const planned = layers.map((layer, number) => {
    if (layer.mediaType?.includes('encrypted')) return encrypted(layer, number, layers.length);
    return content.layer(layer, diffIds[number] ?? '');
  });
  return {
    ...readImageConfig(document.value, document.name),
    layers: await Promise.all(planned),
    digests: { manifest: image.digest, configuration: config.digest, indexes },
  };
}

function encrypted({ digest }: Descriptor, number: number, count: number): CoverageItem {
  const message = `Layer ${number + 1} of ${count} is encrypted: it was not read. Decrypt the image first.`;
  return { code: 'layer_unsupported', subject: digest, message };
}

/** What stands in the place of a layer that was not there. */
export function missingLayer(where: string, { digest, mediaType = '' }: Descriptor): CoverageItem {
  const isForeign = mediaType.includes('foreign') || mediaType.includes('nondistributable');
  const why = isForeign ? 'it is a foreign layer, which is not stored with the image' : 'it is missing';
  const message = `${where} has no layer ${digest}: ${why}. What it holds is not known.`;
  return { code: 'layer_missing', subject: digest, message };
}

function isIndex({ mediaType }: Descriptor): boolean {
  return mediaType === INDEX_TYPES[0] || mediaType === INDEX_TYPES[1];
}

export const INDEX_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
] as const;

/** Without what BuildKit stores beside images: attestations, for the platform unknown/unknown. */
export function imagesOf(manifests: Descriptor[]): Descriptor[] {
  return manifests.filter(
    ({ annotations, platform, artifactType }) =>
      annotations?.['vnd.docker.reference.type'] === undefined &&
      artifactType === undefined &&
      !(platform?.os === 'unknown' && platform.architecture === 'unknown'),
  );
}
