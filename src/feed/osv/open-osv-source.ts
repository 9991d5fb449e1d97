import { FEED_URLS } from '../../model/feed.js';
import { openFeedSource } from '../open-feed-source.js';
import { parseSourceLocation } from '../source-location.js';
import { OsvExport } from './osv-export.js';
import type { OsvSource } from './osv-source.js';

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
  const { tempDir, maxPartBytes = MAX_PART_BYTES, retryDelayMs = RETRY_DELAY_MS } = options;
  const found = parseSourceLocation(location, 'advisories', 'PLIMSOLL_OSV_SOURCE');
  const source = openFeedSource(location, { feed: 'osv', publicUrl: FEED_URLS.osv, tempDir, retryDelayMs });
  return new OsvExport(source, found.kind, maxPartBytes);
}
