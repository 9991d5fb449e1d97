import { PlimsollError } from '../model/error.js';
import type { FeedName } from '../model/feed.js';
import { FeedFolder } from './feed-folder.js';
import type { FeedFiles } from './feed-plugin.js';
import type { FeedSource } from './feed-source.js';
import { FeedWebsite } from './feed-website.js';
import { parseSourceLocation } from './source-location.js';
import { isMissing as isRefused } from './website.js';

export interface FeedSourceOptions {
  feed: FeedName;
  /** Where the vendor publishes it: an absolute URL that begins so is read as relative to the source. */
  publicUrl: string;
  /** An existing folder for downloads. */
  tempDir: string;
  /** Before the first repetition of a request, doubled for each further one; milliseconds. */
  retryDelayMs?: number;
  /** Sent with every request. */
  headers?: Record<string, string>;
}

const RETRY_DELAY_MS = 1000;

/**
 * @param location a folder, or a `file:`, `http:` or `https:` URL
 * @throws PlimsollError `feed_source_invalid` for another kind of URL
 */
export function openFeedSource(location: string, options: FeedSourceOptions): FeedSource {
  const variable = sourceVariable(options.feed);
  const found = parseSourceLocation(location, `the feed ${options.feed}`, variable);
  if (found.kind === 'folder') return new FeedFolder(found.path, variable, options.publicUrl);
  const { feed, publicUrl, tempDir, retryDelayMs = RETRY_DELAY_MS, headers = {} } = options;
  const website = { what: `the feed ${feed}`, variable, retryDelayMs, headers };
  return new FeedWebsite(found.url, website, publicUrl, tempDir);
}

/** The source as plugins read its small files. */
export function feedFilesOf(source: FeedSource, signal: AbortSignal): FeedFiles {
  return {
    bytes: (path, maxBytes) => source.bytes(path, maxBytes, signal),
    async text(path, maxBytes) {
      const bytes = await source.bytes(path, maxBytes, signal);
      try {
        return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      } catch (cause) {
        throw new PlimsollError('feed_source_invalid', `${source.nameOf(path)} is not encoded as UTF-8.`, { cause });
      }
    },
  };
}

/** Whether the source was there and has no such file. */
export function isMissing(error: unknown): boolean {
  if (isRefused(error)) return true;
  const cause = error instanceof PlimsollError ? error.cause : null;
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
}

function sourceVariable(feed: FeedName): string {
  return `PLIMSOLL_${feed.toUpperCase()}_SOURCE`;
}
