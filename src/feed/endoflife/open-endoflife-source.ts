import { parseSourceLocation } from '../source-location.js';
import { EndOfLifeFolder } from './endoflife-folder.js';
import type { EndOfLifeSource } from './endoflife-source.js';
import { EndOfLifeWebsite } from './endoflife-website.js';

const RETRY_DELAY_MS = 1000;

/**
 * @param location a folder, or a `file:`, `http:` or `https:` URL
 * @param retryDelayMs before the first repetition of a request, doubled for each further one
 * @throws PlimsollError `feed_source_invalid` for another kind of URL
 */
export function openEndOfLifeSource(location: string, retryDelayMs = RETRY_DELAY_MS): EndOfLifeSource {
  const found = parseSourceLocation(location, 'products', 'PLIMSOLL_ENDOFLIFE_SOURCE');
  return found.kind === 'folder' ? new EndOfLifeFolder(found.path) : new EndOfLifeWebsite(found.url, retryDelayMs);
}
