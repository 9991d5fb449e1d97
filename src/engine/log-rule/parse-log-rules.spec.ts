import { describe, expect, it } from 'vitest';
import fc from '../../../test/support/property.js';
import { LogMatcher } from './log-matcher.js';
import { parseLogRules } from './parse-log-rules.js';

const ruleOf = (detection: string, more = '') =>
  `title: T\nname: t\nlogsource: { product: linux }\n${more}detection:\n${detection
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')}\n`;

/** Whether a rule of this detection matches a line. */
function matches(detection: string, line: string): boolean {
  const { rules, errors } = parseLogRules(ruleOf(detection));
  expect(errors).toEqual([]);
  return new LogMatcher(rules).match([{ text: line, at: null }]).length > 0;
}

function errorOf(text: string): { line: number | null; message: string } | undefined {
  const { rules, errors } = parseLogRules(text);
  expect(rules).toEqual([]);
  expect(errors.length).toBeLessThanOrEqual(1);
  return errors[0];
}

describe('a Sigma rule', () => {
  it.each<[detection: string, line: string, matches: boolean]>([
    // Keywords are looked for anywhere, in any case.
    ["k: ['Failed Password']\ncondition: k", 'sshd: failed password for root', true],
    ["k: ['Failed Password']\ncondition: k", 'sshd: accepted password', false],
    ['k: [a, b]\ncondition: k', 'xbx', true],
    ["k:\n  '|all': [aaa, bbb]\ncondition: k", 'bbb aaa', true],
    ["k:\n  '|all': [aaa, bbb]\ncondition: k", 'bbb', false],
    ["k:\n  '|all|cased': [Aaa, Bbb]\ncondition: k", 'Bbb aaa', false],
    ['k: [404]\ncondition: k', 'GET / 404', true],
    // Wildcards, and what takes them away.
    ["k: ['user * failed']\ncondition: k", 'user bob failed now', true],
    ["k: ['user ? failed']\ncondition: k", 'user bob failed', false],
    ["k: ['user ??? failed']\ncondition: k", 'user bob failed', true],
    [`k: ['50\\* off']\ncondition: k`, '50 times off', false],
    [`k: ['50\\* off']\ncondition: k`, '50* off', true],
    [`k: ['C:\\\\*\\x']\ncondition: k`, String.raw`C:\dir\x`, true],
    [`k: ['a\\b']\ncondition: k`, String.raw`a\b`, true],
    // Fields of JSON.
    ['s: { level: error }\ncondition: s', '{"level":"ERROR","msg":"x"}', true],
    ['s: { level: error }\ncondition: s', '{"level":"errors"}', false],
    ['s: { level: error }\ncondition: s', 'level error', false],
    ['s: { http.status: 500 }\ncondition: s', '{"http":{"status":500}}', true],
    ['s: { http.status: 500 }\ncondition: s', '{"http.status":"500"}', true],
    ['s: { tags: b }\ncondition: s', '{"tags":["a","b"]}', true],
    ["s: { msg|contains: 'two' }\ncondition: s", '{"msg":"one two three"}', true],
    ["s: { msg|startswith: 'two' }\ncondition: s", '{"msg":"one two"}', false],
    ["s: { msg|endswith: 'TWO' }\ncondition: s", '{"msg":"one two"}', true],
    ["s: { msg|endswith|cased: 'TWO' }\ncondition: s", '{"msg":"one two"}', false],
    ['s: { msg|contains|all: [one, two] }\ncondition: s', '{"msg":"two one"}', true],
    ['s: { msg|contains|all: [one, two] }\ncondition: s', '{"msg":"two"}', false],
    ["s: { path|contains: 'a/b' }\ncondition: s", String.raw`{"path":"x\/a\/b"}`, true],
    ['s: { message|contains: \'say "no"\' }\ncondition: s', String.raw`{"message":"they say \"no\" again"}`, true],
    ['k: [\'say "no"\']\ncondition: k', String.raw`{"message":"they say \"no\" again"}`, true],
    ["s: { message|contains: 'plain' }\ncondition: s", 'a plain line', true],
    ["s: { user: '' }\ncondition: s", '{"user":""}', true],
    ['s: { user: null }\ncondition: s', '{"other":1}', true],
    ['s: { user: null }\ncondition: s', '{"user":"x"}', false],
    ['s: { user|exists: true }\ncondition: s', '{"user":null}', true],
    ['s: { user|exists: false }\ncondition: s', '{"user":null}', false],
    ['s: { n|gte: 5 }\ncondition: s', '{"n":5}', true],
    ['s: { n|lt: 5 }\ncondition: s', '{"n":5}', false],
    ['s: { n|gt: 5 }\ncondition: s', '{"n":"x"}', false],
    ['s: { user|neq: root }\ncondition: s', '{"user":"bob"}', true],
    ['s: { user|neq: root }\ncondition: s', '{"user":"root"}', false],
    ['s: { ok: true }\ncondition: s', '{"ok":true}', true],
    ['s: { constructor: x }\ncondition: s', '{"a":1}', false],
    // Both fields; one of several maps.
    ['s: { a: 1, b: 2 }\ncondition: s', '{"a":1,"b":3}', false],
    ['s: [{ a: 1 }, { b: 2 }]\ncondition: s', '{"a":0,"b":2}', true],
    // Regular expressions.
    ["s:\n  '|re': 'user [a-z]+ (failed|refused)$'\ncondition: s", 'user bob refused', true],
    ["s:\n  '|re': 'user BOB'\ncondition: s", 'user bob', false],
    ["s:\n  '|re|i': 'user BOB'\ncondition: s", 'user bob', true],
    ["s:\n  '|re': '(a+)+$'\ncondition: s", `${'a'.repeat(16_000)}b`, false],
    // Conditions.
    ['a: [aaa]\nb: [bbb]\ncondition: a and not b', 'aaa bbb', false],
    ['a: [aaa]\nb: [bbb]\ncondition: a and not b', 'aaa', true],
    ['a: [aaa]\nb: [bbb]\nc: [ccc]\ncondition: a or b and c', 'aaa', true],
    ['a: [aaa]\nb: [bbb]\nc: [ccc]\ncondition: (a or b) and c', 'aaa', false],
    ['a: [aaa]\nb: [bbb]\ncondition: not a and not b', 'ccc', true],
    ['a: [aaa]\ncondition: not not a', 'aaa', true],
    ['sel_a: [aaa]\nsel_b: [bbb]\nx: [xxx]\ncondition: all of sel_*', 'aaa bbb', true],
    ['sel_a: [aaa]\nsel_b: [bbb]\nx: [xxx]\ncondition: all of sel_*', 'aaa xxx', false],
    ['sel_a: [aaa]\nsel_b: [bbb]\nx: [xxx]\ncondition: 1 of *_b', 'bbb', true],
    ['a: [aaa]\n_b: [bbb]\ncondition: 1 of them', 'bbb', false],
    ['a: [aaa]\nb: [bbb]\ncondition: ALL of them AND NOT 1 OF b*', 'aaa bbb', false],
    ['a: [aaa]\nb: [bbb]\ncondition: [a, b]', 'bbb', true],
  ])('%j of %j: %s', (detection, line, expected) => {
    expect(matches(detection, line)).toBe(expected);
  });

  it.each<[what: string, text: string, line: number | null, message: RegExp]>([
    ['is no YAML', 'title: [', 1, /No YAML/],
    ['has no title', 'logsource: {}\ndetection: { condition: a }\n', 1, /title/],
    ['has a level of its own', ruleOf('k: [a]\ncondition: k', 'level: dire\n'), 4, /level/],
    ['has no condition', ruleOf('k: [a]'), 4, /condition/],
    ['has a modifier that is not known', ruleOf('s: { a|base64offset: x }\ncondition: s'), 5, /base64offset/],
    ['needs to look ahead', ruleOf("s: { a|re: '(?=x)y' }\ncondition: s"), 5, /regular expression/],
    ['repeats without end', ruleOf("s: { a|re: '((x{1000}){1000}){1000}' }\ncondition: s"), 5, /regular expression/],
    ['has a condition that is none', ruleOf('k: [a]\ncondition: k and'), 6, /breaks off/],
    ['has a parenthesis too many', ruleOf('k: [a]\ncondition: k)'), 6, /should end/],
    ['has parentheses without end', ruleOf(`k: [a]\ncondition: ${'('.repeat(2_000)}k`), 6, /too many parentheses/],
    ['calls a selection that is not there', ruleOf('k: [a]\ncondition: k or z'), 6, /`z`/],
    ['counts as Sigma did before', ruleOf('k: [a]\ncondition: k | count() > 5'), 6, /correlation/],
    ['has an empty selection', ruleOf('k: []\ncondition: k'), 5, /empty/],
    ['has an empty map', ruleOf('k: {}\ncondition: k'), 5, /empty/],
    ['has lists within lists', ruleOf('k: [[a]]\ncondition: k'), 5, /neither/],
    [
      'is for another product',
      'title: W\nlogsource: { product: windows }\ndetection: { k: [a], condition: k }\n',
      1,
      /windows/,
    ],
    ['has aliases', 'title: &a T\nlogsource: {}\ndetection: { k: [*a], condition: k }\n', 1, /aliases/],
    ['is a list', '- a\n', 1, /another form/],
    [
      'counts what is not there',
      'title: C\ncorrelation: { type: event_count, rules: [x], timespan: 1m, condition: { gte: 2 } }\n',
      1,
      /"x"/,
    ],
    [
      'groups by what a log has not',
      'title: C\ncorrelation: { type: event_count, rules: [x], group-by: [user], timespan: 1m, condition: { gte: 2 } }\n',
      2,
      /group-by/,
    ],
  ])('that %s is left out, and told of', (_what, text, line, message) => {
    const error = errorOf(text);
    expect(error?.message).toMatch(message);
    expect(error?.line).toBe(line);
  });

  it('that is not understood takes no other with it', () => {
    const { rules, errors } = parseLogRules(`${ruleOf('k: [a]\ncondition: z')}---\n${ruleOf('k: [a]\ncondition: k')}`);
    expect([rules.length, errors.length]).toEqual([1, 1]);
  });

  it('has the severity of its level', () => {
    const levels = ['informational', 'low', 'medium', 'high', 'critical'].map((level) => `level: ${level}\n`);
    const text = ['', ...levels].map((level) => ruleOf('k: [a]\ncondition: k', level)).join('---\n');
    const severities = parseLogRules(text).rules.map(({ severity }) => severity);
    expect(severities).toEqual(['unknown', 'low', 'low', 'medium', 'high', 'critical']);
  });

  it('is called by its name, its id, or its title', () => {
    const named = (more: string) =>
      parseLogRules(`title: Two Words\n${more}logsource: {}\ndetection: { k: [a], condition: k }`);
    expect(['name: n\nid: i\n', 'id: i\n', ''].map((more) => named(more).rules[0]?.id)).toEqual([
      'n',
      'i',
      'two-words',
    ]);
  });
});

