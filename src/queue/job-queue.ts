import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { CONFIG, type Config } from '../config/config.js';
import { queueBackend } from './backend.js';
import { JOB_NAMES, type JobName, type JobPayloads } from './jobs.js';

/** A queue that does not answer for so long is away, milliseconds. */
const ANSWER_LIMIT_MS = 3_000;

/** The producer's side of the queue. No call waits for longer than 3 s: it fails, and the sweeper makes it good. */
@Injectable()
export class JobQueue implements OnApplicationShutdown {
  private readonly queues: Map<JobName, Queue>;

  constructor(@Inject(CONFIG) config: Config) {
    const backend = queueBackend(config);
    this.queues = new Map(JOB_NAMES.map((name) => [name, backend.queue(name)]));
    for (const queue of this.queues.values()) queue.on('error', () => undefined); // each call reports its own failure
  }

  /**
   * Adds a job unless one with this id is waiting or running.
   *
   * @param priority 0 (first) to 19 (last)
   */
  async add<N extends JobName>(name: N, id: string, payload: JobPayloads[N], priority = 0): Promise<void> {
    const adding = this.queue(name).add(name, payload, {
      jobId: id,
      // BullMQ counts from 1; 0 would mean "before every prioritised job".
      priority: priority + 1,
      // A count here deadlocks on the PostgreSQL backend; see docs/adr.
      removeOnComplete: true,
      removeOnFail: true,
    });
    await withinLimit(adding);
  }

  /** Jobs that wait or run, by name. */
  async depth(): Promise<Record<JobName, number>> {
    const counts = await Promise.all(
      JOB_NAMES.map(async (name) => {
        const states = await withinLimit(this.queue(name).getJobCounts('waiting', 'prioritized', 'active', 'delayed'));
        return [name, Object.values(states).reduce((sum, n) => sum + n, 0)] as const;
      }),
    );
    return Object.fromEntries(counts) as Record<JobName, number>;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }

  private queue(name: JobName): Queue {
    const queue = this.queues.get(name);
    if (!queue) throw new Error(`no queue for job ${name}`);
    return queue;
  }
}

async function withinLimit<T>(answer: Promise<T>): Promise<T> {
  const done = new AbortController();
  const limit = sleep(ANSWER_LIMIT_MS, undefined, { signal: done.signal }).then(() => {
    throw new Error(`the queue has not answered for ${ANSWER_LIMIT_MS / 1_000} s`);
  });
  try {
    return await Promise.race([answer, limit]);
  } finally {
    done.abort();
    // Whichever was slower has nobody who hears of its failure.
    answer.catch(() => undefined);
    limit.catch(() => undefined);
  }
}
