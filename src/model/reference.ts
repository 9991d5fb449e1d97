import { PlimsollError } from './error.js';
import { formatImageName, hideUserInfo, type ImageName, parseImageName } from './image-name.js';

/** A parsed image reference: a transport, and what the transport needs. */
export type ImageReference =
  | { transport: 'docker'; name: ImageName }
  /** What the daemon is asked for: an id, or a name with a tag or digest. */
  | { transport: 'docker-daemon'; image: string }
  | { transport: 'docker-archive'; path: string; selector: string | null }
  | { transport: 'oci-archive'; path: string; selector: string | null }
  | { transport: 'oci'; path: string; selector: string | null }
  | { transport: 'rootfs'; path: string }
  | { transport: 'sbom'; path: string }
  | { transport: 'upload'; id: string };

const FORMS =
  'docker://NAME, docker-daemon:NAME, docker-archive:PATH, oci-archive:PATH, oci:DIR, rootfs:PATH, sbom:PATH or upload:ID';
const IMAGE_ID = /^sha256:[0-9a-f]{64}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Reads a reference as containers-transports(5) writes them. `PATH[:selector]` follows skopeo: a selector is a tag or
 * name after the last colon that comes behind the last slash, or `@N`, the Nth image of a docker-archive.
 *
 * @throws PlimsollError `unknown_reference_form`
 */
export function parseImageReference(reference: string): ImageReference {
  const colon = reference.indexOf(':');
  const transport = colon < 0 ? '' : reference.slice(0, colon);
  const rest = reference.slice(colon + 1);
  if (reference.includes('\0')) throw unknownForm(reference, 'it holds a NUL byte');
  switch (transport) {
    case 'docker':
      if (!rest.startsWith('//')) throw unknownForm(reference, 'expected two slashes after "docker:"');
      return { transport, name: parseImageName(rest.slice(2)) };
    case 'docker-daemon':
      if (/^sha\d+:/.test(rest) && !IMAGE_ID.test(rest)) throw unknownForm(reference, 'expected an id of 64 digits');
      return { transport, image: daemonImage(rest) };
    case 'docker-archive':
    case 'oci-archive':
    case 'oci': {
      const { path, selector } = splitSelector(rest);
      return { transport, path: absolute(reference, path), selector };
    }
    case 'rootfs':
    case 'sbom':
      return { transport, path: absolute(reference, rest) };
    case 'upload':
      if (!UUID.test(rest)) throw unknownForm(reference, 'an upload is named by the id that POST /v1/uploads answered');
      return { transport, id: rest };
    default:
      throw unknownForm(reference, `expected ${FORMS}`);
  }
}

/** What makes two references the same target, however they are written. */
export function referenceIdentity(reference: string): string {
  const parsed = parseImageReference(reference);
  switch (parsed.transport) {
    case 'docker':
      return `docker://${formatImageName(parsed.name)}`;
    case 'docker-daemon':
      return `docker-daemon:${IMAGE_ID.test(parsed.image) ? parsed.image : formatImageName(parseImageName(parsed.image))}`;
    default:
      return reference;
  }
}

/** Without a tag a daemon would give every image of the name. */
function daemonImage(text: string): string {
  if (IMAGE_ID.test(text)) return text;
  const { tag, digest } = parseImageName(text);
  const isTagged = digest !== null || text.endsWith(`:${tag}`);
  return isTagged ? text : `${text}:${tag}`;
}

/** `/x/image.tar:repo:tag` → path and selector; the part before the first colon after the last slash is the file. */
function splitSelector(rest: string): { path: string; selector: string | null } {
  const match = /^(.*?\.(?:tar|tgz|tar\.gz|tar\.zst)):(.+)$/s.exec(rest);
  if (match?.[1] && match[2]) return { path: match[1], selector: match[2] };
  const slash = rest.lastIndexOf('/');
  const colon = rest.indexOf(':', slash + 1);
  return colon < 0 ? { path: rest, selector: null } : { path: rest.slice(0, colon), selector: rest.slice(colon + 1) };
}

function absolute(reference: string, path: string): string {
  if (!path.startsWith('/')) throw unknownForm(reference, 'the path after the transport must be absolute');
  return path;
}

function unknownForm(reference: string, why: string): PlimsollError {
  const shown = hideUserInfo(reference).slice(0, 200);
  return new PlimsollError('unknown_reference_form', `Cannot read the reference "${shown}": ${why}.`);
}
