import { mkdir } from 'node:fs/promises';
import type { FeedFile, FeedFiles } from '../../feed/feed-plugin.js';
import type { FeedSource, OpenedFile } from '../../feed/feed-source.js';
import { feedFilesOf, isMissing, openFeedSource } from '../../feed/open-feed-source.js';
import { PlimsollError } from '../../model/error.js';
import type { FeedName } from '../../model/feed.js';
import type { FeedStore } from '../../store/feed.store.js';
import type { StoredPart } from '../../store/feed-part.js';
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

/** What is known of a part whose file is about to be read. */
export interface PartToSync {
  file: FeedFile;
  source: FeedSource;
  stored: StoredPart | null;
}

export interface FileImport {
  /**
   * Brings a part up to date without its file, where that can be.
   *
   * @returns false where the file has to be read
   */
  follow?(part: PartToSync): Promise<boolean>;
  /** Takes a fetched file into the store, in one transaction. */
  import(part: PartToSync, opened: ReadableFile): Promise<void>;
}

/**
 * Syncs a feed that is made of files: lists them, fetches those that changed, imports each as a part, and removes the parts
 * that are listed no longer.
 *
 * @throws PlimsollError of the first part that failed; the others were imported all the same
 */
export async function syncFiles(
  plugin: FilesOfFeed,
  { location, tempDir, feeds }: PluginFilesOptions,
  run: SyncRun,
  into: FileImport,
): Promise<void> {
  const { name, publicUrl } = plugin;
  const { signal, progress } = run;
  await mkdir(tempDir, { recursive: true, mode: 0o700 });
  const source = openFeedSource(location, { feed: name, publicUrl, tempDir });
  const files = byPart(name, await plugin.files(feedFilesOf(source, signal), signal));
  const known = await feeds.parts(name);
  const absent = new Set<string>();
  await syncParts(name, [...files.keys()], run, feeds, async (part, within) => {
    const file = files.get(part) as FeedFile;
    const stored = known.get(part) ?? null;
    if (await into.follow?.({ file, source, stored })) return;
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
      await into.import({ file, source, stored }, opened);
    } finally {
      await opened.release();
    }

    async function open({ optional, ...wanted }: FeedFile): Promise<OpenedFile | null> {
      const onBytes = (done: number, total: number | null) => within(total ? done / total / 2 : 0);
      try {
        // Where changes were followed, the file that came in is not what is stored.
        return await source.open(wanted, into.follow && stored?.cursor ? null : stored, onBytes, signal);
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
    [...known.keys()].filter((part) => !listed.has(part)),
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
