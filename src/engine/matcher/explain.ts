import type { Advisory, RangeEvent, VersionRange } from '../../model/advisory.js';
import type {
  ComparedPackage,
  ExplainedEntry,
  ExplainedEvent,
  ExplainedRange,
  ExplainedRecord,
  MatchExplanation,
} from '../../model/explanation.js';
import { isSystemType, type Package } from '../../model/package.js';
import { schemeOf, type VersionScheme } from '../version/scheme.js';
import type { Vulnerability } from './alias.js';
import type { Claim } from './claim.js';
import type { Weighed } from './conclusion.js';
import type { AdvisoryLookup } from './match.js';
import { PackageConclusions } from './package-conclusions.js';
import { evaluateRange, placeAt } from './range.js';
import { type CvssScores, rate } from './rating.js';
import { askedOf, type NamedKind, type Subject, subjectOf } from './subject.js';
import type { Statement } from './verdict.js';

/** What the engine knows of a record; which feed it is of, the caller knows. */
type RecordExplanation = Pick<ExplainedRecord, 'role' | 'verdict' | 'entries'> & { advisory: Advisory };

export type Explanation = Omit<MatchExplanation, 'records'> & {
  /** The vulnerability by the name that it has now. */
  ruleId: string;
  records: RecordExplanation[];
};

/**
 * Judges one package for one vulnerability, and tells how.
 *
 * @param ids the vulnerability's id, then its aliases, as it was called when it was found
 * @returns null where no record that names the package is about it (any more)
 */
export async function explain(
  entry: Package,
  ids: readonly string[],
  lookup: Pick<AdvisoryLookup, 'find' | 'scores'>,
): Promise<Explanation | null> {
  const subject = subjectOf(entry);
  if (!subject) return null;
  const conclusions = new PackageConclusions(await lookup.find(askedOf(subject)));
  const wanted = new Set(ids);
  let best: { weighed: Weighed; vulnerability: Vulnerability } | null = null;
  for (const weighed of conclusions.weighed(subject)) {
    const vulnerability = conclusions.aliases.describe(weighed.concern);
    // A bulletin on several vulnerabilities is an alias of each, so two aliases alone say nothing.
    const [ruleId = ''] = ids;
    if (!wanted.has(vulnerability.id) && !vulnerability.aliases.includes(ruleId)) continue;
    const isMeant = vulnerability.id === ruleId;
    if (isMeant || best === null) best = { weighed, vulnerability };
    if (isMeant) break;
  }
  if (best === null) return null;
  const { weighed, vulnerability } = best;
  const scores = await lookup.scores([vulnerability.id]);
  return explanationOf(subject, entry, weighed, vulnerability, scores.get(vulnerability.id) ?? null);
}

function explanationOf(
  subject: Subject,
  entry: Package,
  { statements, verdict }: Weighed,
  { id, linked }: Vulnerability,
  scores: CvssScores | null,
): Explanation {
  const scheme = schemeOf(entry.type);
  const says = verdict.status === 'not_affected' ? [] : verdict.says;
  const others = statements.filter((statement) => !says.includes(statement));
  const claim = (says[0] ?? others[0])?.claims[0];
  const compared = comparedOf(subject, entry, claim?.named ?? 'source', scheme);
  const isOpen = verdict.status === 'affected';
  return {
    ruleId: id,
    verdict: isOpen ? 'open' : verdict.status,
    reason: reasonOf(compared, says, verdict, scheme),
    compared,
    fixedVersion: isOpen ? verdict.fixedVersion : null,
    fixState: isOpen ? verdict.fixState : 'unknown',
    ...rate(says, others, linked, scores),
    records: [
      ...says.map((statement) => recordOf(statement, 'decided', scheme)),
      ...others.map((statement) => recordOf(statement, 'weighed', scheme)),
      ...linked.map((advisory) => ({ advisory, role: 'linked' as const, verdict: null, entries: [] })),
    ],
  };
}

