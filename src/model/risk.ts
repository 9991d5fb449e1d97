import type { Epss, KnownExploited } from './score.js';
import type { Cvss, Severity } from './severity.js';

/** From where a target can be reached; `unknown` is what nobody has told. */
export const EXPOSURES = ['internet', 'internal', 'isolated', 'unknown'] as const;
export type Exposure = (typeof EXPOSURES)[number];

/** How urgent a finding is by what is known today; docs/risk.md has the formula. */
export interface Risk {
  /** 0 to 100. */
  score: number;
  parts: RiskParts;
  /** Null: EPSS does not know the vulnerability, or it is none. */
  epss: Epss | null;
  /** Null: CISA does not list it as exploited. */
  kev: KnownExploited | null;
}

/** `score` is the sum of the first three, in points, times the last. */
interface RiskParts {
  /** 0 to 50: how bad it is. */
  severity: number;
  /** 0 to 30: how likely exploitation is. */
  exploitation: number;
  /** 0 to 20: whether exploitation was seen. */
  knownExploited: number;
  /** 0.6 to 1: from where the target can be reached. */
  exposure: number;
}

export interface RiskSubject {
  severity: Severity;
  cvss: Cvss | null;
  /** Of a vulnerability; null for anything else, which is not exploited by a CVE. */
  scores: RiskScores | null;
  /** Null: no target, so nothing is said of where it can be reached. */
  exposure: Exposure | null;
}

/** What is known of the exploitation of a vulnerability. */
interface RiskScores {
  epss: Epss | null;
  kev: KnownExploited | null;
}

export function riskOf({ severity, cvss, scores, exposure }: RiskSubject): Risk {
  const parts = {
    severity: rounded(5 * baseScore(severity, cvss)),
    exploitation: scores === null ? 0 : rounded(exploitation(scores)),
    knownExploited: knownExploited(scores?.kev ?? null),
    exposure: exposure === null ? 1 : EXPOSURE_FACTORS[exposure],
  };
  const score = Math.round((parts.severity + parts.exploitation + parts.knownExploited) * parts.exposure);
  return { score, parts, epss: scores?.epss ?? null, kev: scores?.kev ?? null };
}

/** By a target's label `exposure`; a word that is none of these says nothing. */
export function exposureOf(label: string | null | undefined): Exposure {
  const word = label?.trim().toLowerCase();
  return EXPOSURES.find((exposure) => exposure === word) ?? 'unknown';
}

const EXPOSURE_FACTORS: Record<Exposure, number> = { internet: 1, unknown: 0.9, internal: 0.8, isolated: 0.6 };

/** CVSS v3.1 §5; `word` stands for a severity that has no score. What nobody rated may be anything. */
const BANDS: Record<Severity, { lowest: number; word: number; highest: number }> = {
  critical: { lowest: 9, word: 9.5, highest: 10 },
  high: { lowest: 7, word: 8, highest: 8.9 },
  medium: { lowest: 4, word: 5.5, highest: 6.9 },
  low: { lowest: 0, word: 2, highest: 3.9 },
  unknown: { lowest: 0, word: 5, highest: 10 },
};

/** Points where EPSS says nothing: those of the vulnerability in the middle. */
const EXPLOITATION_UNKNOWN = 5;

/** A vendor's word counts before a score: one of another band counts as the end of the word's that is nearest. */
function baseScore(severity: Severity, cvss: Cvss | null): number {
  const { lowest, word, highest } = BANDS[severity];
  if (cvss === null) return word;
  return Math.min(Math.max(cvss.score, lowest), highest);
}

/**
 * EPSS gives most vulnerabilities less than 0.01, so the rank tells these apart, and the probability the few above. What is
 * being exploited needs no prediction.
 */
function exploitation({ epss, kev }: RiskScores): number {
  if (kev) return 30;
  return epss ? 20 * epss.probability + 10 * epss.percentile : EXPLOITATION_UNKNOWN;
}

function knownExploited(kev: KnownExploited | null): number {
  return kev === null ? 0 : kev.ransomware ? 20 : 15;
}

/** To a tenth, so that the parts that are shown come to the score that is shown. */
function rounded(points: number): number {
  return Math.round(points * 10) / 10;
}
