import type { z } from 'zod';
import type { CoverageItem } from '../../model/coverage.js';
import { PlimsollError } from '../../model/error.js';
import { NO_DIGESTS } from '../../model/image-digests.js';
import { configuration, parseDocument, savedImages } from './documents.js';
import { readImageConfig } from './image-config.js';
import type { ImageFiles } from './image-files.js';
import { checkPlatform } from './platform.js';
import type { ImagePlan } from './read-layers.js';

const MANIFEST = 'manifest.json';

type SavedImage = z.infer<typeof savedImages>[number];

/**
 * Plans an image of a `docker save` archive.
 *
 * @param selector a tag, or `@N` for the Nth image; null where the archive holds one image
 */
export async function planDockerArchive(
  files: ImageFiles,
  selector: string | null,
  platform: string | null,
): Promise<ImagePlan> {
  const manifest = await files.get(MANIFEST);
  if (!manifest) {
    const message = `${files.name} has no ${MANIFEST}: expected what "docker save" writes. An OCI archive is scanned as oci-archive:PATH, a root file system as rootfs:PATH.`;
    throw new PlimsollError('manifest_missing', message);
  }
  const images = parseDocument(savedImages, await manifest.json(null), manifest.name);
  const image = choose(images, selector, files.name);
  const document = await readConfiguration(files, image.Config);
  const config = parseDocument(configuration, document.value, document.name);
  if (platform !== null) checkPlatform(files.name, config, platform);
  const diffIds = config.rootfs.diff_ids ?? [];
  const layers = image.Layers ?? [];
  const isWhole = layers.length === diffIds.length;
  const planned = layers.map(async (name, number) => {
    const blob = await files.get(name);
    if (!blob) return missingLayer(files.name, name);
    // Where layers were left out, nobody can say which digest is whose.
    return { blob, digest: null, diffId: isWhole ? (diffIds[number] ?? null) : null };
  });
  const { config: imageConfig, gaps } = readImageConfig(document.value, document.name);
  return {
    config: imageConfig,
    gaps: isWhole ? gaps : [...gaps, otherLayers(files.name, layers.length, diffIds.length)],
    layers: await Promise.all(planned),
    digests: { ...NO_DIGESTS, configuration: document.digest },
  };
}

/** Archives that somebody cut down exist; what they still hold is read. */
function otherLayers(name: string, listed: number, configured: number): CoverageItem {
  const message = `${name} lists ${listed} layers, but its configuration ${configured}: what the others hold is not known. Export the image again.`;
  return { code: 'layer_missing', subject: name, message };
}

/** A layer that its registry does not let anybody keep is left out by `docker save`. */
function missingLayer(where: string, name: string): CoverageItem {
  const message = `${where} has no ${name}, which is a layer of the image. What it holds is not known: export the image again if it should be there.`;
  return { code: 'layer_missing', subject: name, message };
}

/** Whether the files are those of a `docker save`, and not of a root file system that has such a file. */
export async function isDockerArchive(files: ImageFiles): Promise<boolean> {
  const manifest = await files.get(MANIFEST);
  if (!manifest) return false;
  try {
    return savedImages.min(1).safeParse(await manifest.json(null)).success;
  } catch {
    return false;
  }
}

/** The file is named by its digest: `HEX.json`, or `blobs/sha256/HEX` since Docker 25. */
async function readConfiguration(
  files: ImageFiles,
  name: string,
): Promise<{ name: string; value: unknown; digest: string | null }> {
  const blob = await files.get(name);
  if (!blob) throw new PlimsollError('manifest_missing', `${files.name} has no ${name}: export the image again.`);
  const hex = /(?:^|\/)([0-9a-f]{64})(?:\.json)?$/.exec(name)?.[1];
  const digest = hex ? `sha256:${hex}` : null;
  return { name: blob.name, value: await blob.json(digest), digest };
}

function choose(images: SavedImage[], selector: string | null, name: string): SavedImage {
  const [first, ...others] = images;
  if (!first) throw new PlimsollError('manifest_invalid', `${name} holds no image: export it again.`);
  if (selector === null) {
    if (others.length === 0) return first;
    throw notThere(images, `${name} holds ${images.length} images, and the reference does not say which is meant`);
  }
  const number = /^@(\d{1,6})$/.exec(selector)?.[1];
  const chosen =
    number === undefined
      ? images.find(({ RepoTags }) => RepoTags?.some((tag) => familiar(tag) === familiar(selector)))
      : images[Number(number)];
  if (!chosen) throw notThere(images, `${name} holds no image ${selector}`);
  return chosen;
}

/** As Docker shows a name: without its default registry and namespace, with a tag. */
function familiar(tag: string): string {
  const name = tag.replace(/^(?:index\.)?docker\.io\//, '').replace(/^library\//, '');
  return name.lastIndexOf(':') > name.lastIndexOf('/') ? name : `${name}:latest`;
}

function notThere(images: SavedImage[], what: string): PlimsollError {
  const names = images.flatMap(({ RepoTags }, number) => RepoTags?.at(0) ?? `@${number}`);
  const message = `${what}: add one of these after a colon: ${names.slice(0, 20).join(', ')}.`;
  return new PlimsollError('image_not_in_archive', message);
}
