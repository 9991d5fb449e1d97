import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { AdvisoryFeedPlugin, ChangedDocument, ChangedDocuments, DocumentChanges } from '../../feed/feed-plugin.js';
import type { FeedRecord } from '../../feed/feed-record.js';
import type { FeedSource } from '../../feed/feed-source.js';
import { feedFilesOf, isMissing } from '../../feed/open-feed-source.js';
import type { Advisory } from '../../model/advisory.js';
import { PlimsollError } from '../../model/error.js';
import type { FeedStore } from '../../store/feed.store.js';
import type { PartCursor, StoredPart } from '../../store/feed-part.js';
import type { SyncRun } from './feed-sync.js';
import { inOrder } from './in-order.js';
import { LeftOutRecords } from './left-out.js';
import type { PartToSync } from './plugin-files.js';
import { isWholeDue } from './whole-due.js';

/** Above so many documents, a file that is newer than what is stored is less work. */
const MAX_DOCUMENTS = 2_000;

/** Documents that are fetched at once. */
const CONCURRENCY = 8;

/** A list is not written in the moment of each change: what changed so long before its newest change is looked at again. */
const OVERLAP_MS = 86_400_000;

/** What changed, and how far that goes. */
export interface ListedChanges extends ChangedDocuments {
  cursor: PartCursor;
}

/**
 * Follows what a source says that changed, document by document (`DocumentChanges`). A part is the file that came in, and
 * over it the documents that changed since: each takes the place of the record of the same id, so the result is that of a
 * file made now.
 */
export class DocumentFollower {
  private readonly logger = new Logger(DocumentFollower.name);

  constructor(
    private readonly plugin: AdvisoryFeedPlugin,
    private readonly changes: DocumentChanges,
    private readonly feeds: FeedStore,
    private readonly run: SyncRun,
  ) {}

  /**
   * @returns false where the file has to be read
   * @throws PlimsollError
   */
  async follow(wanted: PartToSync): Promise<boolean> {
    const { name } = this.plugin;
    const { file, source, stored } = wanted;
    const { progress } = this.run;
    if (!stored?.cursor || isWholeDue(stored)) return false;
    const { part, asOf } = file;
    const isFileNewer = asOf !== undefined && asOf.getTime() > Date.parse(stored.cursor.newest);
    const digest = await this.versionOf(source);
    if (digest !== '' && digest === stored.cursor.digest) {
      await this.feeds.confirmPart(name, part);
      progress.skipped += 1;
      return true;
    }
    const since = new Date(Date.parse(stored.cursor.newest) - OVERLAP_MS);
    const listed = await this.list(source, since, digest);
    if (listed === null) this.refuseOlderFile(wanted);
    if (listed === null || listed.cursor.newest < stored.cursor.newest) return false;
    const newer = await this.feeds.newerThanStored(name, part, listed.changed);
    if (newer.size > MAX_DOCUMENTS && isFileNewer) return false;
    const changed = listed.changed.filter(({ id }) => newer.has(id));
    if (changed.length === 0 && listed.deleted.length === 0) {
      await this.feeds.confirmPart(name, part, undefined, listed.cursor);
      progress.skipped += 1;
      return true;
    }
    await this.import(wanted, stored, { ...listed, changed });
    return true;
  }

  /**
   * What changed since a file was made; null where the source does not tell, so that the file is all there is.
   *
   * @throws PlimsollError `feed_source_invalid` where the file would bring back what changes replaced
   */
  async changesSinceFile(wanted: PartToSync): Promise<ListedChanges | null> {
    const { file, source } = wanted;
    const since = file.asOf && new Date(file.asOf.getTime() - OVERLAP_MS);
    const listed = since ? await this.list(source, since, await this.versionOf(source)) : null;
    if (listed === null) this.refuseOlderFile(wanted);
    return listed;
  }

