import { every, not, RuleFault, some, type Test } from './detection-item.js';

/** Parentheses within each other. */
const MAX_DEPTH = 50;

/**
 * The condition of a Sigma rule: `selection and not 1 of filter*`. From the least binding: `or`, `and`, `not`, `1 of` and
 * `all of`.
 *
 * @throws RuleFault
 */
export function ruleCondition(text: string, selections: ReadonlyMap<string, Test>): Test {
  const parser = new ConditionParser(text.match(/[()|]|[^\s()|]+/g) ?? [], selections);
  const test = parser.or(0);
  parser.end();
  return test;
}

class ConditionParser {
  private at = 0;

  constructor(
    private readonly tokens: readonly string[],
    private readonly selections: ReadonlyMap<string, Test>,
  ) {}

  or(depth: number): Test {
    const tests = [this.and(depth)];
    while (this.take('or')) tests.push(this.and(depth));
    return tests.length === 1 && tests[0] ? tests[0] : some(tests);
  }

  end(): void {
    const token = this.tokens[this.at];
    if (token === '|') throw new RuleFault('has a condition with `|`: counting is written as a correlation');
    if (token !== undefined) throw new RuleFault(`has a condition with \`${token.slice(0, 50)}\` where it should end`);
  }

  private and(depth: number): Test {
    const tests = [this.negation(depth)];
    while (this.take('and')) tests.push(this.negation(depth));
    return tests.length === 1 && tests[0] ? tests[0] : every(tests);
  }

  private negation(depth: number): Test {
    let isNegated = false;
    while (this.take('not')) isNegated = !isNegated;
    const test = this.primary(depth);
    return isNegated ? not(test) : test;
  }

  private primary(depth: number): Test {
    if (depth > MAX_DEPTH) throw new RuleFault('has a condition with too many parentheses within each other');
    if (this.take('(')) {
      const test = this.or(depth + 1);
      if (!this.take(')')) throw new RuleFault('has a condition with a parenthesis that does not end');
      return test;
    }
    const [word = '', of] = this.tokens.slice(this.at, this.at + 2);
    if (of?.toLowerCase() === 'of') {
      const quantity = word.toLowerCase();
      this.at += 2;
      const tests = this.named(this.next());
      if (quantity === '1' || quantity === 'any') return some(tests);
      if (quantity === 'all') return every(tests);
      throw new RuleFault(`has a condition with \`${word.slice(0, 50)} of\`: it is \`1 of\` or \`all of\``);
    }
    const name = this.next();
    const test = this.selections.get(name);
    if (!test) throw new RuleFault(`has a condition with \`${name.slice(0, 50)}\`, which is no selection of it`);
    return test;
  }

  private named(pattern: string): Test[] {
    const isOf =
      pattern.toLowerCase() === 'them'
        ? (name: string) => !name.startsWith('_')
        : (name: string) => matchesStars(pattern.split('*'), name);
    const tests = [...this.selections].filter(([name]) => isOf(name)).map(([, test]) => test);
    if (tests.length > 0) return tests;
    throw new RuleFault(`has a condition with \`${pattern.slice(0, 50)}\`, of which there is no selection`);
  }

  private next(): string {
    const token = this.tokens[this.at];
    if (token === undefined || token === ')' || token === '|') throw new RuleFault('has a condition that breaks off');
    this.at += 1;
    return token;
  }

  private take(word: string): boolean {
    if (this.tokens[this.at]?.toLowerCase() !== word) return false;
    this.at += 1;
    return true;
  }
}

function matchesStars([first = '', ...rest]: string[], name: string): boolean {
  const last = rest.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    at = name.indexOf(part, at);
    if (at < 0) return false;
    at += part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
