import { BYTE_CLASS, isOf, VALUE, WORD } from './byte-class.js';
import { type Literal, LiteralFinder } from './literal-finder.js';
import type { Matcher, Passage, SecretRule } from './secret-rule.js';

/** What to do where an anchor is. Rules are known by their numbers. */
export type AnchorUse = { rule: number; length: number } & (
  | { kind: 'assignment'; matcher: Matcher & { kind: 'assignment' } }
  | { kind: 'token'; matcher: Matcher & { kind: 'token' } }
  | { kind: 'passage'; passage: Passage }
  | { kind: 'nearby'; nearby: Nearby }
);

/** A pattern for the text around a keyword, and where in the file the keyword was last seen; -1 if it was not. */
export interface Nearby {
  rule: number;
  pattern: RegExp;
  seen: number;
}

/** The anchors of all rules: each is looked for once, however many rules have it. */
export class AnchorUses {
  readonly finder: LiteralFinder;
  readonly nearby: Nearby[] = [];
  /** By the number of the literal that the finder found. */
  readonly byLiteral: AnchorUse[][];

  constructor(rules: readonly SecretRule[]) {
    const byText = new Map<string, AnchorUse[]>();
    for (const [number, { matchers }] of rules.entries()) {
      for (const matcher of matchers) this.register(byText, number, matcher);
    }
    this.byLiteral = [...byText.values()];
    this.finder = new LiteralFinder([...byText].map(([text, uses]) => ({ text, ...surroundings(uses) })));
  }

  private register(byText: Map<string, AnchorUse[]>, rule: number, matcher: Matcher): void {
    if (matcher.kind === 'file') return;
    const use = this.useOf(rule, matcher);
    for (const anchor of matcher.anchors) {
      byText.set(anchor, [...(byText.get(anchor) ?? []), { ...use, length: anchor.length }]);
    }
  }

  private useOf(rule: number, matcher: Exclude<Matcher, { kind: 'file' }>): AnchorUse {
    switch (matcher.kind) {
      case 'assignment':
        return { kind: 'assignment', rule, length: 0, matcher };
      case 'token':
        return { kind: 'token', rule, length: 0, matcher };
      case 'passage':
        return { kind: 'passage', rule, length: 0, passage: matcher.open() };
      case 'nearby': {
        const nearby = { rule, pattern: matcher.pattern, seen: -1 };
        this.nearby.push(nearby);
        return { kind: 'nearby', rule, length: 0, nearby };
      }
    }
  }
}

/** What must be around a literal for any use of it. */
function surroundings(uses: readonly AnchorUse[]): Pick<Literal, 'before' | 'behind'> {
  const tokens = uses.flatMap((use) => (use.kind === 'token' ? [use.matcher] : []));
  if (tokens.length < uses.length) return {};
  const bytes = Array.from(BYTE_CLASS.keys());
  return {
    ...(tokens.every(({ isWord }) => isWord) && { before: bytes.filter((byte) => !isOf(byte, WORD)) }),
    ...(tokens.every(({ follows }) => follows > 1) && { behind: bytes.filter((byte) => isOf(byte, VALUE)) }),
  };
}
