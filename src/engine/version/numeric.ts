import { digitsEnd, HYPHEN, POINT } from './characters.js';
import type { KeyEnding } from './key-order.js';
import type { KeyWriter } from './key-writer.js';

/** Hackage (Cabal's Version): numbers with points between them, compared one by one; of equal ones more is above. */
export function writeHackage(text: string, key: KeyWriter): KeyEnding {
  return writeNumbers(text.trim(), POINT, key);
}

/** CRAN (R's numeric_version): as Hackage's, where a hyphen is as good as a point. */
export function writeCran(text: string, key: KeyWriter): KeyEnding {
  return writeNumbers(text.trim(), HYPHEN, key);
}

function writeNumbers(version: string, separator: number, key: KeyWriter): KeyEnding {
  let from = 0;
  for (;;) {
    const end = digitsEnd(version, from);
    if (end === from) return 'refused';
    key.number(version, from, end);
    if (end === version.length) return 'complete';
    const code = version.charCodeAt(end);
    if (code !== POINT && code !== separator) return 'refused';
    from = end + 1;
  }
}
