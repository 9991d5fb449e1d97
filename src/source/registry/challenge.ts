/** One challenge of a WWW-Authenticate header: RFC 9110 §11.6.1. */
export interface Challenge {
  /** In lower case. */
  scheme: string;
  /** By name in lower case. */
  parameters: ReadonlyMap<string, string>;
}

/** Longer than any registry sends. */
const MAX_HEADER = 8_192;

const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;
const PADDED = /[A-Za-z0-9\-._~+/]+=*/y;
const SPACE = /[ \t]*/y;

/**
 * Reads every challenge of a header, in order. What is malformed ends the reading: challenges before it count.
 */
export function parseChallenges(header: string): Challenge[] {
  return header.length > MAX_HEADER ? [] : new ChallengeReader(header).read();
}

class ChallengeReader {
  private at = 0;

  constructor(private readonly text: string) {}

  read(): Challenge[] {
    const challenges: Challenge[] = [];
    for (;;) {
      this.skip(',');
      const scheme = this.take(TOKEN);
      if (scheme === null) return challenges;
      challenges.push({ scheme: scheme.toLowerCase(), parameters: this.parameters() });
    }
  }

  /** Until the next scheme: a token that no "=" follows. */
  private parameters(): Map<string, string> {
    const parameters = new Map<string, string>();
    this.take(SPACE);
    this.token68();
    for (;;) {
      this.skip(',');
      const start = this.at;
      const name = this.take(TOKEN);
      this.take(SPACE);
      if (name === null || this.text[this.at] !== '=') {
        this.at = start;
        return parameters;
      }
      this.at += 1;
      this.take(SPACE);
      const value = this.quoted() ?? this.take(TOKEN);
      if (value === null) {
        this.at = this.text.length;
        return parameters;
      }
      if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), value);
    }
  }

  /** RFC 9110 §11.2: credentials without names, which no registry's challenge has, stand alone between two commas. */
  private token68(): void {
    const start = this.at;
    this.take(PADDED);
    this.take(SPACE);
    const isAlone = this.at === this.text.length || this.text[this.at] === ',';
    if (!isAlone || this.at === start) this.at = start;
  }

  private quoted(): string | null {
    QUOTED.lastIndex = this.at;
    const match = QUOTED.exec(this.text);
    if (!match) return null;
    this.at = QUOTED.lastIndex;
    return (match[1] ?? '').replace(/\\(.)/g, '$1');
  }

  private take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (!match) return null;
    this.at = pattern.lastIndex;
    return match[0];
  }

  private skip(separator: string): void {
    for (;;) {
      this.take(SPACE);
      if (this.text[this.at] !== separator) return;
      this.at += 1;
    }
  }
}
