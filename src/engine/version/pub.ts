import { HYPHEN, PLUS, POINT } from './characters.js';
import type { KeyEnding } from './key-order.js';
import type { KeyWriter } from './key-writer.js';
import { identifiersEnd, PRERELEASE_TAGS, writeCore } from './semver-parts.js';

/**
 * Dart's pub_semver: semantic versions where build metadata counts, any being above none, and where an identifier is a
 * number when Dart's `int.tryParse` reads it, which includes `-5` and `0x1f`.
 * Unlike pub_semver, which refuses them, a leading `v` is skipped, numbers may be missing (0) or of any size, and those
 * behind the third are build metadata.
 */
export function writePub(text: string, key: KeyWriter): KeyEnding {
  const version = text.trim();
  let end = writeCore(version, version.charCodeAt(0) === LOWER_V ? 1 : 0, 3, key);
  if (end < 0) return 'refused';
  if (version.charCodeAt(end) === HYPHEN) end = writeIdentifiers(version, end + 1, key);
  else key.byte(PRERELEASE_TAGS.release);
  if (end < 0) return 'refused';
  const code = version.charCodeAt(end);
  if (code === PLUS || (code === POINT && /^[\d.]+$/.test(version.slice(end + 1)))) {
    key.byte(1);
    end = writeIdentifiers(version, end + 1, key);
  } else key.byte(0);
  return end === version.length ? 'complete' : 'refused';
}

const LOWER_V = 0x76;

/** Answers where they end, -1 where there are none. */
function writeIdentifiers(version: string, start: number, key: KeyWriter): number {
  const end = identifiersEnd(version, start);
  for (let from = start; from < end; ) {
    const point = version.indexOf('.', from);
    const to = point < 0 || point > end ? end : point;
    const number = readInteger(version.slice(from, to));
    if (number === null) {
      key.byte(PRERELEASE_TAGS.text);
      key.text(version, from, to);
    } else {
      key.byte(PRERELEASE_TAGS.number);
      key.byte(number.negative ? 0 : 1);
      if (number.negative) key.negative(number.digits, 0, number.digits.length);
      else key.number(number.digits, 0, number.digits.length);
    }
    from = to + 1;
  }
  key.byte(PRERELEASE_TAGS.end);
  return end;
}

/** As `int.tryParse` of 64 bits: decimal in range, or hexadecimal, where the highest bit makes it negative. */
function readInteger(identifier: string): { negative: boolean; digits: string } | null {
  const match = INTEGER.exec(identifier);
  if (match === null) return null;
  const [, sign, hexadecimal, decimal = ''] = match;
  let value: bigint;
  if (hexadecimal === undefined) {
    if (decimal.length > 19) return null;
    value = BigInt(decimal);
  } else {
    if (hexadecimal.length > 16) return null;
    value = BigInt.asIntN(64, BigInt(`0x0${hexadecimal}`));
  }
  if (sign === '-') value = -value;
  if (BigInt.asIntN(64, value) !== value) return null;
  return { negative: value < 0n, digits: String(value < 0n ? -value : value) };
}

/** The digits without leading zeros. */
const INTEGER = /^(-?)(?:0x(?=[\da-f])0*([\da-f]*)|(?=\d)0*(\d*))$/i;
