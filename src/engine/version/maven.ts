import { digitsEnd, isZero, plainNumbers } from './characters.js';
import { type KeyEnding, keyOrder } from './key-order.js';
import type { KeyWriter } from './key-writer.js';
import { type Chain, isQualifier, parseMaven, signOf, signOfLists } from './maven-chain.js';

/**
 * Maven's ComparableVersion, as in Maven 3.9.
 *
 * It orders in circles around three forms: a qualifier behind a point that does not end its version
 * (`1.sp.1` < `1-alpha` < `1` < `1.sp.1`), a pre-release behind a lone zero (`1-0-alpha` < `1` < `1-x` < `1-0-alpha`),
 * and a qualifier at the very beginning that is not of a pre-release (`r09` < `0-1`, `0` < `r09`). Versions of these
 * forms are compared as Maven does, but have no key.
 * Refused are characters that are not printable ASCII, and numbers of ten zeros or more, which Maven puts above 999999999.
 */
export const mavenOrder = {
  compare(a: string, b: string): number | null {
    const order = keyed.compare(a, b);
    if (order !== null) return order;
    const left = parseMaven(a);
    const right = parseMaven(b);
    return left === null || right === null ? null : compareChains(left, right);
  },
  key: (version: string): Buffer | null => keyed.key(version),
};

const keyed = keyOrder(writeMaven);

/** In the place of an item: the next list of the chain. */
const LIST = '[';

function compareChains(a: Chain, b: Chain): number {
  for (let index = 0; ; index++) {
    for (let i = 0; ; i++) {
      const left = itemAt(a, index, i);
      const right = itemAt(b, index, i);
      if (left === null && right === null) return 0;
      if (left === LIST && right === LIST) break;
      const difference =
        left === null ? -signAt(b, index, right) : right === null ? signAt(a, index, left) : compareItems(left, right);
      if (difference !== 0) return difference;
    }
  }
}

function itemAt(chain: Chain, index: number, i: number): string | null {
  const list = chain[index] ?? [];
  return list[i] ?? (i === list.length && index + 1 < chain.length ? LIST : null);
}

function signAt(chain: Chain, index: number, item: string | null): number {
  if (item === null) return 0;
  return item === LIST ? signOfLists(chain, index + 1) : signOf(item);
}

/** A qualifier is below a list, and a list below a number. */
function compareItems(left: string, right: string): number {
  const difference = kindOf(left) - kindOf(right);
  if (difference !== 0) return difference;
  if (!isQualifier(left) && left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}

function kindOf(item: string): number {
  return item === LIST ? 1 : isQualifier(item) ? 0 : 2;
}

/** What may begin a list of the chain. */
const FIRST_TAGS = { qualifier: 1, list: 2, number: 3 };
/** What may follow an item, and begin a version: the version's end is above a pre-release, and below the rest. */
const TAGS = { qualifier: 0, lowerList: 1, end: 2, higherList: 3, number: 4 };

function writeMaven(version: string, key: KeyWriter): KeyEnding {
  if (plainNumbers(version, 0) > 0) return writePlain(version, key);
  const chain = parseMaven(version);
  if (chain === null) return 'refused';
  const signs = signsOf(chain);
  for (const [index, list] of chain.entries()) {
    for (const [i, item] of list.entries()) {
      const first = i === 0 && index > 0;
      if (isQualifier(item)) {
        if (i > 0 || (index === 0 && signOf(item) >= 0)) return 'refused';
        key.byte(first ? FIRST_TAGS.qualifier : TAGS.qualifier);
        key.text(item, 0, item.length);
      } else {
        key.byte(first ? FIRST_TAGS.number : TAGS.number);
        key.number(item, 0, item.length);
      }
    }
    const sign = signs[index + 1] ?? 0;
    if (list.length > 0 || index === 0) key.byte(sign < 0 ? TAGS.lowerList : sign > 0 ? TAGS.higherList : TAGS.end);
    else if (sign < 0) return 'refused';
    else key.byte(FIRST_TAGS.list);
  }
  return 'complete';
}

/** A version of numbers alone, which most are. */
function writePlain(version: string, key: KeyWriter): KeyEnding {
  let zeros = 0;
  for (let from = 0; from < version.length; ) {
    const end = digitsEnd(version, from);
    if (isZero(version, from, end)) {
      if (end - from >= 10) return 'refused';
      zeros++;
    } else {
      for (; zeros > 0; zeros--) {
        key.byte(TAGS.number);
        key.number(version, 0, 0);
      }
      key.byte(TAGS.number);
      key.number(version, from, end);
    }
    from = end + 1;
  }
  key.byte(TAGS.end);
  return 'complete';
}

/** Of each list and those behind it, how they compare with none. */
function signsOf(chain: Chain): Int8Array {
  const signs = new Int8Array(chain.length);
  for (let index = chain.length - 1; index >= 0; index--) {
    signs[index] = (chain[index] ?? []).map(signOf).find((sign) => sign !== 0) ?? signs[index + 1] ?? 0;
  }
  return signs;
}
