/** Of ids, names and versions; far above what distributions publish. What is above it could not be stored under an index. */
export const MAX_ID_LENGTH = 250;

const MAX_SUMMARY_LENGTH = 500;

/** One line for people: white space is one blank, what cannot be printed is gone, and the rest is cut. */
export function summaryOf(text: string | null | undefined): string {
  // Cut first: a description may be long.
  const line = (text ?? '')
    .slice(0, 4 * MAX_SUMMARY_LENGTH)
    .replace(UNPRINTABLE, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= MAX_SUMMARY_LENGTH ? line : `${line.slice(0, MAX_SUMMARY_LENGTH - 1).trimEnd()}…`;
}

/** Whether a text can be the id of an advisory, or the name or version of a package: short, and in one word. */
export function isWord(text: string): boolean {
  return text !== '' && text.length <= MAX_ID_LENGTH && !NOT_IN_WORDS.test(text);
}

/** The CVE ids of a list, in upper case, each once; other texts are left out. */
export function cvesOf(texts: Iterable<string>): string[] {
  const cves = new Set<string>();
  for (const text of texts) {
    const id = text.trim().toUpperCase();
    if (CVE.test(id)) cves.add(id);
  }
  return [...cves];
}

/**
 * A time as feeds write it: RFC 3339, `2021-08-13 17:31` (in UTC), a day, or seconds since 1970. What is no time is long
 * ago: nothing is decided by when an advisory was changed.
 */
export function timeOf(text: string | null | undefined): Date {
  const trimmed = (text ?? '').trim();
  const bare = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(:\d{2}(?:\.\d+)?)?)?(?: ?UTC)?$/.exec(trimmed);
  const date = bare
    ? new Date(`${bare[1]}T${bare[2] ?? '00:00'}${bare[3] ?? ':00'}Z`)
    : /^\d{9,10}$/.test(trimmed)
      ? new Date(Number(trimmed) * 1000)
      : new Date(trimmed);
  return Number.isNaN(date.getTime()) ? new Date(0) : date;
}

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu;
const NOT_IN_WORDS = /[\s\p{Cc}\p{Cf}\p{Cs}]/u;
const CVE = /^CVE-\d{4}-\d{4,19}$/;
