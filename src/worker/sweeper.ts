import { Injectable, Logger } from '@nestjs/common';
import { JobQueue } from '../queue/job-queue.js';
import { feedJobId, scanJobId, scanJobPriority } from '../queue/jobs.js';
import { FeedStore } from '../store/feed.store.js';
import { ScanClaimStore } from '../store/scan-claim.store.js';
import { RejudgeTrigger } from './rejudge-trigger.js';

/** A scan that was handed to the queue this long ago and still waits may have been lost with the queue. */
const STRANDED_AFTER_SECONDS = 60;

/** At most this many scans are delivered again in one pass. */
const BATCH = 500;

/**
 * Delivers again what the queue lost: scans that were never enqueued, that wait for too long, or whose worker's lease
 * has ended; syncs of feeds likewise, and what is to be judged again. The queue drops a job that it already has, so a pass too many costs nothing.
 */
@Injectable()
export class Sweeper {
  private readonly logger = new Logger(Sweeper.name);

  constructor(
    private readonly scans: ScanClaimStore,
    private readonly feeds: FeedStore,
    private readonly queue: JobQueue,
    private readonly rejudging: RejudgeTrigger,
  ) {}

  async sweep(): Promise<void> {
    for (const run of await this.feeds.takeOver()) await this.queue.add('feed', feedJobId(run.feed, run.run), run);
    await this.rejudging.request();
    const stranded = await this.scans.stranded(STRANDED_AFTER_SECONDS, BATCH);
    for (const scan of stranded) {
      await this.queue.add('scan', scanJobId(scan.id, scan.fence), { scanId: scan.id }, scanJobPriority(scan));
    }
    if (stranded.length > 0) {
      await this.scans.markEnqueued(stranded.map(({ id }) => id));
      this.logger.log({ scans: stranded.length }, 'scans delivered again');
    }
  }
}
