import { digitsEnd, isDigit, TILDE } from './characters.js';
import type { KeyEnding } from './key-order.js';
import type { KeyWriter } from './key-writer.js';

/**
 * deb-version(7): `[epoch:]upstream-version[-debian-revision]`.
 *
 * Refused is what dpkg refuses to order, and characters outside the policy's alphabet, of which dpkg only warns.
 * A version that does not start with a digit is a warning in dpkg and is ordered here too: such versions were shipped.
 */
export function writeDeb(text: string, key: KeyWriter): KeyEnding {
  const version = text.trim();
  const colon = version.indexOf(':');
  if (colon >= 0 && (colon === 0 || digitsEnd(version, 0) !== colon || Number(version.slice(0, colon)) > MAX_EPOCH))
    return 'refused';
  key.number(version, 0, colon < 0 ? 0 : colon);
  const hyphen = version.lastIndexOf('-');
  const hasRevision = hyphen > colon;
  const upstreamEnd = hasRevision ? hyphen : version.length;
  if (upstreamEnd === colon + 1 || hyphen === version.length - 1) return 'refused';
  if (!writePart(version, colon + 1, upstreamEnd, key)) return 'refused';
  if (!hasRevision) return writePart('', 0, 0, key) ? 'complete' : 'refused';
  if (colon >= 0 && version.indexOf(':', hyphen) >= 0) return 'refused';
  return writePart(version, hyphen + 1, version.length, key) ? 'complete' : 'refused';
}

/** dpkg keeps the epoch in a C int. */
const MAX_EPOCH = 2_147_483_647;

/** Ends a run of non-digits. Only `~` is below it. */
const RUN_END = 2;

/**
 * deb-version(7), "Sorting algorithm": runs of non-digits and runs of digits alternate. In a non-digit run letters sort
 * before other characters, and `~` before everything, even before the end. The alphabet is that of Debian policy §5.6.12.
 */
const WEIGHTS = Uint8Array.from({ length: 128 }, (_, code) => {
  if (code === TILDE) return 1;
  if (isDigit(code)) return RUN_END;
  if (/[A-Za-z]/.test(String.fromCharCode(code))) return code;
  return '+-.:'.includes(String.fromCharCode(code)) ? code + 0x80 : 0;
});

/** Pairs of a non-digit run and a number, which is 0 when the part ends with letters, and an empty run behind them. */
function writePart(text: string, start: number, end: number, key: KeyWriter): boolean {
  let i = start;
  do {
    for (; i < end; i++) {
      const code = text.charCodeAt(i);
      if (isDigit(code)) break;
      const weight = WEIGHTS[code] ?? 0;
      if (weight === 0) return false;
      key.byte(weight);
    }
    key.byte(RUN_END);
    const digits = i;
    while (i < end && isDigit(text.charCodeAt(i))) i++;
    key.number(text, digits, i);
  } while (i < end);
  key.byte(RUN_END);
  return true;
}
