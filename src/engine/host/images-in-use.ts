import { PlimsollError } from '../../model/error.js';
import type { ImageAudit, KnownImage } from '../../model/host/audited-container.js';
import type { Container } from '../../model/host/engine.js';
import { referenceIdentity } from '../../model/reference.js';

/** An image as whatever runs it names it. */
export type ImageUse = Pick<Container, 'image' | 'imageId' | 'imageDigests'>;

/** By what audited images are found that containers run. */
export function keysOf(containers: readonly ImageUse[]): { digests: string[]; identities: string[] } {
  return {
    digests: [...new Set(containers.flatMap(digestsOf))],
    identities: [...new Set(containers.flatMap((each) => [...idsOf(each), ...namesOf(each)]))],
  };
}

/** An audited image of a container, and how surely it is the one. */
export interface ImageMatch {
  image: KnownImage;
  matchedBy: ImageAudit['matchedBy'];
}

/**
 * The audited image of each container, in their order: the very image where one is known, else one of the same index, else
 * one of the same name. Null: there is none.
 *
 * @param known what was found by `keysOf`, newest scans first
 */
export function matchImages(containers: readonly ImageUse[], known: readonly KnownImage[]): (ImageMatch | null)[] {
  const byDigest = firstBy(known, ({ digests }) => digests);
  const byIndex = firstBy(known, ({ indexDigests }) => indexDigests);
  const byIdentity = firstBy(known, ({ identity }) => [identity]);
  return containers.map((container) => {
    const digests = digestsOf(container);
    const same = first(digests, byDigest) ?? first(idsOf(container), byIdentity);
    if (same) return { image: same, matchedBy: 'digest' };
    const sibling = first(digests, byIndex);
    if (sibling) return { image: sibling, matchedBy: 'index' };
    const named = first(namesOf(container), byIdentity);
    return named && { image: named, matchedBy: 'reference' };
  });
}

/** Of configurations, manifests and indexes: an engine that keeps images in containerd calls them by the latter two. */
function digestsOf({ imageId, imageDigests }: ImageUse): string[] {
  const digests = imageDigests.map((digest) => digest.slice(digest.indexOf('@') + 1));
  return imageId === '' ? digests : [imageId, ...digests];
}

function idsOf({ imageId }: ImageUse): string[] {
  return identitiesOf([`docker-daemon:${imageId}`]);
}

function namesOf({ image }: ImageUse): string[] {
  return identitiesOf([`docker://${image}`, `docker-daemon:${image}`]);
}

/** Of what is a reference: a container may have been made of an image without a name. */
function identitiesOf(references: readonly string[]): string[] {
  return references.flatMap((reference) => identityOf(reference) ?? []);
}

/** Null for what is no reference. */
export function identityOf(reference: string): string | null {
  try {
    return referenceIdentity(reference);
  } catch (error) {
    if (error instanceof PlimsollError) return null;
    throw error;
  }
}

function first<T>(keys: readonly string[], map: ReadonlyMap<string, T>): T | null {
  for (const key of keys) {
    const found = map.get(key);
    if (found !== undefined) return found;
  }
  return null;
}

/** The first of each key: they come with the newest before. */
function firstBy<T>(items: readonly T[], keysOfItem: (item: T) => readonly string[]): Map<string, T> {
  const map = new Map<string, T>();
  for (const item of items) {
    for (const key of keysOfItem(item)) if (!map.has(key)) map.set(key, item);
  }
  return map;
}
