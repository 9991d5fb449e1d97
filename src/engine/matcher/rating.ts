import type { Advisory } from '../../model/advisory.js';
import type { SeverityRating } from '../../model/finding.js';
import type { VulnerabilityScores } from '../../model/score.js';
import { type Cvss, SEVERITIES, type Severity, severityOfScore } from '../../model/severity.js';
import type { Statement } from './verdict.js';

/** What rates a vulnerability whatever package it is in: NVD. */
export type CvssScores = Pick<VulnerabilityScores, 'cvss'>;

export interface Rating {
  severity: Severity;
  /** The database that gave it in words, or `cvss`; null when unknown. */
  severitySource: string | null;
  cvss: Cvss | null;
  /** Every rating that is known, the one that `severity` is by first. */
  ratings: SeverityRating[];
}

/**
 * How bad a vulnerability is in one package. A vendor knows how it built the package, so its word counts first; then the
 * newest CVSS of any record about this vulnerability alone; then the word of a database that rates other packages.
 *
 * @param says the records that decided, `others` the rest that name the package, `linked` those that do not name it
 * @param scores what rates the vulnerability itself; null where nothing does
 */
export function rate(
  says: readonly Statement[],
  others: readonly Statement[],
  linked: readonly Advisory[],
  scores: CvssScores | null,
): Rating {
  const deciding = says.map(wordOf);
  const naming = others.map(wordOf);
  const elsewhere = linked.map((record) => ({ severity: record.severity, source: databaseOf(record.id) }));
  const scored = sorted([
    ...[...says, ...others].flatMap(cvssOf),
    ...linked.flatMap((record) => record.cvss.map((cvss) => ({ cvss, source: databaseOf(record.id), rank: 1 }))),
    ...(scores?.cvss ?? []).map((cvss) => ({ cvss, source: 'nvd', rank: 2 })),
  ]);
  const cvss = scored[0]?.cvss ?? null;
  const ratings = together([...worstFirst(deciding), ...worstFirst(naming)], scored, worstFirst(elsewhere));
  const word = worstFirst(deciding)[0] ?? worstFirst(naming)[0];
  if (word) return { severity: word.severity, severitySource: word.source, cvss, ratings };
  if (cvss) return { severity: severityOfScore(cvss.score), severitySource: 'cvss', cvss, ratings };
  const [last] = worstFirst(elsewhere);
  return { severity: last?.severity ?? 'unknown', severitySource: last?.source ?? null, cvss, ratings };
}

/** The database that a record's id is from, in lower case; the prefix itself where it has no other name. */
export function databaseOf(id: string): string {
  const prefix = id.split('-', 1)[0] ?? id;
  // With the release and the topic in one word: ALAS2KERNEL-5.10-2024-1, ALAS2023LIVEPATCH-2024-1.
  if (prefix.startsWith('ALAS')) return 'amazon';
  return DATABASES[prefix] ?? prefix.toLowerCase();
}

const DATABASES: Record<string, string> = {
  USN: 'ubuntu',
  LSN: 'ubuntu',
  DSA: 'debian',
  DLA: 'debian',
  DTSA: 'debian',
  RHSA: 'redhat',
  RHBA: 'redhat',
  RHEA: 'redhat',
  ELSA: 'oracle',
  ELBA: 'oracle',
  ELEA: 'oracle',
  RLSA: 'rocky',
  RLBA: 'rocky',
  RLEA: 'rocky',
  RXSA: 'rocky',
  ALSA: 'almalinux',
  ALBA: 'almalinux',
  ALEA: 'almalinux',
  CGA: 'chainguard',
  openSUSE: 'suse',
  GHSA: 'github',
  PYSEC: 'pypa',
  GO: 'golang',
  RETIRE: 'retirejs',
  MAL: 'openssf',
};

interface Word {
  severity: Severity;
  source: string;
}

interface MaybeWord {
  severity: Severity | null;
  source: string;
}

interface Scored {
  cvss: Cvss;
  source: string;
  /** Who stands nearer to the package first: records that name it, others, NVD. */
  rank: number;
}

function wordOf({ advisory, claims }: Statement): MaybeWord {
  const source = databaseOf(advisory.id);
  const [own] = worstFirst(claims.map(({ entry }) => ({ severity: entry.severity, source })));
  return own ?? { severity: advisory.severity, source };
}

function worstFirst(words: readonly MaybeWord[]): Word[] {
  const known = words.flatMap(({ severity, source }) =>
    severity === null || severity === 'unknown' ? [] : [{ severity, source }],
  );
  return known.length < 2
    ? known
    : known.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

function cvssOf({ advisory, claims }: Statement): Scored[] {
  // A bulletin's CVSS is that of one of its vulnerabilities, unknown which.
  if (advisory.upstream.length > 1) return [];
  const source = databaseOf(advisory.id);
  return [...claims.flatMap(({ entry }) => entry.cvss), ...advisory.cvss].map((cvss) => ({ cvss, source, rank: 0 }));
}

/** The newest version of CVSS first; of one version, who stands nearer, then the highest score. */
function sorted(scored: Scored[]): Scored[] {
  if (scored.length < 2) return scored;
  return scored.sort(
    (a, b) => compareVersions(b.cvss, a.cvss) || a.rank - b.rank || b.cvss.score - a.cvss.score || bySource(a, b),
  );
}

function compareVersions(a: Cvss, b: Cvss): number {
  return a.version === b.version ? 0 : a.version < b.version ? -1 : 1;
}

function bySource(a: Scored, b: Scored): number {
  return a.source === b.source ? 0 : a.source < b.source ? -1 : 1;
}

/** One list in order of weight. A database's word comes with its best CVSS; what says the same twice is told once. */
function together(first: readonly Word[], scored: readonly Scored[], last: readonly Word[]): SeverityRating[] {
  const ratings: SeverityRating[] = [];
  const told = new Set<string>();
  const add = (rating: SeverityRating) => {
    const key = `${rating.source}\0${rating.severity}\0${rating.cvss?.vector ?? ''}`;
    if (!told.has(key)) ratings.push(rating);
    told.add(key);
  };
  const taken = new Set<Cvss>();
  const addWord = ({ source, severity }: Word) => {
    const own = scored.find((candidate) => candidate.source === source && !taken.has(candidate.cvss));
    if (own) taken.add(own.cvss);
    add({ source, severity, cvss: own?.cvss ?? null });
  };
  for (const word of first) addWord(word);
  const rest = scored.filter(({ cvss }) => !taken.has(cvss));
  for (const { source, cvss } of rest) add({ source, severity: severityOfScore(cvss.score), cvss });
  for (const { source, severity } of last) add({ source, severity, cvss: null });
  return ratings;
}
