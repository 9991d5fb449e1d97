import { RE2JS } from 're2js';
import type { LogEvent } from './log-event.js';
import { TextPattern } from './text-pattern.js';

/** What is asked of a line, and what a cheap look at it may say no by. */
export interface Test {
  holds(event: LogEvent): boolean;
  /** Lower case; each line for which the test holds has one of them. Null: any line may do. */
  anchors: readonly string[] | null;
}

export type RuleValue = string | number | boolean | null;

/** Characters of a regular expression. */
const MAX_PATTERN = 2_000;

/** A rule, or a part of it, that is not understood: the rest of a sentence about it. */
export class RuleFault extends Error {}

/**
 * `field|modifier: values` of a detection: Sigma rules specification 2.1 and its appendix of modifiers. Without a field,
 * the values are keywords, looked for in all of a line.
 *
 * Regular expressions are RE2's, which match in linear time: what needs to look back or ahead is refused.
 *
 * @throws RuleFault for modifiers that are not known, and values that they do not go with
 */
export function detectionItem(key: string, values: readonly RuleValue[]): Test {
  const [field = '', ...modifiers] = key.split('|');
  const isAll = modifiers.includes('all');
  const isNegated = modifiers.includes('neq');
  const others = modifiers.filter((modifier) => modifier !== 'all' && modifier !== 'neq');
  const tests = values.map((value) => valueTest(field, others, value));
  const test = isAll ? every(tests) : some(tests);
  return isNegated ? not(test) : test;
}

export function every(tests: readonly Test[]): Test {
  const anchored = tests.flatMap(({ anchors }) => (anchors === null ? [] : [anchors]));
  // Any one will do: the one with the fewest and longest.
  const [best = null] = anchored.toSorted((a, b) => a.length - b.length || lengthOf(b) - lengthOf(a));
  return { holds: (event) => tests.every((test) => test.holds(event)), anchors: best };
}

export function some(tests: readonly Test[]): Test {
  const isAnchored = tests.every(({ anchors }) => anchors !== null);
  return {
    holds: (event) => tests.some((test) => test.holds(event)),
    anchors: isAnchored ? [...new Set(tests.flatMap(({ anchors }) => anchors ?? []))] : null,
  };
}

export function not(test: Test): Test {
  return { holds: (event) => !test.holds(event), anchors: null };
}

function valueTest(field: string, modifiers: readonly string[], value: RuleValue): Test {
  const [first, ...rest] = modifiers;
  switch (first) {
    case 're':
      return regexTest(field, rest, value);
    case 'exists':
      if (rest.length > 0 || typeof value !== 'boolean') throw new RuleFault('`exists` takes true or false alone');
      return { holds: (event) => event.field(field).exists === value, anchors: null };
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return numberTest(field, first, value);
    default:
      return textTest(field, modifiers, value);
  }
}

function textTest(field: string, modifiers: readonly string[], value: RuleValue): Test {
  const unknown = modifiers.find((modifier) => !['contains', 'startswith', 'endswith', 'cased'].includes(modifier));
  if (unknown !== undefined)
    throw new RuleFault(`has the modifier \`${unknown.slice(0, 50)}\`, which is not supported`);
  if (value === null) {
    if (field === '') throw new RuleFault('has a keyword without text');
    return { holds: (event) => event.field(field).values.length === 0, anchors: null };
  }
  const contains = field === '' || modifiers.includes('contains');
  const pattern = new TextPattern(
    String(value),
    modifiers.includes('cased'),
    contains || modifiers.includes('endswith'),
    contains || modifiers.includes('startswith'),
  );
  const { anchor } = pattern;
  return {
    holds: onTexts(field, (text, lower) => pattern.matches(text, lower)),
    // Numbers may be written in another way.
    anchors: anchor === null || typeof value !== 'string' ? null : [anchor],
  };
}

function regexTest(field: string, modifiers: readonly string[], value: RuleValue): Test {
  if (typeof value !== 'string' || value.length > MAX_PATTERN) {
    throw new RuleFault(`has a regular expression that is no text, or longer than ${MAX_PATTERN} characters`);
  }
  let flags = 0;
  for (const modifier of modifiers) {
    if (modifier === 'i') flags |= RE2JS.CASE_INSENSITIVE;
    else if (modifier === 'm') flags |= RE2JS.MULTILINE;
    else if (modifier === 's') flags |= RE2JS.DOTALL;
    else throw new RuleFault(`has the modifier \`${modifier.slice(0, 50)}\` behind \`re\`, which is not supported`);
  }
  let pattern: RE2JS;
  try {
    pattern = RE2JS.compile(value, flags);
  } catch (error) {
    throw new RuleFault(`has a regular expression that is not supported (${(error as Error).message.slice(0, 100)})`);
  }
  return { holds: onTexts(field, (text) => pattern.test(text)), anchors: null };
}

function numberTest(field: string, operator: 'lt' | 'lte' | 'gt' | 'gte', value: RuleValue): Test {
  if (typeof value !== 'number') throw new RuleFault(`compares with something that is no number (\`${operator}\`)`);
  const compare = {
    lt: (number: number) => number < value,
    lte: (number: number) => number <= value,
    gt: (number: number) => number > value,
    gte: (number: number) => number >= value,
  }[operator];
  const holds = (text: string) => text.trim() !== '' && !Number.isNaN(Number(text)) && compare(Number(text));
  return { holds: (event) => event.field(field).values.some(holds), anchors: null };
}

function onTexts(field: string, matches: (text: string, lower: string) => boolean): Test['holds'] {
  if (field !== '') {
    return (event) => event.field(field).values.some((text) => matches(text, text.toLowerCase()));
  }
  // In JSON a quote of the message is written with a backslash: the message is looked at by itself.
  return (event) => {
    if (matches(event.text, event.lower)) return true;
    const { message } = event;
    return message !== event.text && matches(message, message.toLowerCase());
  };
}

function lengthOf(anchors: readonly string[]): number {
  return Math.min(...anchors.map(({ length }) => length));
}
