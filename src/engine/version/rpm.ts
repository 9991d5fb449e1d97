import { CARET, COLON, digitsEnd, isDigit, isLetter, lettersEnd, TILDE } from './characters.js';
import type { KeyEnding } from './key-order.js';
import type { KeyWriter } from './key-writer.js';

/**
 * `[epoch:]version[-release]` as rpm 4.20 parses and orders it (rpmverParse, rpmverCmp, rpmvercmp): only digits before a
 * colon are an epoch, the last hyphen starts the release, and no release is below any. Everything that is not a letter,
 * a digit, `~` or `^` only separates, whatever bytes it has, so rpm orders every text but the empty one.
 */
export function writeRpm(version: string, key: KeyWriter): KeyEnding {
  // What C takes for the end of a string.
  if (version === '' || version.includes('\0')) return 'refused';
  const colon = digitsEnd(version, 0);
  const hasEpoch = version.charCodeAt(colon) === COLON;
  key.number(version, 0, hasEpoch ? colon : 0);
  const start = hasEpoch ? colon + 1 : 0;
  const hyphen = version.lastIndexOf('-');
  writeSegments(version, start, hyphen < start ? version.length : hyphen, key);
  key.byte(hyphen < start ? 0 : 1);
  if (hyphen >= start) writeSegments(version, hyphen + 1, version.length, key);
  return 'complete';
}

/** 1.0~rc1 < 1.0 < 1.0^git1 < 1.0a < 1.0.1 */
const TAGS = { tilde: 1, end: 2, caret: 3, letters: 4, number: 5 };

function writeSegments(text: string, start: number, end: number, key: KeyWriter): void {
  let i = start;
  while (i < end) {
    const code = text.charCodeAt(i);
    if (isDigit(code)) {
      const from = i;
      i = digitsEnd(text, i);
      key.byte(TAGS.number);
      key.number(text, from, i);
    } else if (isLetter(code)) {
      const from = i;
      i = lettersEnd(text, i);
      key.byte(TAGS.letters);
      key.text(text, from, i);
    } else {
      if (code === TILDE) key.byte(TAGS.tilde);
      else if (code === CARET) key.byte(TAGS.caret);
      i++;
    }
  }
  key.byte(TAGS.end);
}
