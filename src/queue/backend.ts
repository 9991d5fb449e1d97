import {
  createPostgresBackend,
  createRedisBackend,
  type Processor,
  type Queue,
  type Worker,
  withBackend,
} from 'bullmq';
import type { Config } from '../config/config.js';

/** How many connections each queue and each worker may hold. */
const POOL_SIZE = 3;

/** A killed worker's job is delivered again after this long, milliseconds. */
const LOCK_DURATION_MS = 15_000;

/** A stalled job is delivered again for as long as its scan wants it: the scan's own attempts are what ends it. */
const MAX_STALLED = 1_000;

/** Where the queue lives. Everything in it can be lost and is delivered again from the scan table. */
export interface QueueBackend {
  queue(name: string): Queue;
  worker(name: string, run: Processor, concurrency: number): Worker;
}

/** Redis or Valkey when configured, otherwise the database itself. */
export function queueBackend(config: Config): QueueBackend {
  if (config.redisUrl) {
    const connection = { url: config.redisUrl, maxRetriesPerRequest: null };
    // A request must not wait for a server that is away; whoever adds a job has a plan for that.
    return bind(withBackend(createRedisBackend), connection, { ...connection, enableOfflineQueue: false });
  }
  if (!config.databaseUrl) throw new Error('the queue needs a database URL: the embedded database has not started');
  const connection = { connectionString: config.databaseUrl, schema: 'bullmq', migrate: true, max: POOL_SIZE };
  return bind(withBackend(createPostgresBackend), connection, connection);
}

/** BullMQ's classes differ in the type of their connection only; nothing outside looks at it. */
function bind(classes: object, connection: object, producerConnection: object): QueueBackend {
  const { Queue: BoundQueue, Worker: BoundWorker } = classes as { Queue: typeof Queue; Worker: typeof Worker };
  return {
    queue: (name) => new BoundQueue(name, { connection: producerConnection }),
    worker: (name, run, concurrency) =>
      new BoundWorker(name, run, {
        connection,
        concurrency,
        lockDuration: LOCK_DURATION_MS,
        stalledInterval: LOCK_DURATION_MS / 3,
        maxStalledCount: MAX_STALLED,
      }),
  };
}
