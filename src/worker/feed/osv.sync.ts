import { mkdir } from 'node:fs/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import type { FileVersion } from '../../feed/feed-source.js';
import { openOsvSource } from '../../feed/osv/open-osv-source.js';
import type { OsvSource } from '../../feed/osv/osv-source.js';
import { TemporaryFiles } from '../../files/temporary-files.js';
import { PlimsollError } from '../../model/error.js';
import type { FeedProgress } from '../../model/feed.js';
import type { CopyChunk } from '../../store/advisory-copy.js';
import { FeedStore } from '../../store/feed.store.js';
import type { StoredPart } from '../../store/feed-part.js';
import type { FeedSync, SyncRun } from './feed-sync.js';
import { LeftOutRecords } from './left-out.js';
import { OsvDelta } from './osv-delta.js';
import { OsvReader } from './osv-reader.js';
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
    const reader = new OsvReader();
    try {
      await syncParts('osv', this.chosen(listed), run, this.feeds, (part, within) =>
        this.syncPart(source, reader, part, stored.get(part) ?? null, progress, within, signal),
      );
    } finally {
      await reader.close();
    }
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
    reader: OsvReader,
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
    await this.syncWhole(source, reader, part, previous, progress, within, signal);
  }

  private async syncWhole(
    source: OsvSource,
    reader: OsvReader,
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
    async function* chunks(path: string): AsyncGenerator<CopyChunk> {
      for await (const { records, leftOut: entries } of reader.read(path, part, signal)) {
        for (const entry of entries) {
          if ('passed' in entry) leftOut.pass(entry.passed.id, entry.passed.modified);
          else leftOut.reject(entry.rejected, entry.rejected.entry.replace(/\.json$/, ''));
        }
        progress.imported += records.count;
        if (records.count > 0) yield records;
      }
    }
    try {
      const result = await this.feeds.importPart(
        'osv',
        part,
        opened.version,
        { chunks: chunks(opened.path) },
        () => leftOut.rejected,
        () => leftOut.records,
      );
      this.logger.log({ part, ...result, rejected: leftOut.rejected }, 'part imported');
    } finally {
      await opened.release();
    }
  }
}
