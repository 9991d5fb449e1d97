import { PlimsollError } from '../../model/error.js';
import type { AdvisoryFeedPlugin, FeedFile } from '../feed-plugin.js';
import { readSecdb } from './secdb.js';

/** Alpine's security database: `v3.19/main.json`, `v3.19/community.json` and so on; an older mirror has `.yaml`. */
export const alpineFeed: AdvisoryFeedPlugin = {
  name: 'alpine',
  publicUrl: 'https://secdb.alpinelinux.org/',

  async files(source, signal) {
    const files: FeedFile[] = [];
    for (const release of namesIn(await source.text('', MAX_INDEX_BYTES)).filter((name) => RELEASE.test(name))) {
      signal.throwIfAborted();
      files.push(...filesOf(release, namesIn(await source.text(`${release}/`, MAX_INDEX_BYTES))));
    }
    if (files.length > 0) return files;
    const message = `Expected releases of Alpine, as v3.19/main.json, in the source of its security database: found none. Check PLIMSOLL_ALPINE_SOURCE.`;
    throw new PlimsollError('feed_source_invalid', message);
  },

  read(path, part, signal) {
    const secdb = {
      ecosystem: `Alpine:${part.split('/', 1)[0]}`,
      prefix: 'ALPINE',
      pages: 'https://security.alpinelinux.org/vuln/',
    };
    return readSecdb(path, secdb, { name: `Alpine's ${part}`, maxBytes: MAX_BYTES, signal });
  },
};

const MAX_INDEX_BYTES = 2 ** 20;
/** The largest has 1 MB. */
const MAX_BYTES = 64 * 2 ** 20;

const RELEASE = /^(?:v\d{1,4}\.\d{1,4}|edge)$/;
/** `v3.2` has `main` alone. */
const REPOSITORIES = ['main', 'community'];

/** Of an index page the targets of its links, of a list its lines; without the slash that folders end in. */
function namesIn(index: string): string[] {
  const links = [...index.matchAll(/\bhref\s*=\s*["']?(?:\.\/)?([^"'>\s]+)/gi)].map(([, target]) => target ?? '');
  const names = links.length > 0 ? links : index.split('\n');
  return [...new Set(names.map((name) => name.trim().replace(/\/$/, '')))];
}

function filesOf(release: string, names: readonly string[]): FeedFile[] {
  return REPOSITORIES.flatMap((repository) => {
    const file = [`${repository}.json`, `${repository}.yaml`].find((name) => names.includes(name));
    return file ? [{ part: `${release}/${repository}`, path: `${release}/${file}`, maxBytes: MAX_BYTES }] : [];
  });
}
