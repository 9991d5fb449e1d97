import type { Distribution } from '../../../model/distribution.js';
import { ExtractionBuilder } from '../extraction-builder.js';
import type { Extraction, Extractor } from '../extractor.js';
import { contentOf, type FileView } from '../file-view.js';
import { readAssignments } from './assignments.js';
import { RELEASE_FILES, readReleaseFile } from './release-file.js';

/** os-release(5): /etc/os-release is preferred over /usr/lib/os-release. */
const OS_RELEASE = ['etc/os-release', 'usr/lib/os-release'];

/** Every file that names the distribution; the first that is there and does so counts. */
export const OS_RELEASE_PATHS: readonly string[] = [...OS_RELEASE, ...RELEASE_FILES];
const PATHS = new Set(OS_RELEASE_PATHS);
const LONGEST = Math.max(...OS_RELEASE_PATHS.map((path) => path.length));

/** os-release(5), and what systems had before it was thought of in 2012. */
export const osRelease: Extractor = {
  name: 'os-release',
  version: 2,
  maxBytes: 256 * 1024,
  // The older files link to each other, by names that are all wanted.
  fixedPaths: OS_RELEASE,
  candidates: { endings: OS_RELEASE_PATHS },
  wants(path: string): boolean {
    return path.length <= LONGEST && (path.startsWith('etc/') || path.startsWith('usr/')) && PATHS.has(path);
  },
  extract(file: FileView): Extraction {
    const builder = new ExtractionBuilder(file.path);
    const content = contentOf(file);
    const distribution = OS_RELEASE.includes(file.path)
      ? distributionOf(readAssignments(content, (line) => builder.unparsable(line, 'no NAME=value')))
      : readReleaseFile(file.path, content);
    if (distribution) builder.setDistribution(distribution);
    return builder.build();
  },
};

function distributionOf(values: ReadonlyMap<string, string>): Distribution | null {
  if (values.size === 0) return null;
  const prettyName = values.get('PRETTY_NAME') || null;
  return {
    // "If not set, a default of ID=linux may be used."
    id: values.get('ID') || 'linux',
    versionId: values.get('VERSION_ID') || null,
    // Debian's next release was once only named in "Debian GNU/Linux buster/sid".
    codename: values.get('VERSION_CODENAME') || (/ ([a-z]+)\/sid$/.exec(prettyName ?? '')?.[1] ?? null),
    prettyName,
  };
}
