import { Injectable } from '@nestjs/common';
import { PlimsollError } from '../model/error.js';
import { FEED_NAMES, type Feed, type FeedName } from '../model/feed.js';
import { JobQueue } from '../queue/job-queue.js';
import { feedJobId } from '../queue/jobs.js';
import { FeedStore } from '../store/feed.store.js';

@Injectable()
export class FeedService {
  constructor(
    private readonly feeds: FeedStore,
    private readonly queue: JobQueue,
  ) {}

  list(): Promise<Feed[]> {
    return this.feeds.list();
  }

  get(name: string): Promise<Feed> {
    return this.feeds.get(feedName(name));
  }

  /**
   * Starts a sync unless one runs. The feed is `running` when this answers, so a client that waits for another status
   * does not take the state before for the end.
   */
  async sync(name: string): Promise<Feed> {
    const feed = feedName(name);
    const run = await this.feeds.begin(feed);
    if (run !== null) {
      try {
        await this.queue.add('feed', feedJobId(feed, run), { feed, run });
      } catch (error) {
        await this.feeds.fail(
          { feed, run },
          { code: 'unavailable', message: 'The queue took no job: sync again later.' },
        );
        throw new PlimsollError('unavailable', 'The queue took no job: is its server running?', { cause: error });
      }
    }
    return this.feeds.get(feed);
  }
}

function feedName(name: string): FeedName {
  const known = FEED_NAMES.find((feed) => feed === name);
  if (!known)
    throw new PlimsollError('unknown_feed', `There is no feed "${name}": expected one of ${FEED_NAMES.join(', ')}.`);
  return known;
}
