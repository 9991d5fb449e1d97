import { type ImageName, parseImageName } from '../../../model/image-name.js';
import { parseImageReference } from '../../../model/reference.js';

/**
 * The name of the image that a reference asks a registry or an engine for; null for what is asked for by its id, its
 * path or an upload.
 *
 * @throws PlimsollError `unknown_reference_form`
 */
export function imageNameOf(reference: string): ImageName | null {
  const parsed = parseImageReference(reference);
  switch (parsed.transport) {
    case 'docker':
      return parsed.name;
    case 'docker-daemon':
      return /^sha256:[0-9a-f]{64}$/.test(parsed.image) ? null : parseImageName(parsed.image);
    default:
      return null;
  }
}
