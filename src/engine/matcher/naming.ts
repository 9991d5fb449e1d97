import type { Judgement } from '../../model/finding.js';
import type { Package } from '../../model/package.js';
import type { PackageVulnerability } from '../../model/vulnerability.js';
import { summaryOf } from './conclusion.js';
import type { AdvisoryLookup } from './match.js';
import { PackageConclusions } from './package-conclusions.js';
import { rate } from './rating.js';
import { askedOf, subjectOf } from './subject.js';

/** Every vulnerability that a record names the package for, whatever its version. */
export async function vulnerabilitiesNaming(
  entry: Package,
  lookup: Pick<AdvisoryLookup, 'find'>,
): Promise<PackageVulnerability[]> {
  const subject = subjectOf(entry);
  if (!subject) return [];
  const conclusions = new PackageConclusions(await lookup.find(askedOf(subject)));
  return conclusions.weighed(subject).map(({ concern, statements }) => {
    const { id, aliases, linked } = conclusions.aliases.describe(concern);
    return {
      ruleId: id,
      aliases,
      title: summaryOf(concern.naming) ?? `${id} in ${entry.name}`,
      ...rate([], statements, linked, conclusions.scores(id)),
      status: null,
      fixedVersion: null,
      fixState: 'unknown',
      advisories: concern.naming.map((advisory) => advisory.id).sort(),
    };
  });
}

/** What was judged of a package, without what makes it a finding of a target. */
export function vulnerabilityOf(judgement: Judgement): PackageVulnerability {
  const { ruleId, aliases, title, severity, severitySource, cvss, status, fixedVersion, fixState, advisories } =
    judgement;
  return { ruleId, aliases, title, severity, severitySource, cvss, status, fixedVersion, fixState, advisories };
}
