import type { CoverageItem } from '../../model/coverage.js';
import type { Distribution } from '../../model/distribution.js';
import type { Inventory } from '../../model/inventory.js';
import { boundedGaps } from '../gap-list.js';
import { type FoundPackage, listPackages, type PackageListWords } from '../package-list.js';

/** What an SBOM says, whoever wrote it. */
export interface SbomFacts {
  /** Of the document; packages may belong to another. */
  distribution: Distribution | null;
  packages: FoundPackage[];
  gaps: CoverageItem[];
}

/** What the gaps of an SBOM are about: it has no paths to name. */
export const SUBJECT = 'SBOM';

/** The facts of a target that an SBOM tells of: its packages, and nothing of its files. */
export function buildSbomInventory({ distribution, packages: found, gaps }: SbomFacts): Inventory {
  const { packages, unjudgeable, unnameable } = listPackages(found, WORDS);
  return { distribution, packages, image: null, gaps: boundedGaps([...gaps, ...unjudgeable, ...unnameable]) };
}

const WORDS: PackageListWords = {
  nothing: {
    code: 'nothing_recognised',
    subject: SUBJECT,
    message: 'The SBOM lists no package of a kind that has advisories: nothing could be matched.',
  },
  noDistribution: { subject: SUBJECT, why: 'the SBOM does not say of which distribution they are' },
  unnameable: ({ name, version }) => ({
    code: 'component_unidentified',
    subject: SUBJECT,
    message: `The SBOM names a package "${name}" ${version}, which its ecosystem does not allow: it was not matched.`,
  }),
};
