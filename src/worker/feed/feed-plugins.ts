import { epssFeed } from '../../feed/epss/epss-feed.js';
import type { AdvisoryFeedPlugin, ScoreFeedPlugin } from '../../feed/feed-plugin.js';
import { kevFeed } from '../../feed/kev/kev-feed.js';

/** Feeds of advisories that are made of files; OSV follows changes by itself. */
export const ADVISORY_FEEDS: readonly AdvisoryFeedPlugin[] = [];

/** Feeds of scores that are made of files; NVD has an API too. */
export const SCORE_FEEDS: readonly ScoreFeedPlugin[] = [kevFeed, epssFeed];
