import { Injectable } from '@nestjs/common';
import { boundedGaps } from '../engine/gap-list.js';
import { type AdvisoryLookup, advisoriesMissing, judge } from '../engine/matcher/match.js';
import { type NamedVulnerability, vulnerabilitiesNaming, vulnerabilityOf } from '../engine/matcher/naming.js';
import { kindsOf } from '../engine/matcher/subject.js';
import { type AskedPackage, askedPackage } from '../engine/sbom/asked-package.js';
import type { CoverageItem } from '../model/coverage.js';
import { PlimsollError } from '../model/error.js';
import type { Package } from '../model/package.js';
import type { Page, PageRequest } from '../model/page.js';
import { riskOf } from '../model/risk.js';
import type { VulnerabilityScores } from '../model/score.js';
import { SEVERITIES } from '../model/severity.js';
import type { MatchedPackage, MatchResult, PackageVulnerability } from '../model/vulnerability.js';
import { AdvisoryStore } from '../store/advisory.store.js';
import { decodeCursor, pageOf } from '../store/cursor.js';
import { ScoreStore } from '../store/score.store.js';

/** Packages that advisories are looked up for at once. */
const BATCH = 1_000;
/** Of all packages of a request together. */
const MAX_VULNERABILITIES = 100_000;

/** Judges packages that are no target's. Nothing is stored. */
@Injectable()
export class MatchService {
  constructor(
    private readonly advisories: AdvisoryStore,
    private readonly scores: ScoreStore,
  ) {}

  /** @throws PlimsollError `limit_exceeded` */
  async match(purls: readonly string[]): Promise<MatchResult> {
    const asked = new Map(purls.map((purl) => [purl, askedPackage(purl, true)]));
    const packages = [...asked.values()].flatMap((one) => (one.kind === 'package' ? [one.package] : []));
    const { found, named, gaps } = await this.judgeAll(packages);
    const missing = new Set(gaps.flatMap(({ code, subject }) => (code === 'advisories_missing' ? [subject] : [])));
    const isSourceless = sourceless([...asked.values()], named);
    const items = new Map(
      [...asked].map(([purl, one]) => [purl, itemOf(purl, one, found.get(purl) ?? [], missing, isSourceless(one))]),
    );
    return {
      items: purls.flatMap((purl) => items.get(purl) ?? []),
      gaps: boundedGaps([...unmatchedGaps([...asked.values()], isSourceless), ...gaps]),
    };
  }

  /**
   * @param packages of an inventory
   * @returns those that have vulnerabilities, or may
   * @throws PlimsollError `limit_exceeded`
   */
  async ofInventory(packages: readonly Package[]): Promise<MatchResult> {
    const { found, gaps } = await this.judgeAll(packages);
    const items = [...found].map(
      ([purl, vulnerabilities]): MatchedPackage => ({
        purl,
        status: 'matched',
        reason: null,
        vulnerabilities,
      }),
    );
    return { items, gaps };
  }

  /**
   * The vulnerabilities of one package: those that affect its version, or may; without a version, all that name it.
   * Worst first.
   *
   * @throws PlimsollError `invalid_request` for what is no package URL
   */
  async ofPackage(purl: string, page: PageRequest): Promise<Page<PackageVulnerability> & { gaps: CoverageItem[] }> {
    const after = page.cursor ? decodeCursor(page.cursor, ['number', 'string']) : null;
    const { vulnerabilities, gaps } = await this.vulnerabilitiesOf(purl);
    const rows = vulnerabilities
      .map((item) => ({ item, key: [SEVERITIES.indexOf(item.severity), item.ruleId] as const }))
      .sort((a, b) => compareKeys(a.key, b.key))
      .filter(({ key }) => after === null || compareKeys(key, after as [number, string]) > 0);
    return {
      ...pageOf(
        rows.slice(0, page.limit + 1),
        page.limit,
        ({ item }) => item,
        ({ key }) => [...key],
      ),
      gaps,
    };
  }

  private async vulnerabilitiesOf(
    purl: string,
  ): Promise<{ vulnerabilities: PackageVulnerability[]; gaps: CoverageItem[] }> {
    const asked = askedPackage(purl, false);
    if (asked.kind === 'invalid') throw invalidPackage(asked.reason);
    if (asked.kind === 'unmatched' || asked.hasVersion) {
      const { items, gaps } = await this.match([purl]);
      return { vulnerabilities: items.flatMap((item) => item.vulnerabilities), gaps };
    }
    const { ecosystem } = asked.package;
    const scores: Scores = new Map();
    const [naming, known] = await Promise.all([
      vulnerabilitiesNaming(asked.package, {
        find: (wanted) => this.advisories.find(wanted),
        scores: (ids) => this.scoresOf(ids, scores),
      }),
      this.advisories.known([ecosystem]),
    ]);
    const vulnerabilities = naming.map((one) => withRisk(one, scores));
    const gaps = known.has(ecosystem) ? [] : [advisoriesMissing(ecosystem)];
    const isSourceless = sourceless([asked], new Set(vulnerabilities.length > 0 ? [nameKey(asked.package)] : []));
    return { vulnerabilities, gaps: [...unmatchedGaps([asked], isSourceless), ...gaps] };
  }

