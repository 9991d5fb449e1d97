import { COLON, digitsEnd, isDigit, isLetter, lettersEnd } from './characters.js';
import type { KeyEnding } from './key-order.js';
import type { KeyWriter } from './key-writer.js';

/**
 * `[epoch:]pkgver[-pkgrel]` as pacman's vercmp(8) orders it, which is rpm's order of 2010 with two changes: the lengths
 * of separators count (1.1 < 1..1), and letters that follow a number make a pre-release (1.0rc1 < 1.0 < 1.0.rc1).
 *
 * A version without pkgrel equals that version with any, so it is ordered, but has no key. Refused are versions with a
 * separator at the end, which vercmp orders in circles (1. < 1.1 < 1..a < 1.), and characters that are not printable ASCII.
 */
export function writeAlpm(version: string, key: KeyWriter): KeyEnding {
  if (!/^[!-~]+$/.test(version)) return 'refused';
  const colon = digitsEnd(version, 0);
  const hasEpoch = version.charCodeAt(colon) === COLON;
  key.number(version, 0, hasEpoch ? colon : 0);
  const start = hasEpoch ? colon + 1 : 0;
  const hyphen = version.lastIndexOf('-');
  if (hyphen < start) return writeSegments(version, start, version.length, key) ? 'open' : 'refused';
  return writeSegments(version, start, hyphen, key) && writeSegments(version, hyphen + 1, version.length, key)
    ? 'complete'
    : 'refused';
}

const TAGS = { adjacentLetters: 1, end: 2, adjacentNumber: 3, separated: 4 };
/** Behind the length of the separator. */
const SEPARATED_TAGS = { letters: 1, number: 2 };

function writeSegments(text: string, start: number, end: number, key: KeyWriter): boolean {
  let i = start;
  while (i < end) {
    const separator = i;
    let code = text.charCodeAt(i);
    while (i < end && !isDigit(code) && !isLetter(code)) code = text.charCodeAt(++i);
    if (i === end) return false;
    const numeric = isDigit(code);
    if (i === separator) key.byte(numeric ? TAGS.adjacentNumber : TAGS.adjacentLetters);
    else {
      key.byte(TAGS.separated);
      key.count(i - separator);
      key.byte(numeric ? SEPARATED_TAGS.number : SEPARATED_TAGS.letters);
    }
    const from = i;
    i = numeric ? digitsEnd(text, i) : lettersEnd(text, i);
    if (numeric) key.number(text, from, i);
    else key.text(text, from, i);
  }
  key.byte(TAGS.end);
  return true;
}
