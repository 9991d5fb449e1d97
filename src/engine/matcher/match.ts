import type { Advisory, AffectedPackage } from '../../model/advisory.js';
import type { CoverageItem } from '../../model/coverage.js';
import { PlimsollError } from '../../model/error.js';
import type { Judgement } from '../../model/finding.js';
import type { Inventory } from '../../model/inventory.js';
import type { Package } from '../../model/package.js';
import { canonicalName } from '../../model/package-name.js';
import { schemeOf } from '../version/scheme.js';
import { AliasIndex, type Concern } from './alias.js';
import { type Conclusion, conclude, type Weighed, weighAll } from './conclusion.js';
import { fingerprint, packageIdentities } from './fingerprint.js';
import { artifactOf, type MavenLookup, nameUndetermined, otherNames } from './other-names.js';
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
}

/**
 * Judges every package of an inventory: one judgement per installed package and vulnerability that affects it, or may.
 * What could not be looked for, or not be ordered, is told in `gaps`. The outcome does not depend on the order in which
 * advisories are found.
 *
 * @param maxJudgements more is a refusal, as what was made to have many would take all memory
 * @throws PlimsollError `limit_exceeded`
 */
export async function judge(
  inventory: Pick<Inventory, 'packages'>,
  lookup: AdvisoryLookup,
  maxJudgements = Number.POSITIVE_INFINITY,
): Promise<{ judgements: Judgement[]; gaps: CoverageItem[] }> {
  const subjects = inventory.packages.flatMap((entry) => subjectOf(entry) ?? []);
  const others = await otherNames(inventory.packages, lookup);
  const doubles = new Map(subjects.map((subject) => [subject, doublesOf(subject, others)]));
  const wanted = new Map(
    [...subjects, ...[...doubles.values()].flat()].map(({ key, ecosystem, name }) => [key, { ecosystem, name }]),
  );
  const ecosystems = [...new Set(subjects.map(({ ecosystem }) => ecosystem))].sort();
  const [found, known] = await Promise.all([lookup.find([...wanted.values()]), lookup.known(ecosystems)]);
  const advisories = found.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));

  const conclusions = new Conclusions(advisories, wanted);
  const identities = packageIdentities(inventory.packages);
  const judgements: Judgement[] = [];
  const gaps = ecosystems.filter((ecosystem) => !known.has(ecosystem)).map(advisoriesMissing);
  const pause = timeSlices();
  for (const subject of subjects) {
    const rest = pause();
    if (rest) await rest;
    if (judgements.length > maxJudgements) throw tooMany(maxJudgements);
    const identity = identities.get(subject.package.purl) ?? subject.package.purl;
    const undetermined: UndeterminedRule[] = [];
    for (const conclusion of conclusions.of(subject)) {
      judgements.push(judgementOf(subject.package, identity, conclusion));
      const { vulnerability, verdict } = conclusion;
      if (verdict.status === 'undetermined') undetermined.push({ ruleId: vulnerability.id, reason: verdict.reason });
    }
    if (undetermined.length > 0) gaps.push(versionUndetermined(subject, undetermined));
    // A guess that advisories speak of was right.
    const asOthers = conclusions.has(subject) ? [] : (doubles.get(subject) ?? []);
    const rules = asOthers.flatMap((double) =>
      conclusions.of(double).map(({ vulnerability }) => ({ name: double.name, ruleId: vulnerability.id })),
    );
    if (rules.length > 0) gaps.push(nameUndetermined(subject.package, rules));
  }
  return { judgements, gaps };
}

/** An installed package under the name and version that advisories use. */
export interface Subject {
  package: Package;
  key: string;
  ecosystem: string;
  name: string;
  version: string;
}

/** Distributions that file advisories by binary package (OSV schema, "Defined ecosystems"; AlmaLinux' errata list binaries). */
const BY_BINARY: ReadonlySet<string> = new Set(['AlmaLinux', 'Photon OS', 'Wolfi', 'Chainguard', 'MinimOS']);

