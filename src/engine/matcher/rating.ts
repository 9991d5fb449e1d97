import type { Advisory } from '../../model/advisory.js';
import { type Cvss, SEVERITIES, type Severity, severityOfScore } from '../../model/severity.js';
import type { Statement } from './verdict.js';

export interface Rating {
  severity: Severity;
  /** The database that gave it in words, or `cvss`; null when unknown. */
  severitySource: string | null;
  cvss: Cvss | null;
}

/**
 * How bad a vulnerability is in one package. A vendor knows how it built the package, so its word counts first; then the
 * newest CVSS of any record about this vulnerability alone; then the word of a database that rates other packages.
 *
 * @param says the records that decided, `others` the rest that name the package, `linked` those that do not name it
 */
export function rate(says: readonly Statement[], others: readonly Statement[], linked: readonly Advisory[]): Rating {
  const cvss = bestCvss([...says, ...others], linked);
  const word = worstWord(says.map(wordOf)) ?? worstWord(others.map(wordOf));
  if (word) return { ...word, cvss };
  if (cvss) return { severity: severityOfScore(cvss.score), severitySource: 'cvss', cvss };
  const elsewhere = worstWord(
    linked.map((record) => ({ severity: record.severity, severitySource: databaseOf(record.id) })),
  );
  return elsewhere ? { ...elsewhere, cvss } : { severity: 'unknown', severitySource: null, cvss };
}

/** The database that a record's id is from, in lower case; the prefix itself where it has no other name. */
export function databaseOf(id: string): string {
  const prefix = id.split('-', 1)[0] ?? id;
  return DATABASES[prefix] ?? prefix.toLowerCase();
}

const DATABASES: Record<string, string> = {
  USN: 'ubuntu',
  LSN: 'ubuntu',
  DSA: 'debian',
  DLA: 'debian',
  DTSA: 'debian',
  GHSA: 'github',
  PYSEC: 'pypa',
  GO: 'golang',
  RETIRE: 'retirejs',
  MAL: 'openssf',
};

interface Word {
  severity: Severity;
  severitySource: string;
}

function wordOf({ advisory, entries }: Statement): { severity: Severity | null; severitySource: string } {
  const severitySource = databaseOf(advisory.id);
  const own = worstWord(entries.map(({ severity }) => ({ severity, severitySource })));
  return own ?? { severity: advisory.severity, severitySource };
}

function worstWord(words: readonly { severity: Severity | null; severitySource: string }[]): Word | null {
  let worst: Word | null = null;
  for (const { severity, severitySource } of words) {
    if (severity === null || severity === 'unknown') continue;
    if (worst === null || SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(worst.severity))
      worst = { severity, severitySource };
  }
  return worst;
}

/** The newest version of CVSS; of one version, records that name the package before others, then the highest score. */
function bestCvss(statements: readonly Statement[], linked: readonly Advisory[]): Cvss | null {
  let best: Cvss | null = null;
  for (const { advisory, entries } of statements) {
    // A bulletin's CVSS is that of one of its vulnerabilities, unknown which.
    if (advisory.upstream.length > 1) continue;
    for (const cvss of [...entries.flatMap((entry) => entry.cvss), ...advisory.cvss]) {
      if (!best || cvss.version > best.version || (cvss.version === best.version && cvss.score > best.score))
        best = cvss;
    }
  }
  let bestLinked: Cvss | null = null;
  for (const { cvss: list } of linked) {
    for (const cvss of list) {
      if (
        !bestLinked ||
        cvss.version > bestLinked.version ||
        (cvss.version === bestLinked.version && cvss.score > bestLinked.score)
      ) {
        bestLinked = cvss;
      }
    }
  }
  return bestLinked && (!best || bestLinked.version > best.version) ? bestLinked : best;
}
