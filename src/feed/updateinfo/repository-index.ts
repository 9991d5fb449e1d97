import { PlimsollError } from '../../model/error.js';
import type { FeedFiles } from '../feed-plugin.js';
import { isMissing } from '../website.js';

/** Of `repomd.xml`, which has some kilobytes. */
const MAX_INDEX_BYTES = 2 ** 20;

/**
 * Where the errata of a package repository are: `repodata/repomd.xml` names the file after its checksum.
 *
 * @param repository relative to the source, without a slash at the end
 * @returns relative to the source; null where the repository has no errata
 * @throws PlimsollError
 */
export async function updateinfoOf(source: FeedFiles, repository: string): Promise<string | null> {
  const path = `${repository}/repodata/repomd.xml`;
  const index = await source.text(path, MAX_INDEX_BYTES);
  if (!/<repomd[\s>]/.test(index)) {
    throw new PlimsollError(
      'feed_source_invalid',
      `${path} is not the index of a package repository: expected a <repomd> element. Check the feed's source.`,
    );
  }
  // Two values of a small file that has had this form for twenty years.
  for (const [, type, data = ''] of index.matchAll(/<data\s[^>]*type=["']([^"']+)["'][^>]*>(.*?)<\/data>/gs)) {
    if (type !== 'updateinfo') continue;
    const href = /<location\s[^>]*href=["']([^"']+)["']/.exec(data)?.[1] ?? '';
    // Relative and below the repository; anything else could lead out of the source.
    if (/^(?!\.)[\w.+~-]+(?:\/(?!\.)[\w.+~-]+)*$/.test(href)) return `${repository}/${href}`;
    const message = `${path} names ${JSON.stringify(href.slice(0, 100))} as its errata: expected a path in the repository.`;
    throw new PlimsollError('feed_source_invalid', message);
  }
  return null;
}

/**
 * The errata of a repository that not every source has.
 *
 * @param index what `find` reads first. Where that cannot be done, it stands for the errata: then it is this part that
 *   fails when it is read, beside which the others land, and which is not taken for one that is gone
 * @returns null where the source does not have the repository, or that has no errata
 */
export async function optionalUpdateinfo(find: () => Promise<string | null>, index: string): Promise<string | null> {
  try {
    return await find();
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    return isAbsent(error) ? null : index;
  }
}

/** Of a website or a folder. */
function isAbsent(error: PlimsollError): boolean {
  const { cause } = error;
  return (
    isMissing(error) ||
    (cause instanceof Error && 'code' in cause && ['ENOENT', 'ENOTDIR'].includes(String(cause.code)))
  );
}