function recordOf(
  { advisory, claims, result }: Statement,
  role: 'decided' | 'weighed',
  scheme: VersionScheme,
): RecordExplanation {
  return { advisory, role, verdict: result.verdict, entries: claims.map((claim) => entryOf(claim, scheme)) };
}

/** What a claim came to may be more than its ranges say: a module, a suite or an archive weighs as well. */
function entryOf({ entry, version, result }: Claim, scheme: VersionScheme): ExplainedEntry {
  return {
    ecosystem: entry.ecosystem,
    name: entry.name,
    version,
    module: entry.module ?? null,
    architectures: entry.architectures ?? [],
    fixState: entry.fixState ?? null,
    status: entry.status ?? null,
    verdict: result.verdict,
    reason: result.verdict === 'undetermined' ? result.reason : null,
    listed: entry.versions.includes(version),
    ranges: entry.ranges.map((range) => rangeOf(range, version, scheme)),
  };
}

function rangeOf(range: VersionRange, version: string, scheme: VersionScheme): ExplainedRange {
  return {
    verdict: evaluateRange(version, range, scheme).verdict,
    events: range.events.map((event) => eventOf(event, version, scheme)),
  };
}

function eventOf(event: RangeEvent, version: string, scheme: VersionScheme): ExplainedEvent {
  const { kind, version: boundary, position } = placeAt(version, event, scheme);
  if (kind === 'introduced' && boundary === '0')
    return { kind, version: boundary, position: 'after', comparison: 'every version is affected from the first' };
  if (position === null)
    return { kind, version: boundary, position: 'unordered', comparison: `${version} ? ${boundary}` };
  const [place, sign] =
    position < 0 ? (['before', '<'] as const) : position > 0 ? (['after', '>'] as const) : (['at', '='] as const);
  return { kind, version: boundary, position: place, comparison: `${version} ${sign} ${boundary}` };
}

/** A sentence that says what decided. */
function reasonOf(
  { name, version }: ComparedPackage,
  says: readonly Statement[],
  verdict: Weighed['verdict'],
  scheme: VersionScheme,
): string {
  const records = says
    .map(({ advisory }) => advisory.id)
    .sort()
    .slice(0, MAX_NAMED)
    .join(', ');
  switch (verdict.status) {
    case 'not_affected':
      return `${name} ${version} is not affected by what the records say now.`;
    case 'undetermined':
      return `It cannot be told whether ${name} ${version} is affected by what ${records} says: ${verdict.reason}.`;
    case 'affected': {
      if (verdict.fixedVersion !== null) {
        const order = scheme.compare(version, verdict.fixedVersion);
        const sign =
          order !== null && order < 0 ? `${version} < ${verdict.fixedVersion}` : `fixed in ${verdict.fixedVersion}`;
        return `${name} ${version} is affected by what ${records} says: ${sign}, the first version without it, in the order of ${scheme.name}.`;
      }
      const isListed = says.every(({ claims }) => claims.some(({ entry }) => entry.versions.includes(version)));
      const why = isListed ? 'it lists this version' : 'this version is in a range that no fix ends';
      return `${name} ${version} is affected by what ${records} says: ${why}.`;
    }
  }
}

/** Records that a sentence names. */
const MAX_NAMED = 3;

function comparedOf(subject: Subject, entry: Package, named: NamedKind, scheme: VersionScheme): ComparedPackage {
  const { ecosystem } = subject;
  const { name, version } = subject[named];
  return {
    ecosystem,
    name,
    version,
    named,
    reason: namedBecause(entry, ecosystem, subject, named),
    scheme: scheme.name,
  };
}

function namedBecause(
  { type, name, version, source }: Package,
  ecosystem: string,
  subject: Subject,
  named: NamedKind,
): string {
  if (!isSystemType(type)) return `Advisories of ${ecosystem} name packages as they are installed.`;
  if (source === null) return 'The package names no source package, so it was looked for by its own name.';
  if (named === 'binary') return `What the advisories name is the package as it is installed, ${name} ${version}.`;
  return `What the advisories name is the source package: ${name} ${version} was built from ${subject.source.name} ${subject.source.version}.`;
}
