import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { TemporaryFiles } from '../files/temporary-files.js';
import { UploadFiles } from '../files/upload-files.js';
import { EventStore } from '../store/event.store.js';
import { ScheduleStore } from '../store/schedule.store.js';
import { UploadStore } from '../store/upload.store.js';
import { FeedScheduler } from './feed-scheduler.js';
import { Repeating } from './repeating.js';
import { RepositoryRuns } from './repository-runs.js';
import { Sweeper } from './sweeper.js';

/** Outbox rows that one transaction of the sequencer moves to the log. */
const SEQUENCE_BATCH = 5_000;

/** What every worker does beside its jobs. Each task is safe to run in several workers at once. */
@Injectable()
export class Housekeeping implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(Housekeeping.name);
  private readonly tasks: Repeating[];

  constructor(
    private readonly sweeper: Sweeper,
    private readonly scheduler: FeedScheduler,
    private readonly schedules: ScheduleStore,
    private readonly repositoryRuns: RepositoryRuns,
    private readonly events: EventStore,
    private readonly uploads: UploadStore,
    private readonly uploadFiles: UploadFiles,
    private readonly temporaryFiles: TemporaryFiles,
  ) {
    this.tasks = [
      this.every(200, 'sequencing events', async () => (await this.events.sequence(SEQUENCE_BATCH)) === SEQUENCE_BATCH),
      this.every(3_000, 'sweeping scans', () => this.sweeper.sweep()),
      this.every(1_000, 'running schedules', () => this.runSchedule()),
      this.every(1_000, 'listing tags', () => this.repositoryRuns.runOne()),
      this.every(20_000, 'scheduling feeds', () => this.scheduler.beginDue()),
      this.every(60_000, 'removing expired files', () => this.removeExpiredFiles()),
    ];
  }

  onApplicationBootstrap(): void {
    for (const task of this.tasks) task.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.repositoryRuns.stop();
    await Promise.all(this.tasks.map((task) => task.stop()));
  }

  /** @returns whether one was due, and another may be */
  private async runSchedule(): Promise<boolean> {
    const done = await this.schedules.runDue(new Date());
    if (done === null) return false;
    const { id, reason, scans, skipped } = done.run;
    const counts = { scans: scans.length, skipped: skipped.length };
    this.logger.log({ scheduleId: done.scheduleId, runId: id, reason, ...counts }, 'schedule ran');
    return true;
  }

  private async removeExpiredFiles(): Promise<void> {
    const now = new Date();
    for (const id of await this.uploads.deleteExpired(now)) await this.uploadFiles.remove(id);
    await this.uploadFiles.removeAbandoned(now);
    await this.temporaryFiles.removeAbandoned(now);
  }

  private every(pauseMs: number, what: string, task: () => Promise<unknown>): Repeating {
    return new Repeating(task, pauseMs, (err) => this.logger.warn({ err }, `${what} failed; it is tried again`));
  }
}
