import { mkdir } from 'node:fs/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { openOsvSource } from '../feed/osv/open-osv-source.js';
import type { OpenedPart, OsvSource } from '../feed/osv/osv-source.js';
import { readOsvZip } from '../feed/osv/osv-zip.js';
import { TemporaryFiles } from '../files/temporary-files.js';
import type { Advisory } from '../model/advisory.js';
import { type ErrorCode, PlimsollError } from '../model/error.js';
import type { FeedName, FeedProgress } from '../model/feed.js';
import { type FeedRun, FeedStore, type StoredPart } from '../store/feed.store.js';

/** How often progress is written, milliseconds. */
const PROGRESS_MS = 500;

/** Rejected records that the log names, for each part; the rest is counted. */
const REJECTED_NAMED = 5;

/** These say nothing about the other parts, which are imported all the same: they hold what is new elsewhere. */
const FAULTS_OF_A_PART: ReadonlySet<ErrorCode> = new Set(['feed_source_invalid', 'feed_shrank', 'limit_exceeded']);

/** Runs one sync of a feed: what changed at the source is imported, a part in a transaction. */
@Injectable()
export class FeedRunner {
  private readonly logger = new Logger(FeedRunner.name);
  private readonly running = new Set<AbortController>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly feeds: FeedStore,
    private readonly temporaryFiles: TemporaryFiles,
  ) {}

  /**
   * The feed is marked `running` by whoever asked for the sync; a part that was imported before a crash is skipped. Does
   * nothing for a run that another has taken over.
   */
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
      await this.sync(feed, progress, controller.signal);
      clearInterval(timer);
      await this.feeds.succeed(run, { ...progress, percent: 100, part: null });
      this.logger.log({ feed, ...progress }, 'feed synced');
    } catch (error) {
      clearInterval(timer);
      await this.conclude(run, progress, error, controller.signal);
    } finally {
      this.running.delete(controller);
    }
  }

  /** Syncs that run now stop; the feed stays `running` and the next worker goes on with the parts that are left. */
  stopAll(): void {
    for (const controller of this.running) controller.abort();
  }

  private async sync(feed: FeedName, progress: FeedProgress, signal: AbortSignal): Promise<void> {
    const tempDir = this.temporaryFiles.folder;
    await mkdir(tempDir, { recursive: true, mode: 0o700 });
    const source = openOsvSource(this.config.osvSource, { tempDir });
    const parts = this.chosen(await source.listParts(signal));
    const stored = await this.feeds.parts(feed);
    const failures: PlimsollError[] = [];
    for (const [index, part] of parts.entries()) {
      progress.part = part;
      const within = (share: number) => {
        progress.percent = Math.floor(((index + share) / parts.length) * 100);
      };
      within(0);
      try {
        await this.syncPart(feed, source, part, stored.get(part) ?? null, progress, within, signal);
      } catch (error) {
        if (!(error instanceof PlimsollError) || !FAULTS_OF_A_PART.has(error.code)) throw error;
        this.logger.warn({ part, code: error.code }, error.message);
        failures.push(error);
      }
    }
    const [first, ...more] = failures;
    if (!first) return;
    if (more.length === 0) throw first;
    const message = `${failures.length} of ${parts.length} parts could not be imported. ${failures.map((e) => e.message).join(' ')}`;
    throw new PlimsollError(first.code, message, { cause: first });
  }

  private chosen(listed: string[]): string[] {
    const wanted = this.config.osvEcosystems;
    if (wanted === null) return listed;
    const missing = wanted.filter((name) => !listed.includes(name));
    if (missing.length > 0) {
      throw new PlimsollError(
        'feed_source_invalid',
        `PLIMSOLL_OSV_ECOSYSTEMS names ${missing.join(', ')}, which the export does not have: it has ${listed.join(', ')}.`,
      );
    }
    return listed.filter((name) => wanted.includes(name));
  }

  private async syncPart(
    feed: FeedName,
    source: OsvSource,
    part: string,
    stored: StoredPart | null,
    progress: FeedProgress,
    within: (share: number) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const opened = await source.openPart(part, stored, (done, total) => within(total ? done / total / 2 : 0), signal);
    if (opened.unchanged) {
      progress.skipped += 1;
      return;
    }
    try {
      await this.importPart(feed, part, opened, progress, signal);
    } finally {
      await opened.release();
    }
  }

  private async importPart(
    feed: FeedName,
    part: string,
    opened: Extract<OpenedPart, { unchanged: false }>,
    progress: FeedProgress,
    signal: AbortSignal,
  ): Promise<void> {
    let rejected = 0;
    const { logger } = this;
    async function* advisories(): AsyncGenerator<Advisory> {
      for await (const record of readOsvZip(opened.path, part, signal)) {
        if ('advisory' in record) {
          progress.imported += 1;
          yield record.advisory;
          continue;
        }
        rejected += 1;
        progress.rejected += 1;
        if (rejected <= REJECTED_NAMED) logger.warn({ part, ...record.rejected }, 'advisory rejected');
      }
    }
    const { etag, digest } = opened;
    const result = await this.feeds.importPart(feed, part, { etag, digest }, advisories(), () => rejected);
    logger.log({ part, ...result, rejected }, 'part imported');
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
