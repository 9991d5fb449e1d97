/** A pattern in RE2's syntax, as Go's `regexp` reads it; the part of it that rules use, over ASCII. */
export class Re2Pattern {
  private readonly tree: Node;

  constructor(readonly source: string) {
    const parser = new Parser(source);
    this.tree = parser.alternatives(false);
    if (!parser.isAtEnd) throw new Error(`unparsed: ${source.slice(parser.at)} of ${source}`);
  }

  /** The same pattern for JavaScript, without flags. */
  toRegExp(flags: '' | 'g' = ''): RegExp {
    return new RegExp(translate(this.tree), flags);
  }

  /**
   * Text that matches, unless an assertion in the middle does not hold.
   *
   * @param random from 0 to less than 1
   * @param dots whether `.`, which is any character, is drawn as a dot
   */
  sample(random: () => number, dots = false): string {
    return draw(this.tree, random, dots);
  }
}

/** Numbers from 0 to less than 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Node =
  | { kind: 'alternatives' | 'sequence'; parts: Node[] }
  | { kind: 'group'; capture: boolean; part: Node }
  | { kind: 'repeat'; part: Node; least: number; most: number; lazy: boolean }
  | { kind: 'one'; of: Set<string>; isDot?: boolean }
  | { kind: 'assertion'; js: string };

const ALL = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
const BY_ESCAPE: Record<string, readonly string[]> = {
  d: ALL.filter((c) => /[0-9]/.test(c)),
  w: ALL.filter((c) => /[0-9A-Za-z_]/.test(c)),
  s: [...'\t\n\f\r '],
  n: ['\n'],
  r: ['\r'],
  t: ['\t'],
};
const ASSERTIONS: Record<string, string> = { b: '\\b', B: '\\B', z: '$' };

class Parser {
  at = 0;

  constructor(private readonly source: string) {}

  get isAtEnd(): boolean {
    return this.at >= this.source.length;
  }

  /** Flags that are set within a group hold to its end, over its alternatives. */
  alternatives(fold: boolean, dotAll = false): Node {
    const flags = { fold, dotAll };
    const parts: Node[] = [this.sequence(flags)];
    while (this.take('|')) parts.push(this.sequence(flags));
    return parts.length === 1 && parts[0] ? parts[0] : { kind: 'alternatives', parts };
  }

  private sequence(flags: { fold: boolean; dotAll: boolean }): Node {
    const parts: Node[] = [];
    while (!this.isAtEnd && this.peek !== '|' && this.peek !== ')') {
      const set = /^\(\?(-?)i\)/.exec(this.source.slice(this.at));
      if (set) {
        flags.fold = set[1] === '';
        this.at += set[0].length;
      } else parts.push(this.repeated(this.atom(flags)));
    }
    return { kind: 'sequence', parts };
  }

  private repeated(part: Node): Node {
    const [, range, least = '', comma, most, sign] =
      /^(?:(\{(\d+)(,(\d*))?\})|([*+?]))/.exec(this.source.slice(this.at)) ?? [];
    if (range === undefined && sign === undefined) return part;
    this.at += (range ?? sign ?? '').length;
    const lazy = this.take('?');
    if (sign) return { kind: 'repeat', part, least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Infinity, lazy };
    const upper = comma === undefined ? Number(least) : most ? Number(most) : Infinity;
    return { kind: 'repeat', part, least: Number(least), most: upper, lazy };
  }

  private atom({ fold, dotAll }: { fold: boolean; dotAll: boolean }): Node {
    if (this.take('(')) return this.group(fold, dotAll);
    if (this.take('[')) return this.characterClass(fold);
    const character = this.next();
    if (character === '^' || character === '$') return { kind: 'assertion', js: character };
    if (character === '.') return { kind: 'one', of: new Set(ALL.filter((c) => dotAll || c !== '\n')), isDot: true };
    if (character !== '\\') return { kind: 'one', of: folded([character], fold) };
    const assertion = ASSERTIONS[this.peek];
    if (assertion !== undefined) this.at += 1;
    return assertion === undefined
      ? { kind: 'one', of: folded(this.escape(), fold) }
      : { kind: 'assertion', js: assertion };
  }

  private group(fold: boolean, dotAll: boolean): Node {
    const [all = '', flags] = /^\?(?:P<\w+>|([a-z-]*):)/.exec(this.source.slice(this.at)) ?? [];
    this.at += all.length;
    const [on = '', off = ''] = (flags ?? '').split('-');
    const isFold = on.includes('i') || (fold && !off.includes('i'));
    const part = this.alternatives(isFold, dotAll || on.includes('s'));
    if (!this.take(')')) throw new Error(`unclosed group in ${this.source}`);
    return { kind: 'group', capture: flags === undefined, part };
  }

  private characterClass(fold: boolean): Node {
    const isNegated = this.take('^');
    const characters = new Set<string>();
    for (let isFirst = true; isFirst || this.peek !== ']'; isFirst = false) {
      const named = /^\[:alnum:\]/.exec(this.source.slice(this.at));
      if (named) {
        this.at += named[0].length;
        for (const c of ALL) if (/[0-9A-Za-z]/.test(c)) characters.add(c);
        continue;
      }
      const from = this.member();
      if (from.length === 1 && this.peek === '-' && this.source[this.at + 1] !== ']') {
        this.at += 1;
        const [first = '', last = ''] = [from[0], this.member()[0]];
        for (const c of ALL) if (c >= first && c <= last) characters.add(c);
      } else for (const c of from) characters.add(c);
    }
    this.at += 1;
    const all = folded(characters, fold);
    return { kind: 'one', of: isNegated ? new Set(ALL.filter((c) => !all.has(c))) : all };
  }

  private member(): readonly string[] {
    const character = this.next();
    return character === '\\' ? this.escape() : [character];
  }

  /** Behind a backslash. */
  private escape(): readonly string[] {
    const character = this.next();
    if (character === 'x') {
      this.at += 2;
      return [String.fromCharCode(Number.parseInt(this.source.slice(this.at - 2, this.at), 16))];
    }
    if (character === 'S') return ALL.filter((c) => !BY_ESCAPE.s?.includes(c));
    return BY_ESCAPE[character] ?? [character];
  }

  private get peek(): string {
    return this.source.charAt(this.at);
  }

  private next(): string {
    this.at += 1;
    return this.source.charAt(this.at - 1);
  }

  private take(character: string): boolean {
    if (this.peek !== character) return false;
    this.at += 1;
    return true;
  }
}

