import type { Advisory } from '../../model/advisory.js';
import type { CoverageItem } from '../../model/coverage.js';
import { PlimsollError } from '../../model/error.js';
import type { Judgement, UndecidedRule } from '../../model/finding.js';
import type { Inventory } from '../../model/inventory.js';
import type { Package } from '../../model/package.js';
import { type Conclusion, ratingOf } from './conclusion.js';
import { fingerprint, PackageIdentities } from './fingerprint.js';
import { foreignOrigin } from './origin.js';
import { artifactOf, type MavenLookup, nameUndetermined, otherNames } from './other-names.js';
import { PackageConclusions } from './package-conclusions.js';
import type { UndeterminedCause } from './range.js';
import type { CvssScores, Rating } from './rating.js';
import { advisoryNamesOf } from './subject.js';
import { timeSlices } from './time-slice.js';

/** Where the matcher finds advisories. */
export interface AdvisoryLookup extends MavenLookup {
  /**
   * Every advisory that names one of the packages, withdrawn ones left out; and the records that share an alias with
   * those. Of what a record affects only entries for these packages are needed.
   */
  find(packages: readonly { ecosystem: string; name: string }[]): Promise<Advisory[]>;
  /** Which of these ecosystems (release-qualified for distributions) some feed has advisories for. */
  known(ecosystems: readonly string[]): Promise<Set<string>>;
  /** What rates these vulnerabilities whatever packages they are in, by id. */
  scores(ids: readonly string[]): Promise<ReadonlyMap<string, CvssScores>>;
}

/**
 * Judges every package of an inventory: one judgement per installed package and vulnerability that affects it, or may.
 * What could not be looked for, or not be ordered, is told in `gaps`; a vulnerability of a package that nothing is said of
 * though it may be there is `undecided`. The outcome does not depend on the order in which
 * advisories are found.
 *
 * @param maxJudgements more is a refusal, as what was made to have many would take all memory
 * @throws PlimsollError `limit_exceeded`
 */
export async function judge(
  inventory: Pick<Inventory, 'packages'>,
  lookup: AdvisoryLookup,
  maxJudgements = Number.POSITIVE_INFINITY,
): Promise<{ judgements: Judgement[]; gaps: CoverageItem[]; undecided: UndecidedRule[] }> {
  const others = await otherNames(inventory.packages, lookup);
  const doubles = new Map(inventory.packages.map((entry) => [entry, doublesOf(entry, others)]));
  const wanted = new Map<string, { ecosystem: string; name: string }>();
  for (const [entry, asOthers] of doubles) {
    for (const asked of [entry, ...asOthers].flatMap(advisoryNamesOf)) {
      wanted.set(`${asked.ecosystem}\0${asked.name}`, asked);
    }
  }
  const ecosystems = [...new Set(inventory.packages.flatMap(({ ecosystem }) => ecosystem ?? []))].sort();
  const [advisories, known] = await Promise.all([lookup.find([...wanted.values()]), lookup.known(ecosystems)]);

  const conclusions = new PackageConclusions(advisories);
  const identities = new PackageIdentities(inventory.packages);
  const found: (readonly Conclusion[])[] = [];
  const gaps = ecosystems.filter((ecosystem) => !known.has(ecosystem)).map(advisoriesMissing);
  const undecided: UndecidedRule[] = [];
  const pause = timeSlices();
  let count = 0;
  for (const entry of inventory.packages) {
    const rest = pause();
    if (rest) await rest;
    const concluded = conclusions.of(entry);
    count += concluded.length;
    if (count > maxJudgements) throw tooMany(maxJudgements);
    found.push(concluded);
    gaps.push(...gapsOf(entry, concluded));
    // A guess that advisories speak of was right.
    const guesses = doubles.get(entry) ?? [];
    const asOthers = guesses.length === 0 || conclusions.has(entry) ? [] : guesses;
    const rules = asOthers.flatMap((double) =>
      conclusions.of(double).map(({ vulnerability }) => ({ name: double.name, ruleId: vulnerability.id })),
    );
    if (rules.length > 0) gaps.push(nameUndetermined(entry, rules));
    for (const { ruleId } of rules) undecided.push({ kind: 'vulnerability', ruleId, purl: entry.purl });
  }
  const ids = new Set(found.flatMap((concluded) => concluded.map(({ vulnerability }) => vulnerability.id)));
  const rate = ratings(ids.size === 0 ? new Map() : await lookup.scores([...ids]));
  const judgements: Judgement[] = [];
  for (const [index, entry] of inventory.packages.entries()) {
    const rest = pause();
    if (rest) await rest;
    for (const conclusion of found[index] ?? []) {
      judgements.push(judgementOf(entry, identities.of(entry), conclusion, rate(conclusion)));
    }
  }
  return { judgements, gaps, undecided };
}

