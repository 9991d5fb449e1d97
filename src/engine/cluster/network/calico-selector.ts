import { UnknownForm } from './json-view.js';

/** Whether labels are selected; the keys are those that it asks for. */
export interface CalicoSelector {
  keys: string[];
  selects(labels: Record<string, string>): boolean;
}

/** Longer ones are nobody's; deeper ones neither. */
const MAX_LENGTH = 20_000;
const MAX_DEPTH = 100;

/**
 * Calico's selector language: https://docs.tigera.io/calico/latest/reference/resources/networkpolicy#selectors. An empty
 * one selects everything.
 *
 * @throws {UnknownForm}
 */
export function parseCalicoSelector(text: string): CalicoSelector {
  if (text.trim() === '') return { keys: [], selects: () => true };
  const parser = new Parser(tokensOf(text));
  const selects = parser.either(0);
  parser.end();
  return { keys: parser.keys, selects };
}

type Token = { kind: 'text'; value: string } | { kind: 'word' | 'sign'; value: string };
type Test = (labels: Record<string, string>) => boolean;

const TOKEN = /\s*(?:"([^"]*)"|'([^']*)'|(&&|\|\||==|!=|[!(){},])|([\w.\-/]+))/y;

function tokensOf(text: string): Token[] {
  if (text.length > MAX_LENGTH) throw new UnknownForm('expected a shorter selector');
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new UnknownForm(`expected a selector, got ${JSON.stringify(text.slice(at, at + 20))}`);
    const [, double, single, sign, word] = match;
    if (sign !== undefined) tokens.push({ kind: 'sign', value: sign });
    else if (word !== undefined) tokens.push({ kind: 'word', value: word });
    else tokens.push({ kind: 'text', value: double ?? single ?? '' });
  }
  return tokens;
}

/** `||` binds less than `&&`, and that less than `!`. */
class Parser {
  readonly keys: string[] = [];
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  end(): void {
    if (this.at < this.tokens.length) throw this.unexpected();
  }

  either(depth: number): Test {
    const tests = [this.all(depth)];
    while (this.takes('||')) tests.push(this.all(depth));
    return (labels) => tests.some((test) => test(labels));
  }

  private all(depth: number): Test {
    const tests = [this.one(depth)];
    while (this.takes('&&')) tests.push(this.one(depth));
    return (labels) => tests.every((test) => test(labels));
  }

  private one(depth: number): Test {
    if (depth > MAX_DEPTH) throw new UnknownForm('expected fewer parentheses');
    if (this.takes('!')) {
      const test = this.one(depth + 1);
      return (labels) => !test(labels);
    }
    if (this.takes('(')) {
      const test = this.either(depth + 1);
      this.want(')');
      return test;
    }
    const word = this.next('word').value;
    if (this.takes('(')) return this.call(word);
    return this.comparison(word);
  }

  private call(name: string): Test {
    if (name === 'has') {
      const key = this.key(this.next('word').value);
      this.want(')');
      return (labels) => Object.hasOwn(labels, key);
    }
    this.want(')');
    // The second is about what belongs to no namespace; of pods there is none.
    if (name === 'all') return () => true;
    if (name === 'global') return () => false;
    throw new UnknownForm(`expected all(), has() or global(), got ${name}()`);
  }

  private comparison(word: string): Test {
    const key = this.key(word);
    if (this.takes('==')) {
      const { value } = this.next('text');
      return (labels) => labelOf(labels, key) === value;
    }
    if (this.takes('!=')) {
      const { value } = this.next('text');
      return (labels) => labelOf(labels, key) !== value;
    }
    const operator = this.next('word').value;
    switch (operator) {
      case 'in':
        return this.membership(key, true);
      case 'not':
        if (this.next('word').value !== 'in') throw this.unexpected();
        return this.membership(key, false);
      case 'contains': {
        const { value } = this.next('text');
        return (labels) => labelOf(labels, key)?.includes(value) ?? false;
      }
      case 'starts':
      case 'ends': {
        if (this.next('word').value !== 'with') throw this.unexpected();
        const { value } = this.next('text');
        if (operator === 'starts') return (labels) => labelOf(labels, key)?.startsWith(value) ?? false;
        return (labels) => labelOf(labels, key)?.endsWith(value) ?? false;
      }
      default:
        throw this.unexpected();
    }
  }

  /** What has no such label is not in the list. */
  private membership(key: string, isIn: boolean): Test {
    this.want('{');
    const values = new Set<string>();
    while (!this.takes('}')) {
      values.add(this.next('text').value);
      if (!this.takes(',')) {
        this.want('}');
        break;
      }
    }
    return (labels) => {
      const value = labelOf(labels, key);
      return (value !== undefined && values.has(value)) === isIn;
    };
  }

  private key(name: string): string {
    this.keys.push(name);
    return name;
  }

  private takes(sign: string): boolean {
    const token = this.tokens[this.at];
    if (token?.kind !== 'sign' || token.value !== sign) return false;
    this.at += 1;
    return true;
  }

  private want(sign: string): void {
    if (!this.takes(sign)) throw this.unexpected();
  }

  private next(kind: Token['kind']): Token {
    const token = this.tokens[this.at];
    if (token?.kind !== kind) throw this.unexpected();
    this.at += 1;
    return token;
  }

  private unexpected(): UnknownForm {
    return new UnknownForm(`expected a selector, got ${JSON.stringify(this.tokens[this.at]?.value ?? 'its end')}`);
  }
}

function labelOf(labels: Record<string, string>, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
