import { Logger } from '@nestjs/common';
import type { AdvisoryFeedPlugin } from '../../feed/feed-plugin.js';
import type { Advisory } from '../../model/advisory.js';
import { DocumentFollower, type ListedChanges } from './document-follower.js';
import type { FeedSync, SyncRun } from './feed-sync.js';
import { LeftOutRecords } from './left-out.js';
import { type PartToSync, type PluginFilesOptions, type ReadableFile, syncFiles } from './plugin-files.js';

/** Any feed of advisories that is made of files. */
export class AdvisoryFeedSync implements FeedSync {
  private readonly logger = new Logger(AdvisoryFeedSync.name);

  constructor(
    private readonly plugin: AdvisoryFeedPlugin,
    private readonly options: PluginFilesOptions,
  ) {}

  sync(run: SyncRun): Promise<void> {
    const { plugin, options } = this;
    if (!plugin.changes) {
      return syncFiles(plugin, options, run, { import: (wanted, opened) => this.import(wanted, opened, run) });
    }
    const follower = new DocumentFollower(plugin, plugin.changes, options.feeds, run);
    return syncFiles(plugin, options, run, {
      follow: (wanted) => follower.follow(wanted),
      import: async (wanted, opened) => {
        const changes = await follower.changesSinceFile(wanted);
        return this.import(wanted, opened, run, changes && { follower, changes });
      },
    });
  }

  /**
   * @param followed what changed since the file was made, which takes the place of what the file says of the same records:
   *   both come in at once, so that no scan sees the file's older records alone
   */
  private async import(
    wanted: PartToSync,
    { path, version }: ReadableFile,
    { progress, signal }: SyncRun,
    followed?: { follower: DocumentFollower; changes: ListedChanges } | null,
  ): Promise<void> {
    const { plugin } = this;
    const { name } = plugin;
    const { part } = wanted.file;
    const leftOut = new LeftOutRecords(part, progress, this.logger);
    async function* advisories(): AsyncGenerator<Advisory> {
      const replaced = new Set<string>(followed?.changes.deleted);
      if (followed) yield* followed.follower.advisories(wanted, followed.changes.changed, replaced, leftOut);
      for await (const record of plugin.read(path, part, signal)) {
        signal.throwIfAborted();
        if ('rejected' in record) {
          const id = record.rejected.id ?? record.rejected.entry;
          if (!replaced.has(id)) leftOut.reject(record.rejected, id);
        } else if (!replaced.has(record.advisory.id)) {
          progress.imported += 1;
          yield record.advisory;
        }
      }
    }
    const result = await this.options.feeds.importPart(
      name,
      part,
      followed ? { ...version, cursor: followed.changes.cursor } : version,
      advisories(),
      () => leftOut.rejected,
      () => leftOut.records,
    );
    this.logger.log({ feed: name, part, ...result, rejected: leftOut.rejected }, 'part imported');
  }
}
