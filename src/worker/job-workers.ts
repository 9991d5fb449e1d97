import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Job, Worker } from 'bullmq';
import { CONFIG, type Config } from '../config/config.js';
import { queueBackend } from '../queue/backend.js';
import { JOB_NAMES, type JobName, type JobPayloads } from '../queue/jobs.js';
import { FeedRunner } from './feed.runner.js';
import { Rejudger } from './rejudger.js';
import { ScanRunner } from './scan.runner.js';

/** On shutdown, running work has this long to end by itself before it is handed back, milliseconds. */
const GRACE_MS = 5_000;

/** The consumer's side of the queue: one BullMQ worker per job name. */
@Injectable()
export class JobWorkers implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(JobWorkers.name);
  private readonly workers: Worker[] = [];
  private readonly handlers: { [N in JobName]: { concurrency: number; run(payload: JobPayloads[N]): Promise<void> } };

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly scans: ScanRunner,
    private readonly feeds: FeedRunner,
    private readonly rejudger: Rejudger,
  ) {
    this.handlers = {
      scan: { concurrency: config.scanConcurrency, run: ({ scanId }) => this.scans.run(scanId) },
      feed: { concurrency: 1, run: (run) => this.feeds.run(run) },
      rejudge: { concurrency: 1, run: () => this.rejudger.run() },
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    const backend = queueBackend(this.config);
    for (const name of JOB_NAMES) {
      const handler = this.handlers[name] as { concurrency: number; run(payload: unknown): Promise<void> };
      const worker = backend.worker(name, (job: Job) => handler.run(job.data), handler.concurrency);
      worker.on('error', (err) => this.logger.warn({ err }, `the ${name} worker has trouble with its queue`));
      worker.on('failed', (job, err) => this.logger.error({ err, payload: job?.data }, `a ${name} job failed`));
      this.workers.push(worker);
    }
    await Promise.all(this.workers.map((worker) => worker.waitUntilReady()));
  }

  /** Takes no new jobs, lets running ones end within the grace time, hands the rest back. */
  async onApplicationShutdown(): Promise<void> {
    this.rejudger.stop();
    const closing = Promise.all(this.workers.map((worker) => worker.close()));
    const timer = setTimeout(() => {
      this.scans.stopAll();
      this.feeds.stopAll();
    }, GRACE_MS);
    await closing;
    clearTimeout(timer);
    // Their connections may hear of the database's end before that of their own.
    for (const worker of this.workers) worker.removeAllListeners('error').on('error', () => undefined);
    await this.scans.close();
  }
}