/** Rates each conclusion once, however many packages it is about. */
function ratings(scores: ReadonlyMap<string, CvssScores>): (conclusion: Conclusion) => Rating {
  const known = new Map<Conclusion, Rating>();
  return (conclusion) => {
    let rating = known.get(conclusion);
    if (!rating) {
      rating = ratingOf(conclusion, scores.get(conclusion.vulnerability.id) ?? null);
      known.set(conclusion, rating);
    }
    return rating;
  };
}

/** The same package under each name that it may have as well. */
function doublesOf(entry: Package, others: ReadonlyMap<string, readonly string[]>): Package[] {
  if (entry.isGroupGuessed !== true) return [];
  const names = others.get(artifactOf(entry.name)) ?? [];
  return names.filter((name) => name !== entry.name).map((name) => ({ ...entry, name }));
}

/** What a finding says of one conclusion about an installed package, whose `identity` is of `PackageIdentities`. */
function judgementOf(
  entry: Package,
  identity: string,
  { vulnerability, verdict, advisories, summary }: Conclusion,
  rating: Rating,
): Judgement {
  const [location] = entry.locations;
  return {
    fingerprint: fingerprint('vulnerability', vulnerability.id, identity),
    kind: 'vulnerability',
    ruleId: vulnerability.id,
    aliases: vulnerability.aliases,
    advisories,
    title: summary ?? `${vulnerability.id} in ${entry.name}`,
    ...rating,
    status: verdict.status === 'affected' ? 'open' : 'undetermined',
    package: { purl: entry.purl, name: entry.name, version: entry.version, source: entry.source },
    fixedVersion: verdict.status === 'affected' ? verdict.fixedVersion : null,
    fixState: verdict.status === 'affected' ? verdict.fixState : 'unknown',
    location: location ? { path: location.path, line: null, layer: location.layer, resource: null } : null,
  };
}

/** What could not be decided of a package, and is not for its maintainers to say. */
function gapsOf(entry: Package, conclusions: readonly Conclusion[]): CoverageItem[] {
  const gaps: CoverageItem[] = [];
  const origin = foreignOrigin(entry);
  if (origin !== null) gaps.push(thirdParty(entry, origin));
  const undetermined = conclusions.flatMap(({ vulnerability: { id }, verdict }) =>
    verdict.status === 'undetermined' && isGap(verdict.cause) ? [{ ruleId: id, reason: verdict.reason }] : [],
  );
  if (undetermined.length > 0) gaps.push(versionUndetermined(entry, undetermined));
  return gaps;
}

function isGap(cause: UndeterminedCause): boolean {
  switch (cause) {
    case 'order':
    case 'module':
    case 'suite':
      return true;
    // The finding says that nobody knows yet; nothing here was left undone.
    case 'investigation':
    // Told once for the package.
    case 'origin':
      return false;
  }
}

function tooMany(limit: number): PlimsollError {
  return new PlimsollError(
    'limit_exceeded',
    `The packages have more than ${limit} vulnerabilities together: ask about fewer.`,
  );
}

export function advisoriesMissing(ecosystem: string): CoverageItem {
  return {
    code: 'advisories_missing',
    subject: ecosystem,
    message: `No feed has advisories for ${ecosystem}, so its packages were not judged: sync the feeds, and check that their source has it.`,
  };
}

function thirdParty({ purl, name, version }: Package, origin: string): CoverageItem {
  return {
    code: 'third_party_package',
    subject: purl,
    message:
      `${name} ${version} is from ${origin}, and no advisories are about it: where the distribution's own package would ` +
      `lack a fix there is an undetermined finding, and nothing else is known. Check it with who built it.`,
  };
}

function versionUndetermined(
  entry: Package,
  undetermined: readonly { ruleId: string; reason: string }[],
): CoverageItem {
  const [first, ...others] = undetermined;
  const more = others.length > 0 ? `, and ${others.length} more` : '';
  return {
    code: 'version_undetermined',
    subject: entry.purl,
    message:
      `Cannot tell whether ${entry.name} ${entry.version} is affected by ${first?.ruleId}${more}: ` +
      `${first?.reason}. Check it by hand.`,
  };
}
