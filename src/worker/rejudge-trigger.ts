import { Injectable } from '@nestjs/common';
import { JobQueue } from '../queue/job-queue.js';
import { rejudgeJobId } from '../queue/jobs.js';
import { RejudgeStore } from '../store/rejudge.store.js';

/** Queues passes. What waits is in the database: the sweeper asks again for what a queue loses. */
@Injectable()
export class RejudgeTrigger {
  constructor(
    private readonly rejudging: RejudgeStore,
    private readonly queue: JobQueue,
  ) {}

  /** Does nothing where nothing waits. */
  async request(): Promise<void> {
    const change = await this.rejudging.waiting();
    if (change !== null) await this.queue.add('rejudge', rejudgeJobId(change), { change });
  }
}
