import { CLOSING, GAP, GENERIC, isOf, NAME, OPENING, VALUE } from './byte-class.js';

const TAB_TO_CARRIAGE_RETURN = [0x09, 0x0a, 0x0c, 0x0d];
const [BACKSLASH, LOWER_N, LOWER_R, UPPER_N, UPPER_R] = [0x5c, 0x6e, 0x72, 0x4e, 0x52];
const [SPACE, QUOTE, APOSTROPHE, BACKTICK, SEMICOLON] = [0x20, 0x22, 0x27, 0x60, 0x3b];
const [COMMA, COLON, EQUALS, GREATER, QUESTION, BAR] = [0x2c, 0x3a, 0x3d, 0x3e, 0x3f, 0x7c];

/**
 * Looks at the bytes behind a word for an assignment, before any regular expression does: most words that could name a
 * secret name none. It answers no only where the patterns of `assigned` cannot match, because each part of them
 * is over characters that no other part before it takes, but for equals signs.
 */
export class Assignment {
  /** Where the value begins when as much as possible is taken for what stands before it. */
  private value = 0;
  /** How many equals signs before the value could also be its first characters. */
  private equals = 0;
  private openings = 0;
  /** What `follows` was last asked, and said. */
  private asked = { from: -1, longer: 0, follows: false };
  /** Of the last long value: where it began and ended, and the last byte that is not of a name. */
  private run = { start: 0, end: -1, lastOther: -1 };

  constructor(private readonly bytes: Uint8Array) {}

  /** What was remembered of bytes is forgotten. */
  forget(): void {
    this.run = { start: 0, end: -1, lastOther: -1 };
    this.asked.from = -1;
  }

  /**
   * @param from the index behind the word, or behind the part of it that is sure
   * @param longer by how many characters the word may be longer
   * @returns whether an operator follows, and then something like a value
   */
  follows(from: number, longer: number): boolean {
    const { asked } = this;
    // Several rules have the same words.
    if (asked.from !== from || asked.longer !== longer) this.asked = { from, longer, follows: this.look(from, longer) };
    return this.asked.follows;
  }

  private look(from: number, longer: number): boolean {
    const { bytes } = this;
    let at = from;
    for (let left = 20 + longer; left > 0 && isOf(bytes[at], GAP); left -= 1) at += 1;
    for (let left = 3; left > 0 && isOf(bytes[at], CLOSING); left -= 1) at += 1;
    at = behindOperator(bytes, at);
    if (at < 0) return false;
    this.equals = 0;
    this.openings = 0;
    // Two more than the pattern has: the equals sign of `:=`, and a quote that is of the value.
    for (; this.openings < 7 && isOf(bytes[at], OPENING); this.openings += 1) {
      if (bytes[at] === EQUALS) this.equals += 1;
      at += 1;
    }
    this.value = at;
    return isOf(bytes[at], VALUE) || this.equals > 0;
  }

  /** Whether the value may have this many characters. */
  hasLength(shortest: number): 'no' | 'maybe' {
    const end = this.value + shortest - this.equals;
    for (let at = this.value; at < end; at += 1) if (!isOf(this.bytes[at], VALUE)) return 'no';
    return 'maybe';
  }

  /**
   * The same for the generic rule, whose words are everywhere. A value of letters, dots and dashes alone is a name, not
   * a secret, but takes its place in the text.
   *
   * @param length of all bytes: their end ends a value
   * @returns `no`, `maybe`, or where the match ends that is none
   */
  generic(length: number): 'no' | 'maybe' | number {
    const { bytes, value } = this;
    const { end, lastOther } = this.runAt(value);
    const behind = behindValue(bytes, end, length);
    const size = end - value;
    if (behind < 0 || size + this.equals < 10) return 'no';
    const isPlain = lastOther < value && this.equals === 0 && this.openings <= 5 && size <= 150;
    return isPlain ? behind : 'maybe';
  }

  /** Remembered, because several words may stand before one long value, and words in a row before the same. */
  private runAt(from: number): { start: number; end: number; lastOther: number } {
    const { run, bytes } = this;
    if (from >= run.start && from < run.end) return run;
    let end = from;
    let lastOther = -1;
    for (; isOf(bytes[end], GENERIC); end += 1) if (!isOf(bytes[end], NAME)) lastOther = end;
    this.run = { start: from, end, lastOther };
    return this.run;
  }
}

/** @returns the index behind `=`, `>`, `:`, `:=`, `::=`, `:::=`, `||`, `=>`, `?=` or a comma; -1 if there is none */
function behindOperator(bytes: Uint8Array, at: number): number {
  const next = bytes[at + 1];
  switch (bytes[at]) {
    case EQUALS:
      return next === GREATER ? at + 2 : at + 1;
    case GREATER:
    case COMMA:
      return at + 1;
    case BAR:
      return next === BAR ? at + 2 : -1;
    case QUESTION:
      return next === EQUALS ? at + 2 : -1;
    case COLON: {
      // The equals sign behind a single colon may also be of the value.
      if (next !== COLON) return at + 1;
      const colons = bytes[at + 2] === COLON ? 3 : 2;
      return bytes[at + colons] === EQUALS ? at + colons + 1 : -1;
    }
    default:
      return -1;
  }
}

/** @returns the index behind what ends a value, -1 if nothing does */
function behindValue(bytes: Uint8Array, end: number, length: number): number {
  if (end >= length) return length;
  const byte = bytes[end] as number;
  if (byte === BACKSLASH) {
    const next = bytes[end + 1];
    return next === LOWER_N || next === LOWER_R || next === UPPER_N || next === UPPER_R ? end + 2 : -1;
  }
  const isEnd =
    byte === SPACE ||
    byte === QUOTE ||
    byte === APOSTROPHE ||
    byte === BACKTICK ||
    byte === SEMICOLON ||
    TAB_TO_CARRIAGE_RETURN.includes(byte);
  return isEnd ? end + 1 : -1;
}
