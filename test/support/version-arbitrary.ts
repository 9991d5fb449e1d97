import type { PackageType } from '../../src/model/package.js';
import fc from './property.js';

/** Versions that each scheme gives a key, made of few different parts, so that long common beginnings are frequent. */
export const REALISTIC: Record<PackageType, fc.Arbitrary<string>> = {
  apk: joined(
    list(number(), '.', 1, 3),
    optional('a', 'b'),
    repeated(
      joined(one('_alpha', '_beta', '_pre', '_rc', '_cvs', '_svn', '_git', '_hg', '_p'), one('', '0', '1', '10')),
      2,
    ),
    optional('~0a', '~ff', '~0'),
    optional('-r0', '-r1', '-r10'),
  ),
  deb: joined(
    optional('0:', '1:', '10:'),
    debPart(),
    fc.oneof(
      fc.constant(''),
      debPart().map((part) => `-${part}`),
    ),
  ),
  rpm: joined(
    optional('0:', '1:', '10:'),
    repeated(one('0', '1', '10', '01', '.', '..', '~', '^', 'rc', 'a', 'git', '_', '+'), 5),
    optional('-1', '-1.el9', '-2.fc40', '-1~rc1', '-10', '-'),
  ).filter((version) => version !== ''),
  alpm: joined(
    optional('0:', '1:'),
    number(),
    repeated(joined(one('', '.', '..', '_', '+'), one('0', '1', '10', 'a', 'rc', 'r')), 4),
    one('-1', '-2', '-10', '-1.1', '-'),
  ),
  npm: semantic(),
  cargo: semantic(),
  hex: semantic(),
  pypi: joined(
    optional('1!', '0!', 'v'),
    list(number(), '.', 1, 4),
    optional('a1', '.alpha', '-b_2', 'c1', 'rc.1', '_preview3', 'RC'),
    optional('.post1', '-1', 'rev2', '-r', '_post.0'),
    optional('.dev0', 'dev1', '-DEV.10'),
    optional('+a', '+1', '+a.1', '+1.a', '+A-1', '+ubuntu_10'),
  ),
  maven: joined(
    list(number(), '.', 1, 4),
    optional(
      '-alpha',
      'a1',
      '-beta-1',
      '.m2',
      '.rc1',
      '-CR.2',
      '.Final',
      '-ga.1',
      '-sp',
      '.jre8',
      '-x.1',
      '.v20230217',
    ),
    optional('-SNAPSHOT', '-1', '-1-2', '-redhat-00003', '-1.1', '-jre'),
  ),
  gem: joined(
    list(number(), '.', 1, 4),
    repeated(joined(one('.', '-'), one('a', 'b', 'rc1', 'pre', '0', '1', 'A.0', '0.0.1')), 3),
  ),
  composer: joined(
    optional('v'),
    list(one('0', '1', '2', '10', '01', '12345'), '.', 1, 4),
    optional('-alpha', 'a1', '.beta.2', '-b3.1', 'RC1', '-rc', '-patch1', 'pl2', '-p', '-stable', '-dev', '-beta2-dev'),
    optional('+build'),
  ),
  golang: fc.oneof(
    joined(
      optional('v'),
      list(one('0', '1', '2', '10'), '.', 3, 3),
      optional('-rc.1', '-0', '-alpha', '-0.20191109021931-daa7c04131f5', '-20191109021931-daa7c04131f5', '-rc.1.x'),
      optional('+incompatible'),
    ),
    joined(one('go1.20', 'go1.21.0', '1.20', 'go1.9.2'), one('rc1', 'rc10', 'beta2')),
  ),
  nuget: joined(
    list(number(), '.', 1, 4),
    optional('-a', '-A.1', '-1', '--5', '-beta.10', '-2147483648', '-rc-1', '-1.-1'),
    optional('+meta.1'),
  ),
  pub: joined(
    list(number(), '.', 3, 3),
    optional('-a', '-a.1', '-1', '--5', '-0x1f', '-beta.10'),
    optional('+1', '+a.2', '+0x10', '+-1', '+1.0'),
  ),
  hackage: list(number(), '.', 1, 5),
  cran: joined(list(number(), '.', 1, 3), optional('-1', '-0', '-10')),
};

/** Anything that looks like a version, much of which is refused. */
export const NASTY: fc.Arbitrary<string> = repeated(
  fc.oneof(
    number(),
    one('.', '-', '_', '+', '~', '^', ':', '!', '#', '*', ' ', '..', '--', 'v', 'V', 'x', 'go', '=', 'é', '💥', '\0'),
    one('a', 'b', 'm', 'p', 'r', 'rc', 'alpha', 'beta', 'pre', 'dev', 'post', 'sp', 'ga', 'final', 'SNAPSHOT', '0x1f'),
  ),
  8,
);

function semantic(): fc.Arbitrary<string> {
  return joined(
    optional('v'),
    list(number(), '.', 3, 3),
    repeated(one('0', '1', '10', 'a', 'alpha', 'B', '-', 'x-1'), 3, '.').map((text) => (text === '' ? '' : `-${text}`)),
    optional('+build', '+1.2'),
  );
}

function debPart(): fc.Arbitrary<string> {
  return fc
    .array(fc.oneof(number(), one('~', '.', '+', 'a', 'b', 'A', 'rc', 'deb')), { minLength: 1, maxLength: 5 })
    .map((parts) => parts.join(''));
}

function number(): fc.Arbitrary<string> {
  return one('0', '1', '2', '9', '10', '00', '01', '010', '20210101', '99999999999999999999');
}

function one(...texts: string[]): fc.Arbitrary<string> {
  return fc.constantFrom(...texts);
}

function optional(...texts: string[]): fc.Arbitrary<string> {
  return fc.constantFrom('', '', ...texts);
}

function joined(...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.tuple(...parts).map((texts) => texts.join(''));
}

function list(
  part: fc.Arbitrary<string>,
  separator: string,
  minLength: number,
  maxLength: number,
): fc.Arbitrary<string> {
  return fc.array(part, { minLength, maxLength }).map((texts) => texts.join(separator));
}

function repeated(part: fc.Arbitrary<string>, maxLength: number, separator = ''): fc.Arbitrary<string> {
  return list(part, separator, 0, maxLength);
}
