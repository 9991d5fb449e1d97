import { describe, expect, it } from 'vitest';
import { FEED_NAMES, FEED_URLS } from '../model/feed.js';
import { loadConfig } from './config.js';
import { enabledFeeds, feedSource, shownFeedSource } from './feed-config.js';

describe('the configuration of feeds', () => {
  it('has a source for each, of its own variable', () => {
    for (const name of FEED_NAMES) {
      expect(feedSource(loadConfig({}), name)).toBe(FEED_URLS[name]);
      const given = { [`PLIMSOLL_${name.toUpperCase()}_SOURCE`]: 'https://mirror.example/x' };
      expect(feedSource(loadConfig(given), name)).toBe('https://mirror.example/x');
    }
  });

  it.each([
    ['https://user:secret@mirror.example/osv', 'https://mirror.example/osv'],
    ['https://mirror.example/osv?token=secret', 'https://mirror.example/osv'],
    ['/srv/osv', '/srv/osv'],
  ])('shows %s as %s', (source, shown) => {
    expect(shownFeedSource(loadConfig({ PLIMSOLL_OSV_SOURCE: source }), 'osv')).toBe(shown);
  });

  it('keeps the default ones up to date where none are named', () => {
    expect(enabledFeeds(loadConfig({}))).toEqual(['osv', 'endoflife', 'kev', 'epss']);
    expect(enabledFeeds(loadConfig({ PLIMSOLL_FEEDS: 'debian' }))).toEqual(['debian']);
    expect(() => loadConfig({ PLIMSOLL_FEEDS: 'osv,debain' })).toThrow(/PLIMSOLL_FEEDS: expected names of feeds/);
  });
});
