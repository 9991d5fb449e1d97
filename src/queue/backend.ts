import { createPostgresBackend, createRedisBackend, withBackend } from 'bullmq';
import type { Config } from '../config/config.js';

/** How many connections each queue and each worker may hold. */
const POOL_SIZE = 3;

/** A killed worker's job is delivered again after this long, milliseconds. */
export const LOCK_DURATION_MS = 15_000;

/**
 * BullMQ's classes bound to where the queue lives: Redis or Valkey when configured, otherwise the database itself.
 * The queue only delivers: everything in it can be lost and is delivered again from the scan table.
 */
export function queueBackend(config: Config) {
  if (config.redisUrl) {
    return { ...withBackend(createRedisBackend), connection: { url: config.redisUrl, maxRetriesPerRequest: null } };
  }
  if (!config.databaseUrl) throw new Error('the queue needs a database URL: the embedded database has not started');
  return {
    ...withBackend(createPostgresBackend),
    connection: { connectionString: config.databaseUrl, schema: 'bullmq', migrate: true, max: POOL_SIZE },
  };
}
