import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { enabledFeeds } from '../config/feed-config.js';
import { JobQueue } from '../queue/job-queue.js';
import { feedJobId } from '../queue/jobs.js';
import { FeedStore } from '../store/feed.store.js';

/**
 * Begins the syncs that nobody asked for. A feed that the operator named is synced from the start; one of the default ones
 * only once somebody asked for a first sync, so that a service without a network tries nothing and reports nothing.
 */
@Injectable()
export class FeedScheduler {
  private readonly logger = new Logger(FeedScheduler.name);

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly feeds: FeedStore,
    private readonly queue: JobQueue,
  ) {}

  /** Begins at most one. Safe to run in several workers at once: a feed has one run. */
  async beginDue(): Promise<void> {
    const { feeds, feedIntervalHours } = this.config;
    if (feedIntervalHours === 0) return;
    const name = await this.feeds.due(enabledFeeds(this.config), feeds ?? [], feedIntervalHours);
    if (name === null) return;
    const run = await this.feeds.begin(name, 'schedule');
    if (run === null) return;
    this.logger.log({ feed: name, run }, 'feed is due');
    // A queue that does not answer costs half a minute: then the sweeper delivers the run again.
    await this.queue.add('feed', feedJobId(name, run), { feed: name, run });
  }
}
