import { OS_RELEASE_PATHS } from '../../../engine/extractor/os-release/os-release.js';
import { buildInventory } from '../../../engine/inventory.js';
import { EXTRACTORS } from '../../../engine/plugins.js';
import type { Distribution } from '../../../model/distribution.js';
import { PlimsollError } from '../../../model/error.js';
import type { Fact } from '../../../model/host/fact.js';
import type { Package } from '../../../model/package.js';
import { readFolder } from '../../archive/rootfs-folder.js';
import { Gaps, unknownFact } from './fact-reading.js';

/** Where the databases of package managers are; a slash at the end is for a folder. */
const SYSTEM_PATHS: readonly string[] = [
  ...new Set([...EXTRACTORS.flatMap(({ fixedPaths }) => fixedPaths), ...OS_RELEASE_PATHS, 'var/lib/dpkg/updates/']),
];

export interface PackageFacts {
  distribution: Fact<Distribution>;
  packages: Fact<Package[]>;
}

export interface PackageParts {
  tempDir: string;
  /** Also packages of languages, wherever in the root: every file is looked at. */
  languagePackages: boolean;
  /** Paths of the host that are not looked at. */
  skipped: readonly string[];
}

/** What is installed by package managers, read as a root file system of an image is. */
export function readPackages(folder: string, { tempDir, languagePackages, skipped }: PackageParts): PackageFacts {
  const scope = {
    only: languagePackages ? null : SYSTEM_PATHS,
    skipped: new Set(skipped.map((path) => path.slice(1))),
  };
  try {
    const facts = readFolder({ root: folder, tempDir, secretKey: null, scope }, () => undefined);
    const inventory = buildInventory(
      { config: null, layers: [{ diffId: null, facts }], gaps: [] },
      { lockfiles: false },
    );
    const { distribution, packages } = inventory;
    const nothing = inventory.gaps.find(({ code }) => code === 'nothing_recognised');
    const gaps = new Gaps();
    for (const { code, message } of inventory.gaps) if (code !== 'distribution_unknown') gaps.add(message);
    return {
      distribution: distribution
        ? { known: true, value: bounded(distribution), gaps: [] }
        : unknownFact('unreadable', 'The root has no os-release that names a distribution.'),
      packages: nothing
        ? unknownFact('unreadable', nothing.message)
        : { known: true, value: packages, gaps: gaps.list() },
    };
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    const code = error.code === 'limit_exceeded' ? 'limit_exceeded' : 'unreadable';
    const fact = unknownFact(code, error.message);
    return { distribution: fact, packages: fact };
  }
}

/** Values that are longer name nothing. */
function bounded({ id, versionId, codename, prettyName }: Distribution): Distribution {
  const cut = (text: string) => text.slice(0, 200).toWellFormed();
  return {
    id: cut(id),
    versionId: versionId && cut(versionId),
    codename: codename && cut(codename),
    prettyName: prettyName && cut(prettyName),
  };
}
