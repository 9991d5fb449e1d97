import type { AdvisoryFeedPlugin, FeedFile } from '../feed-plugin.js';
import { readBulletinList } from './bulletin-list.js';
import { readTracker } from './tracker.js';

/** Debian's security tracker: its judgement of every issue, and the lists of bulletins, which go further back. */
export const debianFeed: AdvisoryFeedPlugin = {
  name: 'debian',
  publicUrl: 'https://security-tracker.debian.org/tracker/',

  async files() {
    return [
      { part: TRACKER, path: 'data/json', maxBytes: MAX_TRACKER_BYTES },
      ...['DSA', 'DLA', 'DTSA'].map(bulletinList),
    ];
  },

  read(path, part, signal) {
    const name = `Debian's ${part}`;
    return part === TRACKER
      ? readTracker(path, { name, maxBytes: MAX_TRACKER_BYTES, signal })
      : readBulletinList(path, { name, maxBytes: MAX_LIST_BYTES, signal });
  },
};

const TRACKER = 'tracker';
/** Of some 60 MB; it grows by 10 % a year. */
const MAX_TRACKER_BYTES = 512 * 2 ** 20;
/** Of some 2 MB. */
const MAX_LIST_BYTES = 64 * 2 ** 20;

function bulletinList(kind: string): FeedFile {
  const path = `data/${kind}/list`;
  const publicUrl = `https://salsa.debian.org/security-tracker-team/security-tracker/-/raw/master/${path}`;
  return { part: kind, path, maxBytes: MAX_LIST_BYTES, publicUrl, optional: true };
}
