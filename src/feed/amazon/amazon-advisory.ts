import type { Advisory } from '../../model/advisory.js';
import { affectedBinaries } from '../rpm/fixed-binaries.js';
import { severityOfWord } from '../severity-word.js';
import type { Update } from '../updateinfo/update.js';
import type { AmazonRepository } from './amazon-repositories.js';

/** `ALAS2-2021-1699` and what it fixes, by binary package. */
export function advisoryOfUpdate(
  update: Update,
  { release, topic }: Pick<AmazonRepository, 'release' | 'topic'>,
): Advisory {
  const fixed = update.packages.map(({ name, version, architecture, module }) => ({
    name,
    version,
    architectures: architecture === '' ? [] : [architecture],
    module,
    introduced: topic === null ? undefined : startOfTopic(topic, version),
  }));
  return {
    id: update.id,
    aliases: [],
    upstream: update.cves,
    summary: update.title,
    severity: severityOfWord(update.severity),
    cvss: [],
    url: urlOf(update.id, release),
    modified: update.updated,
    withdrawn: null,
    affected: affectedBinaries(`Amazon Linux:${release}`, fixed, false),
  };
}

/**
 * Extras ship other versions of packages that the core, or another topic, has too: `kernel` 5.10 beside 4.14. An
 * advisory of such a topic is about its own line of versions, which starts with the number in the topic's name. Where
 * the version does not start with that number, every lower version counts as affected.
 *
 * @returns `5.10` for `kernel-5.10`, `1:1` for `nginx1`
 */
function startOfTopic(topic: string, version: string): string | undefined {
  const number = /(?<!\d)\d+(?:\.\d+)*$/.exec(topic)?.[0];
  if (number === undefined) return undefined;
  const [, epoch = '', upstream = ''] = /^(\d+:)?(.*)$/s.exec(version) ?? [];
  const next = upstream.charAt(number.length);
  return upstream.startsWith(number) && !/\d/.test(next) ? `${epoch}${number}` : undefined;
}

/** Amazon's pages have a folder for each release, and leave the release out of the name: `/AL2/ALAS-2021-1699.html`. */
function urlOf(id: string, release: string): string {
  const page = id.replace(/^ALAS(?:2|2022|2023)?(?=[A-Z-])/, 'ALAS');
  const folder = release === '1' ? '' : `AL${release}/`;
  return `https://alas.aws.amazon.com/${folder}${encodeURIComponent(page)}.html`;
}
