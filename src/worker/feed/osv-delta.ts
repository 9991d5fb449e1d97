import { Logger } from '@nestjs/common';
import { type FileVersion, isSameVersion } from '../../feed/feed-source.js';
import { type ListedRecord, readOsvListing } from '../../feed/osv/osv-listing.js';
import { readOsvRecord } from '../../feed/osv/osv-record.js';
import type { OsvSource } from '../../feed/osv/osv-source.js';
import { describeFault } from '../../feed/record-fault.js';
import type { Advisory } from '../../model/advisory.js';
import { PlimsollError } from '../../model/error.js';
import type { FeedProgress } from '../../model/feed.js';
import type { FeedStore } from '../../store/feed.store.js';
import type { ComparedListing, PartCursor, StoredPart } from '../../store/feed-part.js';
import { inOrder } from './in-order.js';
import { LeftOutRecords } from './left-out.js';

/** Above so many records, one archive is less work. */
const MAX_RECORDS = 2_000;

/** Below so many records the archive is more work, whatever share of the part they are. */
const FEW_RECORDS = 100;

/** Of a part's records; above it the archive is less work. */
const MAX_SHARE = 0.1;

/** Records that are fetched at once. */
const CONCURRENCY = 8;

export type DeltaOutcome =
  | 'unchanged'
  | 'imported'
  /** The part has to be read as a whole. */
  | 'impossible';

/**
 * Follows the changes of one part of OSV's export by its `modified_id.csv`, which lists every record and when it changed.
 * That list is compared with what is stored, so that nothing depends on which of the export's files was written first; what
 * the two disagree in is fetched, and the result is what a whole import gives.
 */
export class OsvDelta {
  private readonly logger = new Logger(OsvDelta.name);

  constructor(private readonly feeds: FeedStore) {}

  /** @throws PlimsollError `feed_source_unreachable`, `feed_shrank` */
  async sync(
    source: OsvSource,
    part: string,
    stored: StoredPart,
    progress: FeedProgress,
    signal: AbortSignal,
  ): Promise<DeltaOutcome> {
    const opened = await source.openListing(part, stored.cursor, signal);
    if (opened === null) return 'impossible';
    try {
      const archive = await source.archiveVersion(part, signal);
      if (opened.unchanged) {
        if (archive !== null && !isSameVersion(archive, stored)) return 'impossible';
        await this.feeds.confirmPart('osv', part);
        return 'unchanged';
      }
      const compared = await this.compare(part, opened.path, signal);
      if (compared === null) return 'impossible';
      const { changed, gone, newest } = compared;
      const count = changed.length + gone.length;
      if (count > MAX_RECORDS || count > Math.max(FEW_RECORDS, stored.records * MAX_SHARE)) return 'impossible';
      const cursor: PartCursor = { ...opened.version, newest: newest?.toISOString() ?? '' };
      const version = archive ?? stored;
      if (count === 0) {
        if (archive !== null && !isSameVersion(archive, stored) && stored.cursor === null) return 'impossible';
        await this.feeds.confirmPart('osv', part, version, cursor);
        return 'unchanged';
      }
      if (!(await this.areGone(source, part, gone, signal))) return 'impossible';
      return await this.import(source, part, { ...version, cursor }, compared, progress, signal);
    } finally {
      if (!opened.unchanged) await opened.release();
    }
  }

  /** Null where the list is of no use, as an old one that a mirror left beside newer archives. */
  private async compare(part: string, path: string, signal: AbortSignal) {
    try {
      const compared = await this.feeds.compareListing('osv', part, readOsvListing(path, signal), MAX_RECORDS);
      return compared.listed === 0 || compared.isBehind ? null : compared;
    } catch (error) {
      signal.throwIfAborted();
      this.logger.warn({ part, err: error }, 'the list of changes cannot be read: the part is read as a whole');
      return null;
    }
  }

  /** A list that leaves records out which are there is not whole. */
  private async areGone(
    source: OsvSource,
    part: string,
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<boolean> {
    for await (const text of inOrder(ids, CONCURRENCY, (id) => source.record(part, id, signal))) {
      if (text !== null) return false;
    }
    return true;
  }

  private async import(
    source: OsvSource,
    part: string,
    version: FileVersion & { cursor: PartCursor },
    { changed, gone }: Pick<ComparedListing, 'changed' | 'gone'>,
    progress: FeedProgress,
    signal: AbortSignal,
  ): Promise<DeltaOutcome> {
    const { imported, rejected } = progress;
    const leftOut = new LeftOutRecords(part, progress, this.logger);
    const records = inOrder(changed, CONCURRENCY, async (listed) => ({
      listed,
      text: await source.record(part, listed.id, signal),
    }));
    async function* advisories(): AsyncGenerator<Advisory> {
      for await (const { listed, text } of records) {
        const { id } = listed;
        if (text === null) throw new NotThere(id);
        const advisory = read(text, part, listed, leftOut);
        if (advisory === null) continue;
        if (advisory.affected.length === 0) {
          leftOut.pass(id, advisory.modified);
          continue;
        }
        progress.imported += 1;
        yield advisory;
      }
    }
    try {
      const result = await this.feeds.importDelta('osv', part, version, advisories(), gone, () => leftOut.records);
      this.logger.log({ part, ...result, fetched: changed.length }, 'changes imported');
      return 'imported';
    } catch (error) {
      signal.throwIfAborted();
      // One record that is not there or above the limit, or a server that has the archive alone and answers with something else.
      const isOfRecord =
        error instanceof NotThere ||
        (error instanceof PlimsollError && ['feed_source_invalid', 'limit_exceeded'].includes(error.code));
      if (!isOfRecord) throw error;
      this.logger.log({ part, err: error }, 'a listed record cannot be fetched: the part is read as a whole');
      Object.assign(progress, { imported, rejected });
      return 'impossible';
    }
  }
}

/** Null for a record that was rejected. */
function read(text: Buffer, part: string, { id, modified }: ListedRecord, leftOut: LeftOutRecords): Advisory | null {
  try {
    const advisory = readOsvRecord(text.toString('utf8'), part);
    if (advisory.id !== id) throw new Error(`id: expected ${id}, got ${JSON.stringify(advisory.id.slice(0, 80))}`);
    return advisory;
  } catch (error) {
    leftOut.reject({ entry: `${id}.json`, reason: describeFault(error) }, id, modified);
    return null;
  }
}

class NotThere extends Error {}
