import type { KnownImage } from '../../model/host/audited-container.js';
import type { Container } from '../../model/host/engine.js';
import { imageReference } from './image-reference.js';
import { type ImageMatch, matchImages } from './images-in-use.js';

/** References of images that run and were not audited, each once, in the order of the containers. */
export function unauditedImages(
  containers: readonly Container[],
  known: readonly KnownImage[],
  ownEngine: boolean,
): string[] {
  const matches = matchImages(containers, known);
  const references = containers.flatMap((container, i) => {
    const reference = isInUse(container) ? imageReference(container, ownEngine) : null;
    return reference === null || isAudited(matches[i] ?? null, reference) ? [] : [reference];
  });
  return [...new Set(references)];
}

/** Whether the image of a container runs now. */
export function isInUse({ status }: Container): boolean {
  return status === 'running' || status === 'paused' || status === 'restarting';
}

/** Whether another scan, by this reference, would tell no more: that of a registry chooses from the index again. */
function isAudited(match: ImageMatch | null, reference: string): boolean {
  return match?.matchedBy === 'digest' || (match?.matchedBy === 'index' && reference.startsWith('docker://'));
}
