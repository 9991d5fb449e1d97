import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { feedSource } from '../../config/feed-config.js';
import { TemporaryFiles } from '../../files/temporary-files.js';
import type { FeedName } from '../../model/feed.js';
import { FeedStore } from '../../store/feed.store.js';
import { ScoreStore } from '../../store/score.store.js';
import { AdvisoryFeedSync } from './advisory-feed.sync.js';
import { EndOfLifeSync } from './endoflife.sync.js';
import { ADVISORY_FEEDS, SCORE_FEEDS } from './feed-plugins.js';
import type { FeedSync } from './feed-sync.js';
import { NvdSync } from './nvd.sync.js';
import { OsvSync } from './osv.sync.js';
import { ScoreFeedSync } from './score-feed.sync.js';

/** How each feed gets from its source into the store. */
@Injectable()
export class FeedSyncs {
  private readonly syncs: ReadonlyMap<FeedName, FeedSync>;

  constructor(
    @Inject(CONFIG) config: Config,
    feeds: FeedStore,
    scores: ScoreStore,
    { folder: tempDir }: TemporaryFiles,
    osv: OsvSync,
    endoflife: EndOfLifeSync,
  ) {
    const optionsOf = (name: FeedName) => ({ location: feedSource(config, name), tempDir, feeds });
    this.syncs = new Map<FeedName, FeedSync>([
      ['osv', osv],
      ['endoflife', endoflife],
      ['nvd', new NvdSync({ ...optionsOf('nvd'), scores, apiKey: config.nvdApiKey })],
      ...ADVISORY_FEEDS.map((plugin) => [plugin.name, new AdvisoryFeedSync(plugin, optionsOf(plugin.name))] as const),
      ...SCORE_FEEDS.map((plugin) => [plugin.name, new ScoreFeedSync(plugin, optionsOf(plugin.name), scores)] as const),
    ]);
  }

  of(name: FeedName): FeedSync {
    const sync = this.syncs.get(name);
    if (!sync) throw new Error(`nothing syncs the feed ${name}`);
    return sync;
  }
}
