import { almalinuxFeed } from '../../feed/almalinux/almalinux-feed.js';
import { amazonFeed } from '../../feed/amazon/amazon-feed.js';
import { debianFeed } from '../../feed/debian/debian-feed.js';
import { epssFeed } from '../../feed/epss/epss-feed.js';
import type { AdvisoryFeedPlugin, ScoreFeedPlugin } from '../../feed/feed-plugin.js';
import { kevFeed } from '../../feed/kev/kev-feed.js';
import { oracleFeed } from '../../feed/oracle/oracle-feed.js';
import { redhatFeed } from '../../feed/redhat/redhat-feed.js';
import { rockyFeed } from '../../feed/rocky/rocky-feed.js';
import { alpineFeed } from '../../feed/secdb/alpine-feed.js';
import { chainguardFeed } from '../../feed/secdb/chainguard-feed.js';
import { wolfiFeed } from '../../feed/secdb/wolfi-feed.js';
import { suseFeed } from '../../feed/suse/suse-feed.js';

/** Feeds of advisories that are made of files; OSV follows changes by itself. */
export const ADVISORY_FEEDS: readonly AdvisoryFeedPlugin[] = [
  debianFeed,
  alpineFeed,
  wolfiFeed,
  chainguardFeed,
  redhatFeed,
  amazonFeed,
  oracleFeed,
  suseFeed,
  rockyFeed,
  almalinuxFeed,
];

/** Feeds of scores that are made of files; NVD has an API too. */
export const SCORE_FEEDS: readonly ScoreFeedPlugin[] = [kevFeed, epssFeed];
