import type { Judgement } from '../../model/finding.js';
import type { Package } from '../../model/package.js';
import type { PackageVulnerability } from '../../model/vulnerability.js';
import { summaryOf } from './conclusion.js';
import type { AdvisoryLookup } from './match.js';
import { PackageConclusions } from './package-conclusions.js';
import { rate } from './rating.js';
import { askedOf, subjectOf } from './subject.js';

/** What the records say; how urgent it is, they do not. */
export type NamedVulnerability = Omit<PackageVulnerability, 'risk'>;

/** Every vulnerability that a record names the package for, whatever its version. */
export async function vulnerabilitiesNaming(
  entry: Package,
  lookup: Pick<AdvisoryLookup, 'find' | 'scores'>,
): Promise<NamedVulnerability[]> {
  const subject = subjectOf(entry);
  if (!subject) return [];
  const conclusions = new PackageConclusions(await lookup.find(askedOf(subject)));
  const named = conclusions.weighed(subject).map(({ concern, statements }) => {
    return { concern, statements, vulnerability: conclusions.aliases.describe(concern) };
  });
  const scores = await lookup.scores(named.map(({ vulnerability }) => vulnerability.id));
  return named.map(({ concern, statements, vulnerability: { id, aliases, linked } }) => {
    return {
      ruleId: id,
      aliases,
      title: summaryOf(concern.naming) ?? `${id} in ${entry.name}`,
      ...rate([], statements, linked, scores.get(id) ?? null),
      status: null,
      fixedVersion: null,
      fixState: 'unknown',
      advisories: concern.naming.map((advisory) => advisory.id).sort(),
    };
  });
}

/** What was judged of a package, without what makes it a finding of a target. */
export function vulnerabilityOf(judgement: Judgement): NamedVulnerability {
  const { ruleId, aliases, title, severity, severitySource, cvss, status, fixedVersion, fixState, advisories } =
    judgement;
  return { ruleId, aliases, title, severity, severitySource, cvss, status, fixedVersion, fixState, advisories };
}
