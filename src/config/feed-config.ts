import { DEFAULT_FEEDS, type FeedName } from '../model/feed.js';
import type { Config } from './config.js';

const SOURCES = {
  osv: 'osvSource',
  debian: 'debianSource',
  alpine: 'alpineSource',
  wolfi: 'wolfiSource',
  chainguard: 'chainguardSource',
  redhat: 'redhatSource',
  amazon: 'amazonSource',
  oracle: 'oracleSource',
  suse: 'suseSource',
  rocky: 'rockySource',
  almalinux: 'almalinuxSource',
  endoflife: 'endOfLifeSource',
  nvd: 'nvdSource',
  kev: 'kevSource',
  epss: 'epssSource',
} as const satisfies Record<FeedName, keyof Config>;

/** A URL, or the absolute path of a folder. */
export function feedSource(config: Config, name: FeedName): string {
  return config[SOURCES[name]];
}

/** The same for people, without the credentials that a URL may have. */
export function shownFeedSource(config: Config, name: FeedName): string {
  const source = feedSource(config, name);
  if (!source.includes('://') || !URL.canParse(source)) return source;
  const url = new URL(source);
  url.username = '';
  url.password = '';
  url.search = '';
  return url.href.replace(/\/$/, '');
}

/** Feeds that are kept up to date by themselves. */
export function enabledFeeds({ feeds }: Config): readonly FeedName[] {
  return feeds ?? DEFAULT_FEEDS;
}
