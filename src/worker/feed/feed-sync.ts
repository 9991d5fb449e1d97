import type { FeedProgress } from '../../model/feed.js';

/** How one feed gets from its source into the store. */
export interface FeedSync {
  /**
   * Imports what changed at the source. Whatever it throws ends the run as failed; what was imported before stays.
   *
   * @throws PlimsollError for what an operator can mend; whatever the signal was aborted with
   */
  sync(run: SyncRun): Promise<void>;
}

export interface SyncRun {
  /** Written down again and again while the run lasts. */
  progress: FeedProgress;
  signal: AbortSignal;
}
