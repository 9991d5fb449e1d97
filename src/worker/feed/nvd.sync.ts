import { Logger } from '@nestjs/common';
import type { Config } from '../../config/config.js';
import { NvdApi, type NvdPage } from '../../feed/nvd/nvd-api.js';
import { nvdFiles } from '../../feed/nvd/nvd-files.js';
import type { PartCursor } from '../../store/feed-part.js';
import type { ScoreStore } from '../../store/score.store.js';
import type { FeedSync, SyncRun } from './feed-sync.js';
import { LeftOutRecords } from './left-out.js';
import type { PluginFilesOptions } from './plugin-files.js';
import { ScoreFeedSync, scoresOf } from './score-feed.sync.js';

/** All that the API has. */
const PART = 'cves';

/** What NVD changes may take this long to be answered. */
const OVERLAP_MS = 2 * 3_600_000;

/** Changes of a longer time are more pages than everything. */
const MAX_GAP_MS = 360 * 86_400_000;

export interface NvdSyncOptions extends PluginFilesOptions {
  scores: ScoreStore;
  apiKey: Config['nvdApiKey'];
  /** For tests; see `NvdApiOptions`. */
  pauseMs?: number;
}

/**
 * NVD's ratings. From its API they come page by page, each in a transaction of its own: a first sync takes a quarter of an
 * hour, and goes on where it was stopped; later ones ask for what changed. A mirror has yearly files.
 */
export class NvdSync implements FeedSync {
  private readonly logger = new Logger(NvdSync.name);

  constructor(private readonly options: NvdSyncOptions) {}

  async sync(run: SyncRun): Promise<void> {
    const { location, scores, feeds } = this.options;
    if (!isApi(location)) {
      await new ScoreFeedSync(nvdFiles, this.options, scores).sync(run);
      return;
    }
    run.progress.part = PART;
    const stored = (await feeds.parts('nvd')).get(PART)?.cursor ?? null;
    const now = new Date();
    const state = stateOf(stored, now);
    const api = new NvdApi({ location, apiKey: this.options.apiKey, ...pause(this.options) });
    switch (state.kind) {
      case 'changes':
        for await (const page of api.changed(new Date(state.since.getTime() - OVERLAP_MS), now, run.signal)) {
          await this.import(page, { newest: state.since.toISOString() }, run);
        }
        break;
      case 'everything':
        for await (const page of api.all(state.from, run.signal)) {
          const next = page.startIndex + page.records.length;
          await this.import(page, { newest: `${state.began.toISOString()} ${next}` }, run);
        }
        break;
    }
    const began = state.kind === 'changes' ? now : state.began;
    await feeds.confirmPart('nvd', PART, undefined, cursorOf(began.toISOString()));
    await feeds.removeParts(
      'nvd',
      [...(await feeds.parts('nvd')).keys()].filter((part) => part !== PART),
    );
  }

  private async import(page: NvdPage, { newest }: { newest: string }, { progress, signal }: SyncRun): Promise<void> {
    signal.throwIfAborted();
    const leftOut = new LeftOutRecords(PART, progress, this.logger);
    const done = page.startIndex + page.records.length;
    progress.percent = page.totalResults === 0 ? 0 : Math.floor((done / page.totalResults) * 100);
    await this.options.scores.import('nvd', PART, scoresOf(page.records, leftOut, progress), {
      version: { etag: null, lastModified: null, digest: '', cursor: cursorOf(newest) },
      isWhole: false,
      rejected: () => progress.rejected,
      rejectedIds: () => leftOut.records.map(({ id }) => id),
    });
  }
}

/** NVD's own, and what passes its requests on. */
function isApi(location: string): boolean {
  return /^https?:\/\/.*\/cves\/2\.0\/?$/.test(location);
}

type State =
  | { kind: 'changes'; since: Date }
  /** @property from index of the first record that did not come in yet */
  | { kind: 'everything'; began: Date; from: number };

/** The cursor is when all had come in; while it does, when that began and how many there are. */
function stateOf(cursor: PartCursor | null, now: Date): State {
  const [, time = '', from] = /^(\S+)(?: (\d+))?$/.exec(cursor?.newest ?? '') ?? [];
  const began = new Date(time);
  const isRecent = now.getTime() - began.getTime() < MAX_GAP_MS && began <= now;
  if (!isRecent) return { kind: 'everything', began: now, from: 0 };
  return from === undefined ? { kind: 'changes', since: began } : { kind: 'everything', began, from: Number(from) };
}

function cursorOf(newest: string): PartCursor {
  return { etag: null, lastModified: null, digest: '', newest };
}

function pause({ pauseMs }: NvdSyncOptions): { pauseMs?: number; retryDelayMs?: number } {
  return pauseMs === undefined ? {} : { pauseMs, retryDelayMs: pauseMs };
}
