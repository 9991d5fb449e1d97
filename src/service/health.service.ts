import { Injectable } from '@nestjs/common';
import { JobQueue } from '../queue/job-queue.js';
import { Database } from '../store/database.js';

export interface Readiness {
  ready: boolean;
  /** `ok`, or what is wrong, by part. */
  checks: Record<string, string>;
}

@Injectable()
export class HealthService {
  constructor(
    private readonly database: Database,
    private readonly queue: JobQueue,
  ) {}

  async ready(): Promise<Readiness> {
    const checks = {
      database: await outcome(this.database.ping()),
      queue: await outcome(this.queue.depth()),
    };
    return { ready: Object.values(checks).every((check) => check === 'ok'), checks };
  }

  /** Jobs that wait or run, by name. */
  queueDepth(): Promise<Record<string, number>> {
    return this.queue.depth();
  }
}

/** A dependency that does not answer within 3 s is not ready. */
async function outcome(check: Promise<unknown>): Promise<string> {
  const timeout = AbortSignal.timeout(3_000);
  try {
    await Promise.race([
      check,
      new Promise((_, reject) => timeout.addEventListener('abort', () => reject(new Error('timeout')))),
    ]);
    return 'ok';
  } catch {
    return 'unreachable';
  }
}
