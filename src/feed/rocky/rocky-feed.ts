import type { Advisory } from '../../model/advisory.js';
import { PlimsollError } from '../../model/error.js';
import type { AdvisoryFeedPlugin, FeedFile, FeedFiles } from '../feed-plugin.js';
import { affectedBinaries } from '../rpm/fixed-binaries.js';
import { severityOfWord } from '../severity-word.js';
import { optionalUpdateinfo, updateinfoOf } from '../updateinfo/repository-index.js';
import type { Update } from '../updateinfo/update.js';
import { readUpdateinfo } from '../updateinfo/updateinfo-file.js';

const MAX_UPDATEINFO_BYTES = 2 ** 28;

/** By release: what every system of it can enable. */
const RELEASES: readonly [release: string, repositories: readonly string[], architectures: readonly string[]][] = [
  [
    '8',
    ['BaseOS', 'AppStream', 'PowerTools', 'extras', 'HighAvailability', 'ResilientStorage', 'NFV', 'RT'],
    ['x86_64', 'aarch64'],
  ],
  [
    '9',
    ['BaseOS', 'AppStream', 'CRB', 'extras', 'HighAvailability', 'ResilientStorage', 'NFV', 'RT', 'SAP', 'SAPHANA'],
    ['x86_64', 'aarch64', 'ppc64le', 's390x'],
  ],
  [
    '10',
    ['BaseOS', 'AppStream', 'CRB', 'extras', 'HighAvailability', 'NFV', 'RT'],
    ['x86_64', 'aarch64', 'ppc64le', 's390x'],
  ],
];

/** Architectures of which Rocky Linux is built and no list is read. */
const UNREAD = ['riscv64'];

/**
 * Each architecture has a list of its own, so without these one of them was not read. Not every architecture has every
 * other repository.
 */
const REQUIRED = ['BaseOS', 'AppStream'];

/** Rocky Linux' errata (RLSA), as the package repositories carry them: binaries, with the module of each. */
export const rockyFeed: AdvisoryFeedPlugin = {
  name: 'rocky',
  publicUrl: 'https://dl.rockylinux.org/pub/rocky/',

  async files(source: FeedFiles, signal: AbortSignal): Promise<FeedFile[]> {
    const files: FeedFile[] = [];
    for (const [release, repositories, architectures] of RELEASES) {
      for (const repository of repositories) {
        for (const architecture of architectures) {
          signal.throwIfAborted();
          const root = `${release}/${repository}/${architecture}`;
          const find = () => updateinfoOf(source, `${root}/os`);
          const required = REQUIRED.includes(repository);
          const path = await (required ? find() : optionalUpdateinfo(find, `${root}/os/repodata/repomd.xml`));
          if (path !== null) files.push({ part: root, path, maxBytes: MAX_UPDATEINFO_BYTES });
        }
      }
    }
    return files;
  },

  read: (path, part, signal) => {
    const release = /^(\d+)\//.exec(part)?.[1];
    if (release === undefined) {
      throw new PlimsollError(
        'feed_source_invalid',
        `Expected a repository of Rocky Linux, got "${part.slice(0, 80)}".`,
      );
    }
    return readUpdateinfo(path, part, signal, (update) => advisoryOfUpdate(update, release));
  },
};

/**
 * `RLSA-2021:1979`. A repository is of one architecture, and what another has is in its own list, at times in another
 * version. For those whose lists are not read, the one of x86_64 stands.
 */
function advisoryOfUpdate(update: Update, release: string): Advisory {
  const fixed = update.packages.map(({ name, version, architecture, module }) => ({
    name,
    version,
    architectures: architecture === 'x86_64' ? ['x86_64', ...UNREAD] : architecture === '' ? [] : [architecture],
    module,
  }));
  return {
    id: update.id,
    aliases: [],
    upstream: update.cves,
    summary: update.title,
    severity: severityOfWord(update.severity) ?? severityOfWord(update.title.split(':', 1)[0]),
    cvss: [],
    url: `https://errata.rockylinux.org/${encodeURIComponent(update.id).replaceAll('%3A', ':')}`,
    modified: update.updated,
    withdrawn: null,
    affected: affectedBinaries(`Rocky Linux:${release}`, fixed, true),
  };
}
