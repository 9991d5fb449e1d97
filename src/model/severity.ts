/** Worst first, so that an index into this list sorts by urgency. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'unknown'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** How many findings of each severity. */
export type SeverityCounts = Record<Severity, number>;

/** One CVSS rating as its source gave it. */
export interface Cvss {
  /** `2.0`, `3.0`, `3.1` or `4.0`. */
  version: string;
  vector: string;
  /** Base score, 0.0 to 10.0. */
  score: number;
  /** The advisory record that carries the vector. */
  source: string;
}

/** CVSS v3.1 §5, qualitative severity rating scale; a score of 0.0 ("None") is `low` here. */
export function severityOfScore(score: number): Severity {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return 'low';
}