function folded(characters: Iterable<string>, fold: boolean): Set<string> {
  const all = new Set(characters);
  if (fold) for (const c of [...all]) all.add(c.toLowerCase()).add(c.toUpperCase());
  return all;
}

function translate(node: Node): string {
  switch (node.kind) {
    case 'alternatives':
      return `(?:${node.parts.map(translate).join('|')})`;
    case 'sequence':
      return node.parts.map(translate).join('');
    case 'group':
      return `${node.capture ? '(' : '(?:'}${translate(node.part)})`;
    case 'repeat': {
      const most = node.most === Infinity ? '' : node.most;
      return `(?:${translate(node.part)}){${node.least},${most}}${node.lazy ? '?' : ''}`;
    }
    case 'one':
      return `[${[...node.of].map((c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')}]`;
    case 'assertion':
      return node.js;
  }
}

/** Of a class, letters and digits more often than what else is in it. */
function draw(node: Node, random: () => number, dots: boolean): string {
  const choose = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  switch (node.kind) {
    case 'alternatives':
      return draw(choose(node.parts), random, dots);
    case 'sequence':
      return node.parts.map((part) => draw(part, random, dots)).join('');
    case 'group':
      return draw(node.part, random, dots);
    case 'repeat': {
      const most = Math.min(node.most, node.least + 12);
      const count = node.least + Math.floor(random() * (most - node.least + 1));
      return Array.from({ length: count }, () => draw(node.part, random, dots)).join('');
    }
    case 'one': {
      const printable = [...node.of].filter((c) => /[ -~]/.test(c));
      const plain = printable.filter((c) => /[0-9A-Za-z]/.test(c));
      if (node.isDot && dots) return '.';
      if (plain.length > 0 && random() < 0.9) return choose(plain);
      return choose(printable.length > 0 && random() < 0.95 ? printable : [...node.of].filter((c) => c !== '\0'));
    }
    case 'assertion':
      return '';
  }
}
