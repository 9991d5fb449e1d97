import type { Logger } from '@nestjs/common';
import type { RejectedRecord } from '../../feed/feed-record.js';
import type { FeedProgress } from '../../model/feed.js';
import type { LeftOut } from '../../store/advisory-import.js';

/** Rejected records that the log names, for each part; the rest is counted. */
const NAMED = 5;

/** Records that are kept by name, so that a source without any form does not fill the memory. */
const KEPT = 200_000;

/** The records of a part that gave no advisory. */
export class LeftOutRecords {
  readonly records: LeftOut[] = [];
  rejected = 0;

  constructor(
    private readonly part: string,
    private readonly progress: FeedProgress,
    private readonly logger: Logger,
  ) {}

  /** @param id null where the entry does not tell it */
  reject(record: RejectedRecord, id: string | null, modified: Date | null = null): void {
    this.rejected += 1;
    this.progress.rejected += 1;
    if (this.rejected <= NAMED) this.logger.warn({ part: this.part, ...record }, 'record rejected');
    if (id !== null) this.keep({ id, modified, rejected: true });
  }

  /** A record without packages of the part. */
  pass(id: string, modified: Date): void {
    this.keep({ id, modified, rejected: false });
  }

  private keep(record: LeftOut): void {
    if (this.records.length < KEPT) this.records.push(record);
  }
}
