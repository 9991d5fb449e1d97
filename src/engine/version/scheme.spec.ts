import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PackageType } from '../../model/package.js';
import { schemeOf } from './scheme.js';

const GOLDEN = '../shared/data/golden';

/**
 * Lines about versions that no release of apk-tools accepts. By the table's own comments the releases answer some of them
 * in opposite ways ("on latest apk these are < but on 3.x they're >"), so the answer here is that there is none.
 */
const UNORDERED = new Set([
  '1-r-0 < 1-r0',
  '1-r-1 < 1-r0',
  '1.2.0A < 1.2.0d',
  '1.2.0D < 1.2.0d',
  '1 > 1-ruff',
  '1-r0-1 = 1-r-2',
  '1-r0-1 = 1-r0-2',
  '1-ruff2 = 1-ruff1',
  '1-ruff2 = 1--ruff1',
  '1-r0-ruff2 = 1-r0-ruff1',
  '1.2 > 1.2_blah',
  '1.2_svn1 > 1.2_csv2',
  '1.2_cvs1 > 1.2_blah',
]);

const there = existsSync(GOLDEN);
if (!there) console.info(`skipped: there is no ${GOLDEN}`);
describe.skipIf(!there)('the golden tables', () => {
  it.each<[string, PackageType, number]>([
    ['debian', 'deb', 30],
    ['alpine', 'apk', 778],
    ['semver', 'npm', 86],
  ])('hold for every line of %s-versions.txt', (name, type, lines) => {
    const { compare } = schemeOf(type);
    const wrong: string[] = [];
    let held = 0;
    for (const line of readFileSync(`${GOLDEN}/${name}-versions.txt`, 'utf8').split('\n')) {
      const [, a, expected, b] = /^(\S+) ([<=>]) (\S+)$/.exec(line.trim()) ?? [];
      if (a === undefined || b === undefined) continue;
      const answer = sign(compare(a, b));
      const back = sign(compare(b, a));
      const mirrored = { '<': '>', '>': '<', '=': '=', none: 'none' }[answer];
      if (answer !== (UNORDERED.has(line) ? 'none' : expected) || back !== mirrored)
        wrong.push(`${line}: ${answer}, ${back}`);
      else held++;
    }
    expect(wrong).toEqual([]);
    expect(held).toBe(lines);
  });
});

describe.each<[PackageType, fc.Arbitrary<string>]>([
  ['deb', debVersion()],
  ['apk', apkVersion()],
  ['npm', semverVersion()],
])('the order of %s versions', (type, version) => {
  const compare = (a: string, b: string) => {
    const answer = schemeOf(type).compare(a, b);
    if (answer === null) throw new Error(`${a} and ${b} have no order`);
    return Math.sign(answer);
  };

  it('is reflexive and antisymmetric', () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(compare(a, a)).toBe(0);
        expect(compare(a, b) + compare(b, a)).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });

  it('is transitive', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const [low = '', middle = '', high = ''] = [a, b, c].sort(compare);
        expect(compare(low, middle)).toBeLessThanOrEqual(0);
        expect(compare(middle, high)).toBeLessThanOrEqual(0);
        expect(compare(low, high)).toBe(Math.min(compare(low, middle), compare(middle, high)));
      }),
      { numRuns: 3000 },
    );
  });

  it('answers a number or null for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), version, (a, b, c) => {
        for (const [left, right] of [
          [a, b],
          [a, c],
          [c, b],
        ] as const) {
          const answer = schemeOf(type).compare(left, right);
          expect(answer === null || !Number.isNaN(answer)).toBe(true);
        }
      }),
    );
  });
});

function sign(order: number | null): '<' | '=' | '>' | 'none' {
  return order === null ? 'none' : order < 0 ? '<' : order > 0 ? '>' : '=';
}

/** Few different parts, so that long common beginnings are frequent. */
function number(): fc.Arbitrary<string> {
  return fc.constantFrom('0', '1', '2', '9', '10', '00', '01', '010', '20210101', '99999999999999999999');
}

function debVersion(): fc.Arbitrary<string> {
  const part = fc
    .array(fc.oneof(number(), fc.constantFrom('~', '.', '+', 'a', 'b', 'A', 'rc', 'deb')), {
      minLength: 1,
      maxLength: 5,
    })
    .map((parts) => parts.join(''));
  const epoch = fc.constantFrom('', '0:', '1:', '10:');
  return fc
    .tuple(epoch, part, fc.option(part))
    .map(([e, upstream, revision]) => e + upstream + (revision === null ? '' : `-${revision}`));
}

function apkVersion(): fc.Arbitrary<string> {
  const suffix = fc
    .tuple(
      fc.constantFrom('_alpha', '_beta', '_pre', '_rc', '_cvs', '_svn', '_git', '_hg', '_p'),
      fc.constantFrom('', '0', '1', '10'),
    )
    .map((parts) => parts.join(''));
  return fc
    .tuple(
      fc.array(number(), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.')),
      fc.constantFrom('', '', 'a', 'b'),
      fc.array(suffix, { maxLength: 2 }).map((parts) => parts.join('')),
      fc.constantFrom('', '', '~0a', '~ff'),
      fc.constantFrom('', '', '-r0', '-r1', '-r10'),
    )
    .map((parts) => parts.join(''));
}

function semverVersion(): fc.Arbitrary<string> {
  const identifier = fc.constantFrom('0', '1', '10', 'a', 'alpha', 'B', '-', 'x-1');
  return fc
    .tuple(
      fc.constantFrom('', 'v'),
      fc.array(number(), { minLength: 3, maxLength: 3 }).map((parts) => parts.join('.')),
      fc.array(identifier, { maxLength: 3 }).map((parts) => (parts.length > 0 ? `-${parts.join('.')}` : '')),
      fc.constantFrom('', '+build', '+1.2'),
    )
    .map((parts) => parts.join(''));
}
