import type { Cvss } from './severity.js';

/** What rates a CVE, whatever packages it is in. */
export interface VulnerabilityScores {
  /** NVD's ratings, of every version of CVSS that it gives. */
  cvss: Cvss[];
  /** Null: EPSS does not know it. */
  epss: Epss | null;
  /** Null: CISA does not list it as exploited. */
  kev: KnownExploited | null;
}

/** FIRST's Exploit Prediction Scoring System: how likely exploitation is within the next 30 days. */
interface Epss {
  /** 0 to 1. */
  probability: number;
  /** The share of CVEs with the same or a lower probability, 0 to 1. */
  percentile: number;
  /** Day of the scores, `2026-11-23`. */
  date: string;
}

/** An entry of CISA's catalog of Known Exploited Vulnerabilities. */
interface KnownExploited {
  /** Day, `2021-11-03`. */
  dateAdded: string;
  /** By when federal agencies of the United States have to act; null where the catalog has none. */
  dueDate: string | null;
  /** Whether ransomware campaigns are known to use it. */
  ransomware: boolean;
}
