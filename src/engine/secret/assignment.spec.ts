import { describe, expect, it } from 'vitest';
import fc from '../../../test/support/property.js';
import { Assignment } from './assignment.js';
import { assignment } from './rule-shape.js';

const WORD = 'key';
const vendor = assignment(WORD, '[a-z0-9=_-]{12}').pattern;
const quoted = assignment(WORD, '"[a-z0-9=_-]{8,20}"', {}).pattern;
const generic = assignment(WORD, String.raw`[\w.=-]{10,150}|[a-z0-9][a-z0-9+/]{11,}={0,3}`, {
  isGeneric: true,
}).pattern;

/** What may follow a word, and what may not. */
const part = fc.constantFrom(
  ...[
    ' ',
    '\t',
    '\n',
    '"',
    "'",
    '`',
    '=',
    '==',
    ':',
    '::',
    '>',
    '|',
    '||',
    '?',
    ',',
    '_',
    '.',
    '-',
    ';',
    '(',
    '\\n',
    '\\',
  ],
  ...['a', 'B', '7', '/', '+', 'name', 'longer-name', 'abcdefghij', 'abcdef0123456789', '123456789012', '\u00e9'],
);
const text = fc.array(part, { maxLength: 12 }).map((parts) => `${WORD}${parts.join('')}`);

function look(content: string): Assignment {
  return new Assignment(Buffer.concat([Buffer.from(content, 'latin1'), Buffer.alloc(8)]));
}

describe('a look for an assignment', () => {
  it.each([
    ['a vendor’s', vendor, 12],
    ['a quoted', quoted, 8],
  ])('passes over no value that %s rule takes', (_what, pattern, shortest) => {
    fc.assert(
      fc.property(text, (content) => {
        pattern.lastIndex = 0;
        if (!pattern.test(content)) return;
        const assigned = look(content);
        expect(assigned.follows(WORD.length, 0)).toBe(true);
        expect(assigned.hasLength(shortest)).toBe('maybe');
      }),
      { numRuns: 20_000 },
    );
  });

  it('passes over no value that the generic rule takes, but for names, whose end it knows', () => {
    fc.assert(
      fc.property(text, (content) => {
        generic.lastIndex = 0;
        const match = generic.exec(content);
        const assigned = look(content);
        const verdict = assigned.follows(WORD.length, 0) ? assigned.generic(content.length) : 'no';
        if (verdict === 'maybe') return;
        if (verdict === 'no') expect(match).toBeNull();
        else {
          expect(match?.[1]).toMatch(/^[a-zA-Z_.-]+$/);
          expect(match?.[0].length).toBe(verdict);
        }
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([
    ['key', false],
    ['key()', false],
    ['key of a house', false],
    ['key = "v', true],
    ['key_of_a_house: v', true],
    ['key of a house that is far: v', false],
    ['key" => v', true],
    ['key :: v', false],
    ['key ::= v', true],
    ['key ? v', false],
    ['key ?= v', true],
    ['key | v', false],
    ['key || v', true],
    ['key, v', true],
  ])('after %s says %s', (content, follows) => {
    expect(look(content).follows(WORD.length, 0)).toBe(follows);
  });
});
