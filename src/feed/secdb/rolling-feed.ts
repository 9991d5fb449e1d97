import type { AdvisoryFeedPlugin } from '../feed-plugin.js';
import { readSecdb } from './secdb.js';

/** A distribution without releases, whose security database is one file. */
export interface RollingDistribution {
  name: AdvisoryFeedPlugin['name'];
  publicUrl: string;
  /** OSV's name. */
  ecosystem: string;
  /** Of the ids of its records. */
  prefix: string;
}

/**
 * The feed of such a distribution. What its database calls packages are origins (wolfictl makes an entry of each build
 * file); OSV's records of it are by installed package.
 */
export function rollingFeed({ name, publicUrl, ecosystem, prefix }: RollingDistribution): AdvisoryFeedPlugin {
  return {
    name,
    publicUrl,

    async files() {
      return [{ part: 'security', path: 'security.json', maxBytes: MAX_BYTES }];
    },

    read(path, _part, signal) {
      const secdb = { ecosystem, prefix, named: 'source', pages: 'https://images.chainguard.dev/security/' } as const;
      return readSecdb(path, secdb, { name: `${ecosystem}'s security.json`, maxBytes: MAX_BYTES, signal });
    },
  };
}

/** Of some 50 MB. */
const MAX_BYTES = 512 * 2 ** 20;
