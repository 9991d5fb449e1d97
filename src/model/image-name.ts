import { PlimsollError } from './error.js';

/** An image in a registry, as distribution's reference grammar names it, in full. */
export interface ImageName {
  /** In lower case, with its port where one is given: `docker.io`, `registry.example:5000`, `[::1]:5000`. */
  host: string;
  /** `library/alpine`. */
  repository: string;
  /** Null only beside a digest. */
  tag: string | null;
  /** `sha256:…`; what counts where there is a tag too. */
  digest: string | null;
}

/** What a name without a host means. */
export const DOCKER_HUB = 'docker.io';

/** Other hosts of Docker Hub. */
const HUB_HOSTS = new Set([DOCKER_HUB, 'index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com']);

const HOST =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?$/;
const REPOSITORY = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;
const MAX_NAME = 255;

/**
 * Reads `[host/]repository[:tag][@digest]`: a name without a host is Docker Hub's, one of Docker Hub without a slash
 * is in `library/`, and the tag is `latest` unless tag or digest say otherwise.
 *
 * @throws PlimsollError `unknown_reference_form`
 */
export function parseImageName(text: string): ImageName {
  const { name, tag, digest } = split(text);
  if (tag !== null && !TAG.test(tag)) throw notAName(text, 'the tag is not one of letters, digits, "_", "." and "-"');
  if (digest !== null && !DIGEST.test(digest)) {
    throw notAName(text, 'expected a digest as sha256: and 64 hexadecimal digits in lower case');
  }
  const { host, rest } = splitHost(name);
  const repository = host === DOCKER_HUB && !rest.includes('/') ? `library/${rest}` : rest;
  if (!REPOSITORY.test(repository) || repository.length > MAX_NAME) {
    throw notAName(text, 'a repository is of lower-case letters and digits, with ".", "_", "-" and "/" between them');
  }
  if (/^(?:library\/)?[0-9a-f]{64}$/.test(repository)) {
    throw notAName(text, 'expected a name before the digest, as alpine@sha256:…');
  }
  return { host, repository, tag: tag ?? (digest === null ? 'latest' : null), digest };
}

/** In full, so that one image has one name; a tag beside a digest says nothing more. */
export function formatImageName({ host, repository, tag, digest }: ImageName): string {
  return `${host}/${repository}${digest === null ? `:${tag}` : `@${digest}`}`;
}

/**
 * A registry's host as names have it.
 *
 * @returns null for what is no `host[:port]`
 */
export function parseRegistryHost(text: string): string | null {
  const host = text.toLowerCase();
  if (host.length > MAX_NAME || !HOST.test(host) || !URL.canParse(`https://${host}/`)) return null;
  return HUB_HOSTS.has(host) ? DOCKER_HUB : host;
}

/** Whether a path can be a repository's, or the beginning of one. */
export function isRepository(path: string): boolean {
  return path.length <= MAX_NAME && REPOSITORY.test(path);
}

function split(text: string): { name: string; tag: string | null; digest: string | null } {
  const at = text.indexOf('@');
  const digest = at < 0 ? null : text.slice(at + 1);
  const tagged = at < 0 ? text : text.slice(0, at);
  const colon = tagged.indexOf(':', tagged.lastIndexOf('/') + 1);
  if (colon < 0) return { name: tagged, tag: null, digest };
  return { name: tagged.slice(0, colon), tag: tagged.slice(colon + 1), digest };
}

/** The part before the first slash is a host only if it cannot be a part of Docker Hub's. */
function splitHost(name: string): { host: string; rest: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(0, slash));
  const isHost = /[.:]/.test(first) || first === 'localhost';
  // distribution takes a word with a capital for a host; in lower case it would be a part of Docker Hub's name.
  if (!isHost && first !== first.toLowerCase()) throw notAName(name, 'write a host of one word with its port');
  if (!isHost) return { host: DOCKER_HUB, rest: name };
  const host = parseRegistryHost(first);
  if (host === null) throw notAName(name, `"${first.slice(0, 100)}" is no host`);
  return { host, rest: name.slice(slash + 1) };
}

function notAName(text: string, why: string): PlimsollError {
  const message = `Cannot read the image name "${hideUserInfo(text).slice(0, 200)}": ${why}.`;
  return new PlimsollError('unknown_reference_form', message);
}

/** People write `user:password@host`; a message must not repeat it. */
export function hideUserInfo(text: string): string {
  return text.replace(/(^|\/\/)[^/@]*@(?!sha256:|sha512:)/, '$1…@');
}
