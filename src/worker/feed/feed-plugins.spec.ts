import { describe, expect, it } from 'vitest';
import { nvdFiles } from '../../feed/nvd/nvd-files.js';
import { FEED_URLS } from '../../model/feed.js';
import { ADVISORY_FEEDS, SCORE_FEEDS } from './feed-plugins.js';

describe('feeds that are made of files', () => {
  const plugins = [...ADVISORY_FEEDS, ...SCORE_FEEDS, nvdFiles];

  it('have names of their own', () => {
    expect(new Set(plugins.map(({ name }) => name)).size).toBe(plugins.length);
  });

  it('are published where the configuration says', () => {
    for (const { name, publicUrl } of plugins) {
      expect(`${name} ${publicUrl.replace(/\/+$/, '')}`).toBe(`${name} ${FEED_URLS[name]}`);
    }
  });
});