  private async judgeAll(
    packages: readonly Package[],
  ): Promise<{ found: Map<string, PackageVulnerability[]>; named: Set<string>; gaps: CoverageItem[] }> {
    const found = new Map<string, PackageVulnerability[]>();
    const named = new Set<string>();
    const gaps: CoverageItem[] = [];
    const scores: Scores = new Map();
    const lookup: AdvisoryLookup = {
      find: async (wanted) => {
        const advisories = await this.advisories.find(wanted);
        for (const { affected } of advisories) for (const entry of affected) named.add(nameKey(entry));
        return advisories;
      },
      known: (ecosystems) => this.advisories.known(ecosystems),
      mavenProjects: (artifacts) => this.advisories.mavenProjects(artifacts),
      scores: (ids) => this.scoresOf(ids, scores),
    };
    let left = MAX_VULNERABILITIES;
    for (let start = 0; start < packages.length; start += BATCH) {
      const judged = await judge({ packages: packages.slice(start, start + BATCH) }, lookup, left);
      left -= judged.judgements.length;
      gaps.push(...judged.gaps);
      for (const judgement of judged.judgements) {
        const purl = judgement.package?.purl ?? '';
        const vulnerability = withRisk(vulnerabilityOf(judgement), scores);
        const list = found.get(purl);
        if (list) list.push(vulnerability);
        else found.set(purl, [vulnerability]);
      }
    }
    return { found, named, gaps };
  }

  /** What the feeds of scores say, which is kept for the risk. */
  private async scoresOf(ids: readonly string[], kept: Scores): Promise<Scores> {
    const found = await this.scores.find(ids);
    for (const [id, scores] of found) kept.set(id, scores);
    return found;
  }
}

type Scores = Map<string, VulnerabilityScores>;

function withRisk(vulnerability: NamedVulnerability, known: Scores): PackageVulnerability {
  const { ruleId, severity, cvss } = vulnerability;
  const { epss, kev } = known.get(ruleId) ?? { epss: null, kev: null };
  return { ...vulnerability, risk: riskOf({ severity, cvss, scores: { epss, kev }, exposure: null }) };
}

function itemOf(
  purl: string,
  asked: AskedPackage,
  vulnerabilities: PackageVulnerability[],
  missing: ReadonlySet<string>,
  isSourceless: boolean,
): MatchedPackage {
  if (asked.kind !== 'package') {
    const status = asked.kind === 'invalid' ? 'invalid' : 'unmatched';
    return { purl, status, reason: sentence(asked.reason), vulnerabilities: [] };
  }
  const { ecosystem } = asked.package;
  if (missing.has(ecosystem)) {
    const reason = `No feed has advisories for ${ecosystem}: sync the feeds.`;
    return { purl, status: 'unmatched', reason, vulnerabilities: [] };
  }
  const reason = isSourceless
    ? 'It does not name its source package, so only advisories under its own name were found: add the qualifier upstream.'
    : null;
  return { purl, status: 'matched', reason, vulnerabilities };
}

/**
 * Which system packages may have advisories under another name: the purl names no source package, and no record names
 * what it does. Silent where a package of the same type names its source: who writes these leaves out what is the same.
 */
function sourceless(asked: readonly AskedPackage[], named: ReadonlySet<string>): (one: AskedPackage) => boolean {
  const telling = new Set(
    asked.flatMap((one) => (one.kind === 'package' && one.isSourceNamed ? [one.package.type] : [])),
  );
  return (one) =>
    one.kind === 'package' &&
    !one.isSourceNamed &&
    !telling.has(one.package.type) &&
    kindsOf({ ecosystem: one.package.ecosystem }).includes('source') &&
    !named.has(nameKey(one.package));
}

function nameKey({ ecosystem, name }: { ecosystem: string; name: string }): string {
  return `${ecosystem}\n${name}`;
}

/** One gap for each reason why packages could not be matched, or not for all that may be known. */
function unmatchedGaps(asked: readonly AskedPackage[], isSourceless: (one: AskedPackage) => boolean): CoverageItem[] {
  const counts = new Map<string, { gap: CoverageItem; count: number }>();
  const add = (gap: CoverageItem) => {
    const key = JSON.stringify(gap);
    const known = counts.get(key);
    if (known) known.count += 1;
    else counts.set(key, { gap, count: 1 });
  };
  for (const one of asked) {
    if (one.kind === 'unmatched') add({ ...one.gap, message: `could not be matched: ${one.reason}.` });
    else if (one.kind === 'package' && isSourceless(one)) {
      const message =
        'are system packages that do not name their source package (qualifier upstream), so only advisories under their own names were found.';
      add({ code: 'source_unnamed', subject: one.package.ecosystem, message });
    }
  }
  return [...counts.values()].map(({ gap, count }) => ({ ...gap, message: `${count} of the packages ${gap.message}` }));
}

function invalidPackage(reason: string): PlimsollError {
  return new PlimsollError('invalid_request', `The request was not accepted: package: ${reason}.`, {
    errors: [{ path: 'package', message: reason }],
  });
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function compareKeys(a: readonly [number, string], b: readonly [number, string]): number {
  return a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0);
}
