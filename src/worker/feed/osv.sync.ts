import { mkdir } from 'node:fs/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { openOsvSource } from '../../feed/osv/open-osv-source.js';
import type { OpenedPart, OsvSource } from '../../feed/osv/osv-source.js';
import { readOsvZip } from '../../feed/osv/osv-zip.js';
import { TemporaryFiles } from '../../files/temporary-files.js';
import type { Advisory } from '../../model/advisory.js';
import { type ErrorCode, PlimsollError } from '../../model/error.js';
import type { FeedProgress } from '../../model/feed.js';
import { FeedStore, type StoredPart } from '../../store/feed.store.js';
import type { FeedSync, SyncRun } from './feed-sync.js';

/** Rejected records that the log names, for each part; the rest is counted. */
const REJECTED_NAMED = 5;

/** These say nothing about the other parts, which are imported all the same: they hold what is new elsewhere. */
const FAULTS_OF_A_PART: ReadonlySet<ErrorCode> = new Set(['feed_source_invalid', 'feed_shrank', 'limit_exceeded']);

/** OSV's export: what changed is imported, a part in a transaction, so that a part that came in before a crash is skipped. */
@Injectable()
export class OsvSync implements FeedSync {
  private readonly logger = new Logger(OsvSync.name);

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly feeds: FeedStore,
    private readonly temporaryFiles: TemporaryFiles,
  ) {}

  async sync({ progress, signal }: SyncRun): Promise<void> {
    const tempDir = this.temporaryFiles.folder;
    await mkdir(tempDir, { recursive: true, mode: 0o700 });
    const source = openOsvSource(this.config.osvSource, { tempDir });
    const parts = this.chosen(await source.listParts(signal));
    const stored = await this.feeds.parts('osv');
    const failures: PlimsollError[] = [];
    for (const [index, part] of parts.entries()) {
      progress.part = part;
      const within = (share: number) => {
        progress.percent = Math.floor(((index + share) / parts.length) * 100);
      };
      within(0);
      try {
        await this.syncPart(source, part, stored.get(part) ?? null, progress, within, signal);
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
      await this.importPart(part, opened, progress, signal);
    } finally {
      await opened.release();
    }
  }

  private async importPart(
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
    const result = await this.feeds.importPart('osv', part, { etag, digest }, advisories(), () => rejected);
    logger.log({ part, ...result, rejected }, 'part imported');
  }
}
