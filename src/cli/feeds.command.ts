import { setTimeout as sleep } from 'node:timers/promises';
import { ADVISORY_FEED_NAMES, FEED_NAMES, type Feed, type FeedName } from '../model/feed.js';
import type { ApiClient } from './api-client.js';
import type { ConnectOptions } from './connect.js';
import { EXIT_CODES, type ExitCode } from './exit-code.js';
import { type OutputFormat, printJson, printLine } from './output.js';
import type { Progress } from './progress.js';
import { printable } from './table.js';
import type { Wire } from './wire.js';
import { withService } from './with-service.js';

export interface FeedsCommandOptions extends ConnectOptions {
  format: OutputFormat;
}

/**
 * Feeds without which vulnerabilities are not found. Of the others the output tells when every feed was asked for, and
 * the exit code does not: a machine without a network may have advisories alone.
 */
const NEEDED: ReadonlySet<FeedName> = new Set(ADVISORY_FEED_NAMES);

/** How often a sync is looked at, milliseconds. */
const POLL_MS = 300;

export async function feedsCommand(options: FeedsCommandOptions, signal: AbortSignal): Promise<ExitCode> {
  return withService(options, signal, async (client, progress) => {
    const feeds = await client.list<Wire<Feed>>('/v1/feeds');
    progress.clear();
    if (options.format === 'json') printJson({ feeds });
    else for (const feed of feeds) printLine(feedLine(feed));
    return EXIT_CODES.ok;
  });
}

/** @param name null for every feed that is enabled */
export async function feedsSyncCommand(
  name: string | null,
  options: FeedsCommandOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  return withService(options, signal, async (client, progress) => {
    const names = name === null ? await enabledFeeds(client) : [name];
    const feeds: Wire<Feed>[] = [];
    for (const each of names) feeds.push(await sync(client, each, progress, signal));
    progress.clear();
    if (options.format === 'json') printJson({ feeds });
    else for (const feed of feeds) printLine(feedLine(feed));
    const failed = feeds.filter(({ status }) => status === 'failed');
    return failed.some((feed) => feed.name === name || NEEDED.has(feed.name)) ? EXIT_CODES.failed : EXIT_CODES.ok;
  });
}

/** Advisories first: scores are of use only with them. */
async function enabledFeeds(client: ApiClient): Promise<FeedName[]> {
  const enabled = (await client.list<Wire<Feed>>('/v1/feeds')).filter((feed) => feed.enabled).map(({ name }) => name);
  return enabled.toSorted((a, b) => FEED_NAMES.indexOf(a) - FEED_NAMES.indexOf(b));
}

async function sync(client: ApiClient, name: string, progress: Progress, signal: AbortSignal): Promise<Wire<Feed>> {
  const path = `/v1/feeds/${encodeURIComponent(name)}`;
  let feed = await client.post<Wire<Feed>>(`${path}/sync`);
  while (feed.status === 'running') {
    const { part, percent } = feed.progress;
    progress.update(`${name}: ${part ?? 'waiting'}`, percent);
    await sleep(POLL_MS, undefined, { signal });
    feed = await client.get(path);
  }
  return feed;
}

export function feedLine(feed: Wire<Feed>): string {
  const { imported, skipped, rejected } = feed.progress;
  const off = feed.enabled ? '' : ' (not kept up to date)';
  const last = feed.lastSuccessAt === null ? 'never synced' : `last synced ${feed.lastSuccessAt}`;
  const run = [
    `${imported} imported`,
    ...(skipped > 0 ? [`${skipped} parts unchanged`] : []),
    ...(rejected > 0 ? [`${rejected} rejected`] : []),
  ];
  const error = feed.lastError ? `; the last sync failed: ${feed.lastError.message} (${feed.lastError.code})` : '';
  const details = feed.lastSuccessAt === null && imported === 0 ? '' : ` (${run.join(', ')})`;
  return printable(`${feed.name}${off}: ${feed.status}, ${feed.records} records, ${last}${details}${error}`);
}
