import { describe, expect, it } from 'vitest';
import fc from '../../../test/support/property.js';
import { parseChallenges } from './challenge.js';

const read = (header: string) =>
  parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

describe('parseChallenges', () => {
  it.each([
    ['', []],
    ['Basic', [['basic', {}]]],
    ['Basic realm="a b, \\"c\\""', [['basic', { realm: 'a b, "c"' }]]],
    [
      'Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a/b:pull,push"',
      [
        [
          'bearer',
          { realm: 'https://auth.example/token', service: 'registry.example', scope: 'repository:a/b:pull,push' },
        ],
      ],
    ],
    [
      'bearer realm = "x" , SERVICE=y , Basic realm="z"',
      [
        ['bearer', { realm: 'x', service: 'y' }],
        ['basic', { realm: 'z' }],
      ],
    ],
    [
      'Negotiate, Basic realm=x',
      [
        ['negotiate', {}],
        ['basic', { realm: 'x' }],
      ],
    ],
    [
      'Negotiate abc/def==, Bearer realm="x"',
      [
        ['negotiate', {}],
        ['bearer', { realm: 'x' }],
      ],
    ],
    [', ,Bearer realm="x",,', [['bearer', { realm: 'x' }]]],
    ['Bearer realm="a",realm="b"', [['bearer', { realm: 'a' }]]],
    ['Bearer realm="unclosed', [['bearer', {}]]],
    ['Bearer realm=', [['bearer', {}]]],
    ['"', []],
  ])('reads %s', (header, expected) => expect(read(header)).toEqual(expected));

  it('ends for every header', () => {
    const piece = fc.constantFrom('Bearer', 'Basic', ' ', ',', '=', '"', '\\', 'realm', 'x', '/', '\t', 'é');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        for (const { scheme } of parseChallenges(pieces.join(''))) expect(scheme).not.toBe('');
      }),
      { numRuns: 2_000 },
    );
  });
});
