import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { openEndOfLifeSource } from '../../feed/endoflife/open-endoflife-source.js';
import { FeedStore } from '../../store/feed.store.js';
import { LifecycleStore } from '../../store/lifecycle.store.js';
import type { FeedSync, SyncRun } from './feed-sync.js';

/** All of it comes at once. */
const PART = 'products';

/** Rejected products that the log names; the rest is counted. */
const REJECTED_NAMED = 5;

/** The products of endoflife.date, in one transaction. */
@Injectable()
export class EndOfLifeSync implements FeedSync {
  private readonly logger = new Logger(EndOfLifeSync.name);

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly feeds: FeedStore,
    private readonly lifecycles: LifecycleStore,
  ) {}

  async sync({ progress, signal }: SyncRun): Promise<void> {
    progress.part = PART;
    const source = openEndOfLifeSource(this.config.endOfLifeSource);
    const stored = (await this.feeds.parts('endoflife')).get(PART) ?? null;
    const read = await source.read(stored, (fraction) => (progress.percent = Math.floor(fraction * 90)), signal);
    if (read.unchanged) {
      await this.feeds.confirmPart('endoflife', PART);
      progress.skipped = 1;
      return;
    }
    const { etag, lastModified, digest, products, rejected } = read;
    signal.throwIfAborted();
    const names = rejected.map(({ name }) => name);
    const result = await this.lifecycles.import(PART, { etag, lastModified, digest }, products, names);
    progress.imported = products.length;
    progress.rejected = rejected.length;
    for (const product of rejected.slice(0, REJECTED_NAMED)) this.logger.warn(product, 'product rejected');
    this.logger.log({ ...result, rejected: rejected.length }, 'products imported');
  }
}
