import { digitsEnd, plainNumbers } from './characters.js';
import type { KeyEnding } from './key-order.js';
import type { KeyWriter } from './key-writer.js';

/**
 * Composer: a version is normalised (composer/semver's VersionParser: `v1.2-b3` is 1.2.0.0-beta3, `1.x-dev` is
 * 1.9999999.9999999.9999999-dev) and then ordered as by PHP's version_compare: of two normalised versions the first
 * different part decides, and dev < alpha < beta < RC < nothing < a number < patch.
 *
 * Numbers that Composer refuses are read as it reads the others: more than four, any size, hyphens between them.
 * Branches (`dev-main`) have no place among versions and are refused: Composer matches them with no bound either.
 * PHP's `#` stands for any number, which is not an order, and is refused.
 */
export function writeComposer(text: string, key: KeyWriter): KeyEnding {
  const version = undecorated(text);
  if (writePlain(version, key)) return 'complete';
  const branch = NUMERIC_BRANCH.exec(version);
  if (branch !== null && /[x*]/i.test(version)) {
    for (let i = 1; i <= 4; i++) writeNumber(/^\d/.test(branch[i] ?? '') ? (branch[i] ?? '') : ANY, key);
    key.byte(TAGS.dev);
  } else if (!writeForm(version, key)) return 'refused';
  key.byte(TAGS.end);
  return 'complete';
}

/** Most versions: `1.2.3` or `v1.2.3`. */
function writePlain(version: string, key: KeyWriter): boolean {
  let from = (version.charCodeAt(0) | 0x20) === LOWER_V ? 1 : 0;
  const count = plainNumbers(version, from);
  if (count === 0 || count > 4 || digitsEnd(version, from) - from > LONGEST_FIRST) return false;
  for (let i = 0; i < 4; i++) {
    const end = i < count ? digitsEnd(version, from) : from;
    key.byte(TAGS.number);
    key.number(version, from, end);
    from = i < count ? end + 1 : from;
  }
  key.byte(TAGS.end);
  return true;
}

const LOWER_V = 0x76;
/** Digits; a first number that is longer is read as a date. */
const LONGEST_FIRST = 5;

const TAGS = { dev: 1, alpha: 2, beta: 3, candidate: 4, end: 5, number: 6, patch: 7 };

const STABILITIES = new Map([
  ['alpha', TAGS.alpha],
  ['a', TAGS.alpha],
  ['beta', TAGS.beta],
  ['b', TAGS.beta],
  ['rc', TAGS.candidate],
  ['patch', TAGS.patch],
  ['pl', TAGS.patch],
  ['p', TAGS.patch],
]);

/** What Composer puts in the place of an `x`. */
const ANY = '9999999';

/** `1.x-dev`, `2.0.*-dev`: the newest of a numeric branch. Without an `x` it is a version in development. */
const NUMERIC_BRANCH = /^v?(\d+)(?:\.(\d+|[x*]))?(?:\.(\d+|[x*]))?(?:\.(\d+|[x*]))?[.-]?dev$/i;

const FORM =
  /^v?(\d+(?:[.:-]\d+)*)[._-]?(?:(stable|beta|b|rc|alpha|a|patch|pl|p)([.-]?\d+(?:[.-]\d+)*)?)?([.-]?dev)?$/i;

/** Dates are not filled up with zeros. */
const DATE = /^\d{4}(?:[.:-]?\d{2}){1,6}(?:[.:-]?\d{1,3}){0,2}$/;

/** Without the alias (`… as 1.0`), the stability flag (`…@beta`) and the build metadata. */
function undecorated(text: string): string {
  let version = text.trim();
  if (version.includes(' ')) version = /^([^,\s]+) +as +[^,\s]+$/.exec(version)?.[1] ?? version;
  if (version.includes('@')) version = version.replace(/@(?:stable|rc|beta|alpha|dev)$/i, '');
  const plus = version.indexOf('+');
  return plus > 0 && /^[^\s]+$/.test(version.slice(plus + 1)) ? version.slice(0, plus) : version;
}

function writeForm(version: string, key: KeyWriter): boolean {
  const match = FORM.exec(version);
  if (match === null) return false;
  const [, numbers = '', stability = '', stabilityNumbers = '', dev] = match;
  const parts = numbers.split(/[.:-]/);
  const classical = parts.length <= 4 && !/[:-]/.test(numbers) && (parts[0] ?? '').length <= LONGEST_FIRST;
  const date = !classical && DATE.test(numbers);
  if (numbers.includes(':') && !date) return false;
  for (const part of parts) writeNumber(part, key);
  if (!date) for (let i = parts.length; i < 4; i++) writeNumber('0', key);
  if (stability.toLowerCase() === 'stable') return true;
  const tag = STABILITIES.get(stability.toLowerCase());
  if (tag !== undefined) key.byte(tag);
  for (const part of stabilityNumbers.split(/[.-]/)) if (part !== '') writeNumber(part, key);
  if (dev !== undefined) key.byte(TAGS.dev);
  return true;
}

function writeNumber(digits: string, key: KeyWriter): void {
  key.byte(TAGS.number);
  key.number(digits, 0, digits.length);
}
