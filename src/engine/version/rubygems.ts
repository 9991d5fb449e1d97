import { digitsEnd, HYPHEN, isDigit, isLetter, isZero, lettersEnd, POINT } from './characters.js';
import type { KeyEnding } from './key-order.js';
import type { KeyWriter } from './key-writer.js';

/**
 * Gem::Version: segments of digits and of letters, where a segment of letters is below any number and makes a
 * pre-release, missing segments are 0, zeros before the first letters and at the end count for nothing, and a hyphen is
 * `.pre.`. Unlike RubyGems, a first segment with letters in it (`1beta`) is read as the later ones are (`1.1beta`).
 */
export function writeRubygems(text: string, key: KeyWriter): KeyEnding {
  const version = text.trim();
  if (!isVersion(version)) return 'refused';
  let zeros = 0;
  let numeric = true;
  let i = 0;
  while (i < version.length) {
    const from = i;
    const code = version.charCodeAt(i);
    if (isDigit(code)) {
      i = digitsEnd(version, i);
      if (isZero(version, from, i)) zeros++;
      else {
        writeNumber(zeros, version, from, i, key);
        zeros = 0;
      }
    } else if (code === POINT) i++;
    else {
      if (numeric) zeros = 0;
      numeric = false;
      if (code === HYPHEN) {
        writeLetters(zeros, 'pre', 0, 3, key);
        i++;
      } else {
        i = lettersEnd(version, i);
        writeLetters(zeros, version, from, i, key);
      }
      zeros = 0;
    }
  }
  key.byte(TAGS.end);
  return 'complete';
}

/** `\d[\da-z]*(\.[\da-z]+)*(-[\da-z-]+(\.[\da-z-]+)*)?`, with capitals too. */
function isVersion(version: string): boolean {
  if (!isDigit(version.charCodeAt(0))) return false;
  let hyphens = false;
  let empty = true;
  for (let i = 0; i < version.length; i++) {
    const code = version.charCodeAt(i);
    if (code === POINT || (code === HYPHEN && !hyphens)) {
      if (empty) return false;
      empty = true;
      hyphens ||= code === HYPHEN;
    } else if (isDigit(code) || isLetter(code) || code === HYPHEN) empty = false;
    else return false;
  }
  return !empty;
}

/**
 * The end stands for zeros without end, so zeros are written with what follows them: letters after fewer zeros are
 * lower, as they meet a zero of the other, and for the same reason numbers after fewer zeros are higher.
 */
const TAGS = { letters: 1, end: 2, number: 3 };

function writeLetters(zeros: number, text: string, start: number, end: number, key: KeyWriter): void {
  key.byte(TAGS.letters);
  key.count(zeros);
  key.text(text, start, end);
}

function writeNumber(zeros: number, text: string, start: number, end: number, key: KeyWriter): void {
  key.byte(TAGS.number);
  key.countDown(zeros);
  key.number(text, start, end);
}
