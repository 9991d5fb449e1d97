import { PlimsollError } from '../../model/error.js';
import type { AdvisoryFeedPlugin, FeedFile, FeedFiles } from '../feed-plugin.js';
import { optionalUpdateinfo, updateinfoOf } from '../updateinfo/repository-index.js';
import { readUpdateinfo } from '../updateinfo/updateinfo-file.js';
import { advisoryOfUpdate } from './amazon-advisory.js';
import { REPOSITORIES, repositoryOfPart } from './amazon-repositories.js';

const MAX_MIRROR_LIST_BYTES = 64 * 1024;
const MAX_UPDATEINFO_BYTES = 2 ** 28;

/** Amazon Linux Security Center's advisories (ALAS), as the package repositories carry them. */
export const amazonFeed: AdvisoryFeedPlugin = {
  name: 'amazon',
  publicUrl: 'https://cdn.amazonlinux.com/',

  async files(source: FeedFiles, signal: AbortSignal): Promise<FeedFile[]> {
    const files: FeedFile[] = [];
    for (const repository of REPOSITORIES) {
      signal.throwIfAborted();
      const { mirrorList, optional } = repository;
      const find = async () => {
        const list = await source.text(mirrorList, MAX_MIRROR_LIST_BYTES);
        return updateinfoOf(source, firstMirror(list, mirrorList));
      };
      const path = await (optional ? optionalUpdateinfo(find, mirrorList) : find());
      if (path !== null) files.push({ part: repository.part, path, maxBytes: MAX_UPDATEINFO_BYTES });
    }
    return files;
  },

  read: (path, part, signal) => {
    const repository = repositoryOfPart(part);
    return readUpdateinfo(path, part, signal, (update) => advisoryOfUpdate(update, repository));
  },
};

/**
 * The first mirror of a list, as a path below the source: the list names the public host, and a mirror or a folder has
 * the same layout.
 *
 * @throws PlimsollError `feed_source_invalid`
 */
function firstMirror(list: string, path: string): string {
  const [line = ''] = list
    .split('\n')
    .map((text) => text.trim())
    .filter(Boolean);
  // Amazon Linux 1 leaves the architecture to who reads the list.
  const architecture = path.includes('/aarch64/') ? 'aarch64' : 'x86_64';
  const below = /^(?:https?:\/\/[^/\s]+\/)?([^\s?#]+?)\/*$/.exec(line)?.[1] ?? '';
  const repository = below.replaceAll('$basearch', architecture);
  if (/^(?!\.)[\w.+~-]+(?:\/(?!\.)[\w.+~-]+)*$/.test(repository)) return repository;
  const message = `${path} is no list of mirrors: expected a URL, got ${JSON.stringify(line.slice(0, 100))}.`;
  throw new PlimsollError('feed_source_invalid', message);
}
