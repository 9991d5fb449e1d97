import type { Severity } from '../model/severity.js';

/** Null for no word, and for one that rates nothing, as "not yet assigned" or "N/A". */
export function severityOfWord(word: unknown): Severity | null {
  return typeof word === 'string' ? (RATINGS.get(word.trim().toLowerCase().replace(/\*+$/, '')) ?? null) : null;
}

/** The words that GitHub, Debian (`high**` marks a guess), Ubuntu, retire.js, Red Hat, Amazon, Oracle and SUSE rate with. */
const RATINGS: ReadonlyMap<string, Severity> = new Map([
  ['critical', 'critical'],
  ['emergency', 'critical'],
  ['high', 'high'],
  ['important', 'high'],
  ['medium', 'medium'],
  ['moderate', 'medium'],
  ['low', 'low'],
  ['minor', 'low'],
  ['negligible', 'low'],
  ['unimportant', 'low'],
]);
