import { digitsEnd, HYPHEN, isDigit, isLetter, POINT } from './characters.js';
import type { KeyWriter } from './key-writer.js';

/** What stands behind the core of a semantic version; the identifiers of a pre-release begin with one of the middle two. */
export const PRERELEASE_TAGS = { end: 1, number: 2, text: 3, release: 4 };

/**
 * The core, so many numbers with points between them, of which missing ones are 0. Answers where it ends, which may be
 * at another point; -1 where a number is missing before or behind a point.
 */
export function writeCore(text: string, start: number, numbers: number, key: KeyWriter): number {
  let from = start;
  for (let count = 1; ; count++) {
    const end = digitsEnd(text, from);
    if (end === from) return -1;
    key.number(text, from, end);
    if (count === numbers || text.charCodeAt(end) !== POINT) {
      for (; count < numbers; count++) key.number(text, 0, 0);
      return end;
    }
    from = end + 1;
  }
}

/** Semantic Versioning 2.0.0 §9: letters, digits and hyphens. */
export function isIdentifierCharacter(code: number): boolean {
  return isDigit(code) || isLetter(code) || code === HYPHEN;
}

/**
 * Where the identifiers that begin at `start` end: `[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*`. -1 where one of them is empty.
 */
export function identifiersEnd(text: string, start: number): number {
  let end = start;
  for (;;) {
    const from = end;
    while (isIdentifierCharacter(text.charCodeAt(end))) end++;
    if (end === from) return -1;
    if (text.charCodeAt(end) !== POINT) return end;
    end++;
  }
}

/**
 * §11.4: identifiers one by one, numbers by value, texts by ASCII, a number below a text; of equal ones the longer list
 * is above.
 */
export function writeIdentifiers(text: string, start: number, end: number, key: KeyWriter): void {
  let i = start;
  while (i < end) {
    const from = i;
    while (i < end && text.charCodeAt(i) !== POINT) i++;
    if (digitsEnd(text, from) === i) {
      key.byte(PRERELEASE_TAGS.number);
      key.number(text, from, i);
    } else {
      key.byte(PRERELEASE_TAGS.text);
      key.text(text, from, i);
    }
    i++;
  }
  key.byte(PRERELEASE_TAGS.end);
}
