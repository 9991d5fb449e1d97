import { Logger } from '@nestjs/common';
import type { AdvisoryFeedPlugin } from '../../feed/feed-plugin.js';
import type { Advisory } from '../../model/advisory.js';
import type { FeedSync, SyncRun } from './feed-sync.js';
import { LeftOutRecords } from './left-out.js';
import { type PluginFilesOptions, type ReadableFile, syncFiles } from './plugin-files.js';

/** Any feed of advisories that is made of files. */
export class AdvisoryFeedSync implements FeedSync {
  private readonly logger = new Logger(AdvisoryFeedSync.name);

  constructor(
    private readonly plugin: AdvisoryFeedPlugin,
    private readonly options: PluginFilesOptions,
  ) {}

  sync(run: SyncRun): Promise<void> {
    return syncFiles(this.plugin, this.options, run, (part, file) => this.import(part, file, run));
  }

  private async import(part: string, { path, version }: ReadableFile, { progress, signal }: SyncRun): Promise<void> {
    const { plugin } = this;
    const { name } = plugin;
    const leftOut = new LeftOutRecords(part, progress, this.logger);
    async function* advisories(): AsyncGenerator<Advisory> {
      for await (const record of plugin.read(path, part, signal)) {
        signal.throwIfAborted();
        if ('rejected' in record) {
          leftOut.reject(record.rejected, record.rejected.entry);
        } else {
          progress.imported += 1;
          yield record.advisory;
        }
      }
    }
    const result = await this.options.feeds.importPart(
      name,
      part,
      version,
      advisories(),
      () => leftOut.rejected,
      () => leftOut.records,
    );
    this.logger.log({ feed: name, part, ...result, rejected: leftOut.rejected }, 'part imported');
  }
}