describe('a correlation', () => {
  const counted = (generate: boolean, timespan = '1m') =>
    parseLogRules(
      `${ruleOf('k: [oops]\ncondition: k')}---\ntitle: Many\nname: many\nlevel: high\ncorrelation:\n  type: event_count\n  rules: [t]\n  group-by: [container.id]\n  timespan: ${timespan}\n  condition: { gte: 3 }\n  generate: ${generate}\n`,
    ).rules;
  const at = (...seconds: (number | null)[]) =>
    seconds.map((second) => ({ text: 'oops', at: second === null ? null : second * 1_000 }));

  it.each<[(number | null)[], string[]]>([
    [[1, 2], []],
    [[1, 30, 61], ['many']],
    [[1, 30, 62], []],
    [[1, 100, 130, 150], ['many']],
    [[null, null, null], ['many']],
  ])('finds three lines of a minute in %j: %j', (seconds, ids) => {
    const hits = new LogMatcher(counted(false)).match(at(...seconds));
    expect(hits.map(({ rule }) => rule.id)).toEqual(ids);
    if (ids.length > 0) expect(hits[0]?.count).toBe(seconds.length);
  });

  it('leaves single lines to the rule that it counts, where it says so', () => {
    expect(new LogMatcher(counted(true)).match(at(1, 2)).map(({ rule }) => rule.id)).toEqual(['t']);
    expect(new LogMatcher(counted(true, '1h')).match(at(1, 2, 900)).map(({ rule }) => rule.id)).toEqual(['t', 'many']);
  });
});