  /**
   * Fetches documents and reads them.
   *
   * @param done takes the id of each that was read; one that is not there or not of the form is rejected
   */
  async *advisories(
    wanted: PartToSync,
    documents: readonly ChangedDocument[],
    done: Set<string>,
    leftOut: LeftOutRecords,
  ): AsyncGenerator<Advisory> {
    const { progress, signal } = this.run;
    const read = inOrder(documents, CONCURRENCY, async (document) => ({
      document,
      records: await this.read(wanted, document),
    }));
    for await (const { document, records } of read) {
      signal.throwIfAborted();
      const { id, path, time } = document;
      const advisory = records.flatMap((record) => ('advisory' in record ? record.advisory : []))[0];
      const rejected = records.flatMap((record) => ('rejected' in record ? record.rejected : []))[0];
      if (rejected ?? (advisory && advisory.id !== id)) {
        const reason = rejected?.reason ?? `expected ${id}, got ${advisory?.id}`;
        leftOut.reject({ entry: path, reason }, id);
        continue;
      }
      done.add(id);
      if (advisory) {
        progress.imported += 1;
        yield advisory;
      } else {
        leftOut.pass(id, time);
      }
    }
  }

  private refuseOlderFile({ file: { path, asOf }, source, stored }: PartToSync): void {
    if (!stored?.cursor || (asOf !== undefined && asOf.toISOString() >= stored.cursor.newest)) return;
    const message = `${source.nameOf(this.changes.lists[0])} is not there or cannot be read, and ${path} is older than the changes that came in until ${stored.cursor.newest}: what is stored is kept.`;
    throw new PlimsollError('feed_source_invalid', message);
  }

  private async import(wanted: PartToSync, stored: StoredPart, listed: ListedChanges): Promise<void> {
    const { name } = this.plugin;
    const { part } = wanted.file;
    const leftOut = new LeftOutRecords(part, this.run.progress, this.logger);
    const { etag, lastModified, digest } = stored;
    const result = await this.feeds.importDelta(
      name,
      part,
      { etag, lastModified, digest, cursor: listed.cursor },
      this.advisories(wanted, listed.changed, new Set(), leftOut),
      listed.deleted,
      () => leftOut.records,
    );
    this.logger.log({ feed: name, part, ...result, fetched: listed.changed.length }, 'changes imported');
  }

  private async read(
    { file: { part }, source }: PartToSync,
    { path }: ChangedDocument,
  ): Promise<readonly FeedRecord[]> {
    const { signal } = this.run;
    try {
      const opened = await source.open({ path, maxBytes: this.changes.maxBytes }, null, () => {}, signal);
      if (opened.unchanged) return [];
      try {
        const records: FeedRecord[] = [];
        for await (const record of this.plugin.read(opened.path, part, signal)) records.push(record);
        return records;
      } finally {
        await opened.release();
      }
    } catch (error) {
      signal.throwIfAborted();
      const isOfDocument =
        error instanceof PlimsollError && ['feed_source_invalid', 'limit_exceeded'].includes(error.code);
      if (!isOfDocument && !isMissing(error)) throw error;
      return [{ rejected: { entry: path, reason: isMissing(error) ? 'it is listed and not there' : String(error) } }];
    }
  }

  /** Null where the source has no list, or none that can be used. */
  private async list(source: FeedSource, since: Date, digest: string): Promise<ListedChanges | null> {
    const { signal } = this.run;
    try {
      const listed = await this.changes.since(feedFilesOf(source, signal), since);
      if (listed.newest === null) return null;
      return { ...listed, cursor: { etag: null, lastModified: null, digest, newest: listed.newest.toISOString() } };
    } catch (error) {
      signal.throwIfAborted();
      const isOfList = error instanceof PlimsollError && ['feed_source_invalid', 'limit_exceeded'].includes(error.code);
      if (!isOfList && !isMissing(error)) throw error;
      this.logger.log({ feed: this.plugin.name, err: error }, 'the list of changes cannot be used');
      return null;
    }
  }

  /** What the source says of all its lists; empty where that does not tell one state from another. */
  private async versionOf(source: FeedSource): Promise<string> {
    const digests: string[] = [];
    for (const list of this.changes.lists) {
      try {
        const version = await source.version(list, this.run.signal);
        if (version === null) return '';
        digests.push(version.digest);
      } catch (error) {
        this.run.signal.throwIfAborted();
        if (!isMissing(error)) return '';
        digests.push('none');
      }
    }
    return `sha256:${createHash('sha256').update(digests.join('\n')).digest('hex')}`;
  }
}
