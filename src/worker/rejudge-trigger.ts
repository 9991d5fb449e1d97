import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { MATCHER_VERSION } from '../engine/matcher/matcher-version.js';
import { JobQueue } from '../queue/job-queue.js';
import { rejudgeJobId } from '../queue/jobs.js';
import { RejudgeStore } from '../store/rejudge.store.js';
import { RejudgingStateStore } from '../store/rejudging-state.store.js';

/** Queues passes. What waits is in the database: the sweeper asks again for what a queue loses. */
@Injectable()
export class RejudgeTrigger implements OnApplicationBootstrap {
  constructor(
    private readonly rejudging: RejudgeStore,
    private readonly queue: JobQueue,
    private readonly state: RejudgingStateStore,
  ) {}

  /** Packages that were matched by the rules of another release are to be matched by those of this one. */
  async onApplicationBootstrap(): Promise<void> {
    await this.state.adoptMatcher(MATCHER_VERSION);
    await this.request().catch(() => undefined);
  }

  /** Does nothing where nothing waits. */
  async request(): Promise<void> {
    const change = await this.rejudging.waiting();
    if (change !== null) await this.queue.add('rejudge', rejudgeJobId(change), { change });
  }
}
