import { anyCase } from '../any-case.js';
import { SPACE } from '../rule-shape.js';
import type { ScanWindow } from '../scan-window.js';
import type { Found, Passage } from '../secret-rule.js';

/** How far behind the command's name an option is looked for. */
const FAR = 8 * 1024;

/** How many line breaks may be between the name and the option; two newlines in a row are one. */
const MOST_BREAKS = 5;

const [NEWLINE, CARRIAGE_RETURN, BLANK, TAB, DASH] = [0x0a, 0x0d, 0x20, 0x09, 0x2d];

const NAME = /\bcurl\b/y;
const VALUE = String.raw`([\w=~@.+/-]{8,})`;
const AUTHORIZATION = String.raw`Authorization:[ \t]{0,5}(?:Basic[ \t]([a-z0-9+/]{8,}={0,3})|(?:Bearer|(?:Api-)?Token)[ \t]${VALUE}|${VALUE})`;
const KEY_OR_TOKEN = String.raw`(?:(?:X-(?:[a-z]+-)?)?(?:Api-?)?(?:Key|Token)):[ \t]{0,5}${VALUE}`;
const HEADER = anyCase(`(?:${AUTHORIZATION}|${KEY_OR_TOKEN})`);
const HEADER_OPTION = String.raw`[ \t\n\r](?:-H|--header)(?:=|[ \t]{0,5})(?:"${HEADER}"|'${HEADER}')(?:\B|[${SPACE}]|$)`;

const IN_QUOTES = `"(?::[^"]{3,}|[^:"]{3,}:|[^:"]{3,}:[^"]{3,})"|'[^':]{3,}:[^']{3,}'`;
const BARE = String.raw`(?:"[^"]{3,}"|'[^']{3,}'|[\w$@.-]+):(?:"[^"]{3,}"|'[^']{3,}'|[\w$\{\}@.-]+)`;
const USER_OPTION = String.raw`[ \t\n\r](?:-u|--user)(?:=|[ \t]{0,5})(${IN_QUOTES}|${BARE})(?:[${SPACE}]|$)`;

/** `curl … -H 'Authorization: Bearer …'`: of several options the first on the line of the name, or else the nearest. */
export const openCurlHeader = (): Passage => new CurlPassage(HEADER_OPTION, 1);

/** `curl … -u name:password`: of several options the last on the line of the name, or else the farthest. */
export const openCurlUser = (): Passage => new CurlPassage(USER_OPTION, -1);

class CurlPassage implements Passage {
  private readonly atBlank: RegExp;
  private readonly search: RegExp;
  private generation = -1;
  private searched = 0;
  /** The first option at or behind `searched`, and from where on it is no more than `MOST_BREAKS` away. */
  private option: RegExpExecArray | null = null;
  private reachable = 0;

  constructor(
    option: string,
    private readonly direction: 1 | -1,
  ) {
    this.atBlank = new RegExp(option, 'y');
    this.search = new RegExp(option, 'g');
  }

  find(window: ScanWindow, anchor: number): Found | null {
    const { text } = window;
    NAME.lastIndex = anchor;
    if (!NAME.test(text)) return null;
    const from = anchor + 'curl'.length;
    // Most commands have no such option. That is told by one search for all of them.
    const option = this.optionFrom(window, from);
    if (!option || option.index - from > FAR || from < this.reachable) return null;
    const found = new OptionSearch(text, this.atBlank, this.direction, from + FAR).from(from);
    if (!found) return null;
    const end = found.index + found[0].length;
    return { start: anchor, end, value: found.slice(1).find((group) => group) ?? null };
  }

  private optionFrom({ text, generation }: ScanWindow, from: number): RegExpExecArray | null {
    const isKnown =
      this.generation === generation && from >= this.searched && (this.option === null || this.option.index >= from);
    if (isKnown) return this.option;
    this.search.lastIndex = from;
    this.option = this.search.exec(text);
    this.generation = generation;
    this.searched = from;
    if (this.option) this.reachable = startOfReach(text, this.option.index);
    return this.option;
  }
}

/** The first index from which an option is no more than `MOST_BREAKS` away. */
function startOfReach(text: string, option: number): number {
  let breaks = 0;
  let at = option;
  while (at > 0 && option - at < FAR) {
    if (text.charCodeAt(at - 1) !== NEWLINE) at -= 1;
    else if (breaks === MOST_BREAKS) return at;
    else {
      breaks += 1;
      at -= text.charCodeAt(at - 2) === NEWLINE ? 2 : 1;
    }
  }
  return at;
}

/**
 * Text of at most six lines, then an option. A break is one or two characters of a line's end, and a carriage return may
 * also be of the line: as a regular expression this takes a time that grows with the fifth power of the returns. Here each
 * index is tried once for each number of breaks, in the order of the expression, which decides the option that is found:
 * along the line of the name; then in the lines below, and from each break first what is behind a further one.
 */
class OptionSearch {
  /** By the end of a line and the number of breaks before it: from where on the line was searched in vain. */
  private readonly searched = new Map<number, number>();
  private lineEnd = -1;
  private lineStart = 0;

  constructor(
    private readonly text: string,
    private readonly option: RegExp,
    private readonly direction: 1 | -1,
    private readonly limit: number,
  ) {}

  from(start: number): RegExpExecArray | null {
    const last = this.endOfLine(start);
    const here = this.each(start, last, (at) => this.optionAt(at));
    return here ?? this.each(start, last, (at) => this.behindBreak(at, 1));
  }

  private inLine(start: number, breaks: number): RegExpExecArray | null {
    const last = this.endOfLine(start);
    const key = last * (MOST_BREAKS + 1) + breaks;
    const known = this.searched.get(key) ?? last + 1;
    if (start >= known) return null;
    this.searched.set(key, start);
    return this.each(start, known - 1, (at) => this.behindBreak(at, breaks + 1) ?? this.optionAt(at));
  }

  private behindBreak(at: number, breaks: number): RegExpExecArray | null {
    if (breaks > MOST_BREAKS || at >= this.limit || !isBreak(this.text.charCodeAt(at))) return null;
    const isPair = isBreak(this.text.charCodeAt(at + 1));
    return (isPair ? this.inLine(at + 2, breaks) : null) ?? this.inLine(at + 1, breaks);
  }

  private each(start: number, last: number, attempt: (at: number) => RegExpExecArray | null): RegExpExecArray | null {
    const { direction } = this;
    for (let at = direction === 1 ? start : last; at >= start && at <= last; at += direction) {
      const found = attempt(at);
      if (found) return found;
    }
    return null;
  }

  private optionAt(at: number): RegExpExecArray | null {
    const code = this.text.charCodeAt(at);
    if (!isBreak(code) && code !== BLANK && code !== TAB) return null;
    if (this.text.charCodeAt(at + 1) !== DASH) return null;
    this.option.lastIndex = at;
    return this.option.exec(this.text);
  }

  private endOfLine(start: number): number {
    if (start < this.lineStart || start > this.lineEnd) {
      const newline = this.text.indexOf('\n', start);
      this.lineStart = start;
      this.lineEnd = newline < 0 ? this.text.length : newline;
    }
    return Math.min(this.lineEnd, this.limit);
  }
}

function isBreak(code: number): boolean {
  return code === NEWLINE || code === CARRIAGE_RETURN;
}
