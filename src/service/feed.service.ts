import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { enabledFeeds, shownFeedSource } from '../config/feed-config.js';
import { PlimsollError } from '../model/error.js';
import { FEED_NAMES, type Feed, type FeedName, type FeedPart } from '../model/feed.js';
import { JobQueue } from '../queue/job-queue.js';
import { feedJobId } from '../queue/jobs.js';
import { type FeedState, FeedStore } from '../store/feed.store.js';

@Injectable()
export class FeedService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly feeds: FeedStore,
    private readonly queue: JobQueue,
  ) {}

  /** Every feed that there is. */
  async list(): Promise<Feed[]> {
    return (await this.feeds.list()).map((state) => this.described(state));
  }

  async get(name: string): Promise<Feed> {
    return this.described(await this.feeds.get(feedName(name)));
  }

  /** The pieces of a feed that came in so far. */
  async parts(name: string): Promise<FeedPart[]> {
    return [...(await this.feeds.parts(feedName(name))).values()];
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
    return this.get(feed);
  }

  private described(state: FeedState): Feed {
    const { name } = state;
    return { ...state, enabled: enabledFeeds(this.config).includes(name), source: shownFeedSource(this.config, name) };
  }
}

function feedName(name: string): FeedName {
  const known = FEED_NAMES.find((feed) => feed === name);
  if (!known)
    throw new PlimsollError('unknown_feed', `There is no feed "${name}": expected one of ${FEED_NAMES.join(', ')}.`);
  return known;
}
