import { mkdir } from 'node:fs/promises';
import type { FeedFile, FeedFiles } from '../../feed/feed-plugin.js';
import type { OpenedFile } from '../../feed/feed-source.js';
import { feedFilesOf, isMissing, openFeedSource } from '../../feed/open-feed-source.js';
import { PlimsollError } from '../../model/error.js';
import type { FeedName } from '../../model/feed.js';
import type { FeedStore } from '../../store/feed.store.js';
import type { SyncRun } from './feed-sync.js';
import { syncParts } from './sync-parts.js';

/** What a plugin of either kind says of its files. */
export interface FilesOfFeed {
  name: FeedName;
  publicUrl: string;
  files(source: FeedFiles, signal: AbortSignal): Promise<FeedFile[]>;
}

export type ReadableFile = Extract<OpenedFile, { unchanged: false }>;

export interface PluginFilesOptions {
  /** A URL or a folder. */
  location: string;
  /** For downloads; it is made if it is not there. */
  tempDir: string;
  feeds: FeedStore;
}

/**
 * Syncs a feed that is made of files: lists them, fetches those that changed, imports each as a part, and removes the parts
 * that are listed no longer.
 *
 * @param importFile takes a fetched file into the store, in one transaction
 * @throws PlimsollError of the first part that failed; the others were imported all the same
 */
export async function syncFiles(
  plugin: FilesOfFeed,
  { location, tempDir, feeds }: PluginFilesOptions,
  run: SyncRun,
  importFile: (part: string, file: ReadableFile) => Promise<void>,
): Promise<void> {
  const { name, publicUrl } = plugin;
  const { signal, progress } = run;
  await mkdir(tempDir, { recursive: true, mode: 0o700 });
  const source = openFeedSource(location, { feed: name, publicUrl, tempDir });
  const files = byPart(name, await plugin.files(feedFilesOf(source, signal), signal));
  const stored = await feeds.parts(name);
  const absent = new Set<string>();
  await syncParts(name, [...files.keys()], run, feeds, async (part, within) => {
    const file = files.get(part) as FeedFile;
    const opened = await open(file);
    if (opened === null) {
      absent.add(part);
      return;
    }
    if (opened.unchanged) {
      await feeds.confirmPart(name, part, opened.version ?? undefined);
      progress.skipped += 1;
      return;
    }
    try {
      await importFile(part, opened);
    } finally {
      await opened.release();
    }

    async function open({ optional, ...wanted }: FeedFile): Promise<OpenedFile | null> {
      const onBytes = (done: number, total: number | null) => within(total ? done / total / 2 : 0);
      try {
        return await source.open(wanted, stored.get(part) ?? null, onBytes, signal);
      } catch (error) {
        if (optional && isMissing(error)) return null;
        throw error;
      }
    }
  });
  if (absent.size === files.size) throw nothing(name, `none of its files is at ${source.nameOf('')}`);
  const listed = new Set(files.keys()).difference(absent);
  await feeds.removeParts(
    name,
    [...stored.keys()].filter((part) => !listed.has(part)),
  );
}

function byPart(name: FeedName, files: readonly FeedFile[]): Map<string, FeedFile> {
  if (files.length === 0) throw nothing(name, 'its index names no file');
  return new Map(files.map((file) => [file.part, file]));
}

function nothing(name: FeedName, why: string): PlimsollError {
  const message = `The feed ${name} has nothing: ${why}. Check PLIMSOLL_${name.toUpperCase()}_SOURCE; docs/feeds.md has the layout of a mirror.`;
  return new PlimsollError('feed_source_invalid', message);
}
