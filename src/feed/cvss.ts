import calculator from 'ae-cvss-calculator';
import type { Cvss } from '../model/severity.js';

const { Cvss2, Cvss3P0, Cvss3P1, Cvss4P0 } = calculator;

/** OSV `severity[]` of a CVSS kind; null for another kind, and for a vector that is not valid: a rating that nobody can read is none. */
export function parseCvss(type: string, vector: string, source: string): Cvss | null {
  switch (type) {
    case 'CVSS_V2': {
      // NVD writes vectors of version 2 in brackets.
      const bare = vector.replace(/^\((.*)\)$/, '$1');
      return rated('2.0', bare, source, () => new Cvss2(bare));
    }
    case 'CVSS_V3':
      if (vector.startsWith('CVSS:3.0/')) return rated('3.0', vector, source, () => new Cvss3P0(vector));
      if (vector.startsWith('CVSS:3.1/')) return rated('3.1', vector, source, () => new Cvss3P1(vector));
      return null;
    case 'CVSS_V4':
      return vector.startsWith('CVSS:4.0/') ? rated('4.0', vector, source, () => new Cvss4P0(vector)) : null;
    default:
      return null;
  }
}

/** What the calculator's classes have in common. */
interface Vector {
  isBaseFullyDefined(): boolean;
  calculateScores(): { base?: number | undefined };
}

/** The calculator throws on metrics and values that the specification does not have. */
function rated(version: Cvss['version'], vector: string, source: string, parse: () => Vector): Cvss | null {
  try {
    const parsed = parse();
    const score = parsed.isBaseFullyDefined() ? parsed.calculateScores().base : undefined;
    return score === undefined ? null : { version, vector, score, source };
  } catch {
    return null;
  }
}
