import { Logger } from '@nestjs/common';
import type { ScoreFeedPlugin } from '../../feed/feed-plugin.js';
import type { ScoredRecord, ScoreRecord } from '../../feed/feed-record.js';
import type { FeedProgress } from '../../model/feed.js';
import type { ScoreStore } from '../../store/score.store.js';
import type { FeedSync, SyncRun } from './feed-sync.js';
import { LeftOutRecords } from './left-out.js';
import { type FileImport, type PluginFilesOptions, syncFiles } from './plugin-files.js';

/** Any feed of scores that is made of files. */
export class ScoreFeedSync implements FeedSync {
  private readonly logger = new Logger(ScoreFeedSync.name);

  constructor(
    private readonly plugin: ScoreFeedPlugin,
    private readonly options: PluginFilesOptions,
    private readonly scores: ScoreStore,
  ) {}

  sync(run: SyncRun): Promise<void> {
    const { plugin, scores, logger } = this;
    const { progress, signal } = run;
    const importFile: FileImport['import'] = async ({ file: { part } }, { path, version }) => {
      const leftOut = new LeftOutRecords(part, progress, logger);
      const result = await scores.import(
        plugin.name,
        part,
        scoresOf(plugin.read(path, part, signal), leftOut, progress),
        {
          version,
          isWhole: true,
          rejected: () => leftOut.rejected,
          rejectedIds: () => leftOut.records.map(({ id }) => id),
        },
      );
      logger.log({ feed: plugin.name, part, ...result, rejected: leftOut.rejected }, 'part imported');
    };
    return syncFiles(plugin, this.options, run, { import: importFile });
  }
}

/** Counts what is read; rejected records are kept aside. */
export async function* scoresOf(
  records: AsyncIterable<ScoredRecord> | Iterable<ScoredRecord>,
  leftOut: LeftOutRecords,
  progress: FeedProgress,
): AsyncGenerator<ScoreRecord> {
  for await (const record of records) {
    if ('rejected' in record) {
      leftOut.reject(record.rejected, record.rejected.entry);
    } else {
      progress.imported += 1;
      yield record.scores;
    }
  }
}
