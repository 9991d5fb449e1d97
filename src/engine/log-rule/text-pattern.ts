/** Sigma's strings, in which `*` stands for any text and `?` for one character, and a backslash takes that away. */
export class TextPattern {
  /** What stands between stars. */
  private readonly parts: Part[];

  /**
   * @param source of a rule; wildcards are added before and behind it where modifiers ask for them
   * @param isCased whether letters are of the case that they are written in
   */
  constructor(
    source: string,
    private readonly isCased: boolean,
    openStart = false,
    openEnd = false,
  ) {
    const parts: string[][] = [[]];
    if (openStart) parts.push([]);
    for (const token of tokensOf(isCased ? source : source.toLowerCase())) {
      if (token === ANY) parts.push([]);
      else parts.at(-1)?.push(token);
    }
    if (openEnd) parts.push([]);
    this.parts = parts.map((tokens) => (tokens.includes(ONE) ? tokens : tokens.join('')));
  }

  /** @param lower the same text in lower case */
  matches(text: string, lower: string): boolean {
    const subject = this.isCased ? text : lower;
    const [first = '', ...rest] = this.parts;
    if (!isAt(first, subject, 0)) return false;
    const last = rest.pop();
    if (last === undefined) return first.length === subject.length;
    let at = first.length;
    for (const part of rest) {
      at = find(part, subject, at);
      if (at < 0) return false;
      at += part.length;
    }
    const end = subject.length - last.length;
    return end >= at && isAt(last, subject, end);
  }

  /** The longest text, lower case, that is in every match; null if there is none. JSON may write other characters in another way. */
  get anchor(): string | null {
    const runs = this.parts.flatMap(
      (part) =>
        Array.from(part, (token) => (token === ONE ? '\0' : token.toLowerCase()))
          .join('')
          .match(PLAIN) ?? [],
    );
    return runs.reduce<string | null>((best, run) => (best === null || run.length > best.length ? run : best), null);
  }
}

/** Three characters or more that no encoder of JSON writes in another way, but for the slash, which some do. */
const PLAIN = /[ !#$%()*,./0-9:;=?@[\]^_a-z{|}~-]{3,}/g;
const ANY = '*any';
const ONE = '?one';

/** A text, or its characters where `ONE` of them stands for any. */
type Part = string | readonly string[];

function* tokensOf(source: string): Generator<string> {
  for (let at = 0; at < source.length; at += 1) {
    const character = source.charAt(at);
    const next = source.charAt(at + 1);
    if (character === '\\' && (next === '*' || next === '?' || next === '\\')) {
      at += 1;
      yield next;
    } else if (character === '*') yield ANY;
    else yield character === '?' ? ONE : character;
  }
}

function isAt(part: Part, subject: string, at: number): boolean {
  if (typeof part === 'string') return subject.startsWith(part, at);
  if (at + part.length > subject.length) return false;
  return part.every((token, index) => token === ONE || token === subject[at + index]);
}

function find(part: Part, subject: string, from: number): number {
  if (typeof part === 'string') return subject.indexOf(part, from);
  for (let at = from; at + part.length <= subject.length; at += 1) if (isAt(part, subject, at)) return at;
  return -1;
}