/** Most distributions publish advisories for source packages, with the source's version. */
export function subjectOf(entry: Package): Subject | null {
  const { ecosystem } = entry;
  if (ecosystem === null) return null;
  const named = entry.source !== null && isFiledBySource(ecosystem) ? entry.source : entry;
  // The name of a source rpm has no epoch; a binary has its source's.
  const lacksEpoch = entry.type === 'rpm' && !named.version.includes(':');
  const epoch = lacksEpoch ? (/^\d+:/.exec(entry.version)?.[0] ?? '') : '';
  const name = canonicalName(ecosystem, named.name);
  return { package: entry, key: keyOf(ecosystem, name), ecosystem, name, version: `${epoch}${named.version}` };
}

/** Whether advisories of the ecosystem name source packages. */
export function isFiledBySource(ecosystem: string): boolean {
  return !BY_BINARY.has(ecosystem.split(':', 1)[0] ?? '');
}

/** The same package under each name that it may have as well. */
function doublesOf(subject: Subject, others: ReadonlyMap<string, readonly string[]>): Subject[] {
  if (subject.package.isGroupGuessed !== true) return [];
  const names = others.get(artifactOf(subject.package.name)) ?? [];
  return names
    .filter((name) => name !== subject.name)
    .map((name) => ({ ...subject, name, key: keyOf(subject.ecosystem, name) }));
}

function keyOf(ecosystem: string, name: string): string {
  return `${ecosystem}\0${name}`;
}

/** Concludes once for each name and version, however many packages were built from it. */
export class Conclusions {
  private readonly named: Map<string, Map<Advisory, AffectedPackage[]>>;
  readonly aliases: AliasIndex;
  private readonly concerns = new Map<string, Concern[]>();
  private readonly conclusions = new Map<string, Conclusion[]>();

  constructor(advisories: readonly Advisory[], wanted: ReadonlyMap<string, unknown>) {
    this.named = indexByPackage(advisories, wanted);
    this.aliases = new AliasIndex(advisories);
  }

  /** Whether any advisory names it, whatever it says of the version. */
  has({ key }: Subject): boolean {
    return this.named.has(key);
  }

  of(subject: Subject): Conclusion[] {
    const versioned = `${subject.key}\0${subject.version}`;
    let conclusions = this.conclusions.get(versioned);
    if (!conclusions) {
      conclusions = conclude(this.weighed(subject), this.aliases);
      this.conclusions.set(versioned, conclusions);
    }
    return conclusions;
  }

  /** Of every vulnerability that a record names the package for, also those that do not affect it. */
  weighed({ key, version, package: { type } }: Subject): Weighed[] {
    const records = this.named.get(key);
    if (!records) return [];
    let concerns = this.concerns.get(key);
    if (!concerns) {
      concerns = this.aliases.sort([...records.keys()]);
      this.concerns.set(key, concerns);
    }
    return weighAll(version, records, concerns, schemeOf(type));
  }
}

function indexByPackage(
  advisories: readonly Advisory[],
  wanted: ReadonlyMap<string, unknown>,
): Map<string, Map<Advisory, AffectedPackage[]>> {
  const index = new Map<string, Map<Advisory, AffectedPackage[]>>();
  for (const advisory of advisories) {
    for (const entry of advisory.affected) {
      const key = keyOf(entry.ecosystem, entry.name);
      if (!wanted.has(key)) continue;
      let records = index.get(key);
      if (!records) {
        records = new Map();
        index.set(key, records);
      }
      const entries = records.get(advisory);
      if (entries) entries.push(entry);
      else records.set(advisory, [entry]);
    }
  }
  return index;
}

function judgementOf(
  entry: Package,
  identity: string,
  { vulnerability, verdict, advisories, rating, summary }: Conclusion,
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
    status: verdict.status,
    package: { purl: entry.purl, name: entry.name, version: entry.version, source: entry.source },
    fixedVersion: verdict.status === 'open' ? verdict.fixedVersion : null,
    fixState: verdict.status === 'open' ? verdict.fixState : 'unknown',
    location: location ? { path: location.path, line: null, layer: location.layer, resource: null } : null,
  };
}

interface UndeterminedRule {
  ruleId: string;
  reason: string;
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

function versionUndetermined(subject: Subject, undetermined: readonly UndeterminedRule[]): CoverageItem {
  const [first, ...others] = undetermined;
  const more = others.length > 0 ? `, and ${others.length} more` : '';
  return {
    code: 'version_undetermined',
    subject: subject.package.purl,
    message:
      `Cannot tell whether ${subject.name} ${subject.version} is affected by ${first?.ruleId}${more}: ` +
      `${first?.reason}. Check it by hand.`,
  };
}
