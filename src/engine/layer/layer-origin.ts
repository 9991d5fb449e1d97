import type { LayerOrigin } from '../../model/explanation.js';
import type { ImageConfig } from '../../model/image-config.js';

/**
 * Where a layer is in its image, and which instruction of the build made it: the n-th layer is that of the n-th entry of
 * the history that made one (OCI image specification, "Image Configuration", `history`).
 *
 * @param image null where it is not known: the target has no configuration, or was read before layers were kept
 */
export function layerOrigin(diffId: string, image: Pick<ImageConfig, 'diffIds' | 'history'> | null): LayerOrigin {
  const unknown = (index: number | null, reason: string): LayerOrigin => ({
    diffId,
    index,
    count: image?.diffIds.length || null,
    instruction: null,
    reason,
  });
  if (!image || image.diffIds.length === 0)
    return unknown(null, 'The order of the layers was not kept: scan it again.');
  // A layer that is there twice shows what its upper copy shows.
  const index = image.diffIds.lastIndexOf(diffId);
  if (index < 0) return unknown(null, 'The configuration of the image does not list this layer.');
  const makers = image.history.flatMap((entry, step) => (entry.emptyLayer ? [] : [{ ...entry, step: step + 1 }]));
  if (makers.length === 0) return unknown(index, 'The image has no history.');
  const maker = makers[index];
  if (!maker || makers.length !== image.diffIds.length) {
    const counts = `${makers.length} instructions that made a layer, and ${image.diffIds.length} layers`;
    return unknown(index, `The history of the image does not match its layers: it has ${counts}.`);
  }
  const { step, createdBy, created, comment } = maker;
  if (createdBy === null) return unknown(index, `Step ${step} of the history does not say what it did.`);
  return {
    diffId,
    index,
    count: image.diffIds.length,
    instruction: { step, createdBy, created, comment },
    reason: null,
  };
}
