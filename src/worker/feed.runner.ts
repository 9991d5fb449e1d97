import { Injectable, Logger } from '@nestjs/common';
import { PlimsollError } from '../model/error.js';
import type { FeedProgress } from '../model/feed.js';
import { type FeedRun, FeedStore } from '../store/feed.store.js';
import { FeedSyncs } from './feed/feed-syncs.js';
import { RejudgeTrigger } from './rejudge-trigger.js';

/** How often progress is written, milliseconds. */
const PROGRESS_MS = 500;

/** Runs one sync of a feed, whichever it is: keeps the run, writes its progress and its end. */
@Injectable()
export class FeedRunner {
  private readonly logger = new Logger(FeedRunner.name);
  private readonly running = new Set<AbortController>();

  constructor(
    private readonly feeds: FeedStore,
    private readonly syncs: FeedSyncs,
    private readonly rejudging: RejudgeTrigger,
  ) {}

  /** The feed is marked `running` by whoever asked for the sync. Does nothing for a run that another has taken over. */
  async run(run: FeedRun): Promise<void> {
    const { feed } = run;
    const progress: FeedProgress = { percent: 0, part: null, imported: 0, rejected: 0, skipped: 0 };
    if (!(await this.feeds.progress(run, progress))) return;
    const controller = new AbortController();
    this.running.add(controller);
    const beat = async () => {
      if (!(await this.feeds.progress(run, progress))) controller.abort();
    };
    const timer = setInterval(() => void beat().catch(() => undefined), PROGRESS_MS);
    try {
      await this.syncs.of(feed).sync({ progress, signal: controller.signal });
      clearInterval(timer);
      await this.feeds.succeed(run, { ...progress, percent: 100, part: null });
      this.logger.log({ feed, ...progress }, 'feed synced');
    } catch (error) {
      clearInterval(timer);
      await this.conclude(run, progress, error, controller.signal);
    } finally {
      this.running.delete(controller);
      // Where it fails, the sweeper asks again.
      await this.rejudging.request().catch(() => undefined);
    }
  }

  /** Syncs that run now stop; the feed stays `running` and the next worker goes on with what is left. */
  stopAll(): void {
    for (const controller of this.running) controller.abort();
  }

  private async conclude(run: FeedRun, progress: FeedProgress, error: unknown, signal: AbortSignal): Promise<void> {
    const { feed } = run;
    if (signal.aborted) {
      await this.feeds.suspend(run);
      this.logger.log(run, 'feed sync stopped: this worker is stopping, or another has taken over');
      return;
    }
    const known = error instanceof PlimsollError;
    if (known) this.logger.warn({ feed, code: error.code }, error.message);
    else this.logger.error({ feed, err: error }, 'feed sync failed unexpectedly');
    const message = known ? error.message : 'The sync failed unexpectedly; the worker’s log has the details.';
    await this.feeds.fail(run, { code: known ? error.code : 'internal_error', message }, progress);
  }
}
