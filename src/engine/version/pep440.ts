import { digitsEnd, HYPHEN, isDigit, isLetter, isZero, PLUS, POINT, UNDERSCORE } from './characters.js';
import type { KeyEnding } from './key-order.js';
import type { KeyWriter } from './key-writer.js';

/**
 * PEP 440 (the PyPA's "Version specifiers"), with every spelling that it normalises: `v`, capitals, separators, missing
 * numbers, `alpha`, `c`, `preview`, `rev`, `-1`.
 *
 * Refused is what `packaging` refuses since release 22. Before, it ordered such legacy versions below all others by
 * splitting them at will, which says nothing about whether a fix is in them.
 */
export function writePep440(text: string, key: KeyWriter): KeyEnding {
  const version = text.trim();
  const first = version.charCodeAt(0) | 0x20;
  let i = writeRelease(version, first === LOWER_V ? 1 : 0, key);
  if (i < 0) return 'refused';

  const pre = readPart(version, i, PRE);
  const postStart = pre?.end ?? i;
  const post = readImplicitPost(version, postStart) ?? readPart(version, postStart, POST);
  const devStart = post?.end ?? postStart;
  const dev = readPart(version, devStart, DEV);
  i = dev?.end ?? devStart;

  // "Summary of permitted suffixes and relative ordering": .devN, aN, bN, rcN, none, .postN; a release of development
  // comes first among what it leads to.
  if (pre !== null) writePart(version, pre, key);
  else key.byte(post === null && dev !== null ? TAGS.beforePre : TAGS.noPre);
  if (post !== null) writePart(version, post, key);
  else key.byte(TAGS.noPost);
  if (dev !== null) writePart(version, dev, key);
  else key.byte(TAGS.noDev);
  return writeLocal(version, i, key) ? 'complete' : 'refused';
}

const LOWER_V = 0x76;
const BANG = 0x21;

/** Each group in its order. */
const TAGS = {
  beforePre: 1,
  alpha: 2,
  beta: 3,
  candidate: 4,
  noPre: 5,
  noPost: 1,
  post: 2,
  dev: 1,
  noDev: 2,
};

const PRE = new Map([
  ['alpha', TAGS.alpha],
  ['a', TAGS.alpha],
  ['beta', TAGS.beta],
  ['b', TAGS.beta],
  ['preview', TAGS.candidate],
  ['pre', TAGS.candidate],
  ['c', TAGS.candidate],
  ['rc', TAGS.candidate],
]);
const POST = new Map([
  ['post', TAGS.post],
  ['rev', TAGS.post],
  ['r', TAGS.post],
]);
const DEV = new Map([['dev', TAGS.dev]]);

const RELEASE_TAGS = { end: 1, number: 2 };

/** `[epoch!]number{.number}`, where zeros at the end count for nothing. Answers where it ends, -1 where there is none. */
function writeRelease(version: string, start: number, key: KeyWriter): number {
  let from = start;
  let end = digitsEnd(version, from);
  if (end === from) return -1;
  if (version.charCodeAt(end) === BANG) {
    key.number(version, from, end);
    from = end + 1;
    end = digitsEnd(version, from);
    if (end === from) return -1;
  } else key.number(version, 0, 0);
  let zeros = 0;
  for (;;) {
    if (isZero(version, from, end)) zeros++;
    else {
      for (; zeros > 0; zeros--) {
        key.byte(RELEASE_TAGS.number);
        key.number(version, 0, 0);
      }
      key.byte(RELEASE_TAGS.number);
      key.number(version, from, end);
    }
    if (version.charCodeAt(end) !== POINT || !isDigit(version.charCodeAt(end + 1))) break;
    from = end + 1;
    end = digitsEnd(version, from);
  }
  key.byte(RELEASE_TAGS.end);
  return end;
}

/** A suffix of a version: its rank, its number, and where it ends. */
interface Part {
  tag: number;
  numberStart: number;
  numberEnd: number;
  end: number;
}

/** `[sep]name[sep][number]`, where a separator is one of `.`, `-` and `_`. */
function readPart(version: string, start: number, names: ReadonlyMap<string, number>): Part | null {
  const from = skipSeparator(version, start);
  if (!isLetter(version.charCodeAt(from))) return null;
  const letters = version.slice(from, from + LONGEST_NAME).toLowerCase();
  for (const [name, tag] of names) {
    if (!letters.startsWith(name)) continue;
    const numberStart = skipSeparator(version, from + name.length);
    const numberEnd = digitsEnd(version, numberStart);
    return { tag, numberStart, numberEnd, end: numberEnd };
  }
  return null;
}

const LONGEST_NAME = 'preview'.length;

/** "Implicit post releases": `1.0-1`. */
function readImplicitPost(version: string, start: number): Part | null {
  if (version.charCodeAt(start) !== HYPHEN || !isDigit(version.charCodeAt(start + 1))) return null;
  const end = digitsEnd(version, start + 1);
  return { tag: TAGS.post, numberStart: start + 1, numberEnd: end, end };
}

function skipSeparator(version: string, start: number): number {
  const code = version.charCodeAt(start);
  return code === POINT || code === HYPHEN || code === UNDERSCORE ? start + 1 : start;
}

function writePart(version: string, part: Part, key: KeyWriter): void {
  key.byte(part.tag);
  key.number(version, part.numberStart, part.numberEnd);
}

const LOCAL_TAGS = { end: 1, text: 2, number: 3 };

/** "Local version identifiers": texts without case and below numbers; none is below any. */
function writeLocal(version: string, start: number, key: KeyWriter): boolean {
  let i = start;
  if (version.charCodeAt(i) === PLUS) {
    do {
      const from = i + 1;
      const numberEnd = digitsEnd(version, from);
      i = numberEnd;
      while (isDigit(version.charCodeAt(i)) || isLetter(version.charCodeAt(i))) i++;
      if (i === from) return false;
      if (i === numberEnd) {
        key.byte(LOCAL_TAGS.number);
        key.number(version, from, i);
      } else {
        key.byte(LOCAL_TAGS.text);
        key.text(version.slice(from, i).toLowerCase(), 0, i - from);
      }
    } while (skipSeparator(version, i) > i);
  }
  key.byte(LOCAL_TAGS.end);
  return i === version.length;
}
