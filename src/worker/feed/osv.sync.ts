import { mkdir } from 'node:fs/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import type { FileVersion } from '../../feed/feed-source.js';
import { openOsvSource } from '../../feed/osv/open-osv-source.js';
import type { OsvSource } from '../../feed/osv/osv-source.js';
import { readOsvZip } from '../../feed/osv/osv-zip.js';
import { TemporaryFiles } from '../../files/temporary-files.js';
import type { Advisory } from '../../model/advisory.js';
import { PlimsollError } from '../../model/error.js';
import type { FeedProgress } from '../../model/feed.js';
import { FeedStore } from '../../store/feed.store.js';
import type { StoredPart } from '../../store/feed-part.js';
import type { FeedSync, SyncRun } from './feed-sync.js';
import { LeftOutRecords } from './left-out.js';
import { OsvDelta } from './osv-delta.js';
import { syncParts } from './sync-parts.js';
import { isWholeDue } from './whole-due.js';

/**
 * OSV's export, a part in a transaction, so that a part that came in before a crash is skipped. Of a part that came in as a
 * whole, what changed since is fetched record by record where that is less work.
 */
@Injectable()
export class OsvSync implements FeedSync {
  private readonly logger = new Logger(OsvSync.name);
  private readonly delta: OsvDelta;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly feeds: FeedStore,
    private readonly temporaryFiles: TemporaryFiles,
  ) {
    this.delta = new OsvDelta(feeds);
  }

  async sync(run: SyncRun): Promise<void> {
    const { progress, signal } = run;
    const tempDir = this.temporaryFiles.folder;
    await mkdir(tempDir, { recursive: true, mode: 0o700 });
    const source = openOsvSource(this.config.osvSource, { tempDir });
    const listed = await source.listParts(signal);
    const stored = await this.feeds.parts('osv');
    await syncParts('osv', this.chosen(listed), run, this.feeds, (part, within) =>
      this.syncPart(source, part, stored.get(part) ?? null, progress, within, signal),
    );
    await this.feeds.removeParts(
      'osv',
      [...stored.keys()].filter((part) => !listed.includes(part)),
    );
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
    if (stored !== null && !isWholeDue(stored)) {
      switch (await this.delta.sync(source, part, stored, progress, signal)) {
        case 'unchanged':
          progress.skipped += 1;
          return;
        case 'imported':
          return;
        case 'impossible':
          break;
      }
    }
    // Where changes were followed, the archive that came in is not the one of the version that is stored.
    const previous = stored?.cursor ? null : stored;
    await this.syncWhole(source, part, previous, progress, within, signal);
  }

  private async syncWhole(
    source: OsvSource,
    part: string,
    previous: FileVersion | null,
    progress: FeedProgress,
    within: (share: number) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const opened = await source.openPart(part, previous, (done, total) => within(total ? done / total / 2 : 0), signal);
    if (opened.unchanged) {
      await this.feeds.confirmPart('osv', part, opened.version ?? undefined);
      progress.skipped += 1;
      return;
    }
    const leftOut = new LeftOutRecords(part, progress, this.logger);
    async function* advisories(path: string): AsyncGenerator<Advisory> {
      for await (const record of readOsvZip(path, part, signal)) {
        if ('rejected' in record) {
          leftOut.reject(record.rejected, record.rejected.entry.replace(/\.json$/, ''));
        } else if (record.advisory.affected.length === 0) {
          leftOut.pass(record.advisory.id, record.advisory.modified);
        } else {
          progress.imported += 1;
          yield record.advisory;
        }
      }
    }
    try {
      const result = await this.feeds.importPart(
        'osv',
        part,
        opened.version,
        advisories(opened.path),
        () => leftOut.rejected,
        () => leftOut.records,
      );
      this.logger.log({ part, ...result, rejected: leftOut.rejected }, 'part imported');
    } finally {
      await opened.release();
    }
  }
}
