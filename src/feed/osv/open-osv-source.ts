import { fileURLToPath } from 'node:url';
import { PlimsollError } from '../../model/error.js';
import { OsvFolder } from './osv-folder.js';
import type { OsvSource } from './osv-source.js';
import { OsvWebsite } from './osv-website.js';

export interface OsvSourceOptions {
  /** An existing folder for downloads. */
  tempDir: string;
  /** Of one archive, bytes. */
  maxPartBytes?: number;
  /** Before the first repetition of a request, doubled for each further one; milliseconds. */
  retryDelayMs?: number;
}

/** Against a server that never ends: far above every part that OSV publishes. */
const MAX_PART_BYTES = 8 * 2 ** 30;
const RETRY_DELAY_MS = 1000;

/**
 * @param location a folder, or a `file:`, `http:` or `https:` URL
 * @throws PlimsollError `feed_source_invalid` for another kind of URL
 */
export function openOsvSource(location: string, options: OsvSourceOptions): OsvSource {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(location)?.[1]?.toLowerCase();
  const maxPartBytes = options.maxPartBytes ?? MAX_PART_BYTES;
  switch (scheme) {
    case undefined:
      return new OsvFolder(location);
    case 'file':
      return new OsvFolder(pathOf(location));
    case 'http':
    case 'https':
      return new OsvWebsite(location, options.tempDir, maxPartBytes, options.retryDelayMs ?? RETRY_DELAY_MS);
    default:
      throw unusable(location);
  }
}

function pathOf(location: string): string {
  try {
    return fileURLToPath(location);
  } catch (cause) {
    throw unusable(location, cause);
  }
}

function unusable(location: string, cause?: unknown): PlimsollError {
  const message = `Cannot read advisories from "${location.slice(0, 200)}": expected PLIMSOLL_OSV_SOURCE to be a folder, or a file, http or https URL.`;
  return new PlimsollError('feed_source_invalid', message, { cause });
}