describe('parseLogRules', () => {
  it('is total', () => {
    const line = fc.constantFrom(
      'title: a',
      'detection:',
      '  k: [a]',
      '  condition: k',
      '---',
      'logsource: {}',
      '? x',
      '- y',
      '&a',
      '*a',
      '{',
      '!!x y',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string()), { maxLength: 12 }), (lines) => {
        const { rules, errors } = parseLogRules(lines.join('\n'));
        new LogMatcher(rules).match([{ text: 'a line', at: null }]);
        for (const { message } of errors) expect(message).toMatch(/\.$/);
      }),
    );
    expect(parseLogRules('x'.repeat(2_000_000)).errors).toHaveLength(1);
    expect(parseLogRules('['.repeat(100_000)).rules).toEqual([]);
  });

  it('finds with a cheap look no less than without', () => {
    const word = fc.constantFrom('Failed', 'password*', 'us?r', 'a/b', '"q"', String.raw`\\`, 'é', ' ', '{', '5');
    const value = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '));
    const text = fc.array(fc.constantFrom('failed', 'PASSWORDS', 'user', 'a/b', '"q"', '\\', 'É', '{', '5', 'x'), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 3 }), text, fc.boolean(), (values, words, isJson) => {
        const { rules } = parseLogRules(ruleOf(`k: ${JSON.stringify(values)}\ncondition: k`));
        const [rule] = rules;
        if (!rule) throw new Error('no rule');
        const line = isJson ? JSON.stringify({ message: words.join(' ') }) : words.join(' ');
        const plain = new LogMatcher([{ ...rule, test: { ...rule.test, anchors: null } }]);
        const lines = [{ text: line, at: null }];
        expect(new LogMatcher(rules).match(lines).length).toBe(plain.match(lines).length);
      }),
    );
  });
});
