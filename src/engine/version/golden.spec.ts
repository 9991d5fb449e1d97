import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Order, orderOf } from '../../../test/support/version-order.js';
import type { PackageType } from '../../model/package.js';

const GOLDEN = '../shared/data/golden';

/** Lines that the reference implementation contradicts, with the answer here. */
const CONTRADICTED: Partial<Record<PackageType, Record<string, Order>>> = {
  apk: {
    // Versions that no release of apk-tools accepts. By the table's own comments the releases answer some of them in
    // opposite ways ("on latest apk these are < but on 3.x they're >"), so there is no answer here.
    '1-r-0 < 1-r0': 'none',
    '1-r-1 < 1-r0': 'none',
    '1.2.0A < 1.2.0d': 'none',
    '1.2.0D < 1.2.0d': 'none',
    '1 > 1-ruff': 'none',
    '1-r0-1 = 1-r-2': 'none',
    '1-r0-1 = 1-r0-2': 'none',
    '1-ruff2 = 1-ruff1': 'none',
    '1-ruff2 = 1--ruff1': 'none',
    '1-r0-ruff2 = 1-r0-ruff1': 'none',
    '1.2 > 1.2_blah': 'none',
    '1.2_svn1 > 1.2_csv2': 'none',
    '1.2_cvs1 > 1.2_blah': 'none',
  },
  maven: {
    // `java -jar maven-artifact-3.9.11.jar 1-1 1-ga-1` prints `1-1 > 1-ga-1`, and so does that of 4.0.0-rc-4.
    '1-1 = 1-ga-1': '>',
  },
  pypi: {
    // Legacy versions: `packaging.version.Version("0.1-bulbasaur")` raises InvalidVersion since packaging 22.
    '0.1-bulbasaur < 0.1-charmander': 'none',
    '0.1-charmander < 0.9-doduo': 'none',
    '0.9-doduo < 0.9-eevee': 'none',
    '0.9-eevee < 0.9-fearow': 'none',
    '0.9-fearow < 0.9-gyarados': 'none',
    '0.9-gyarados < 0.9-horsea': 'none',
    '0.9-horsea < 0.9-ivysaur': 'none',
    '0.9-ivysaur < 1.0': 'none',
    '-class.-jw.util.version.version-pre < 1.0': 'none',
    '-class.-jw.util.version.version-preview < 1.0': 'none',
    '-class.-jw.util.version.version-dev < 1.0': 'none',
  },
  composer: {
    // Composer normalises both to 1.0.0.0: `Semver::satisfies("1.0", "1.0.0")` is true. Only the raw strings differ.
    '1.0.0 > 1.0': '=',
    // `Semver::satisfies("dev-foo", "<1.26.0")` and `(…, ">=1.26.0")` are both false: a branch is on no side of a bound.
    'dev-foo < 1.26.0': 'none',
    '1.26.0 > dev-foo': 'none',
    // Composer refuses `#`, and by the table's own lines 1.2.3 = 1.2.3.# = 1.2.3.1, which is above 1.2.3.
    '1.2.3.# = 1.2.3': 'none',
    '1.2.3.# = 1.2.3.#': 'none',
    '1.2.3.# = 1.2.3.1': 'none',
    '1.2.3.#.1 > 1.2.3': 'none',
    '1.2.3.#.p3 > 1.2.3': 'none',
    '1.2.3.#.beta < 1.2.3': 'none',
  },
};

const there = existsSync(GOLDEN);
if (!there) console.info(`skipped: there is no ${GOLDEN}`);
describe.skipIf(!there)('the golden tables', () => {
  it.each<[string, PackageType, number]>([
    ['alpine', 'apk', 778],
    ['debian', 'deb', 30],
    ['redhat', 'rpm', 165],
    ['semver', 'npm', 86],
    ['semver', 'cargo', 86],
    ['semver', 'hex', 86],
    ['pypi', 'pypi', 37],
    ['maven', 'maven', 102],
    ['rubygems', 'gem', 25],
    ['packagist', 'composer', 95],
    ['nuget', 'nuget', 35],
    ['pub', 'pub', 100],
    ['hackage', 'hackage', 11],
    ['cran', 'cran', 21],
  ])('hold for every line of %s-versions.txt, by %s and its keys', (name, type, lines) => {
    const wrong: string[] = [];
    let held = 0;
    for (const line of readFileSync(`${GOLDEN}/${name}-versions.txt`, 'utf8').split('\n')) {
      const [, a, expected, b] = /^(\S+) ([<=>]) (\S+)$/.exec(line.trim()) ?? [];
      if (a === undefined || b === undefined) continue;
      const order = orderOf(type, a, b);
      if (order !== (CONTRADICTED[type]?.[line] ?? expected)) wrong.push(`${line}: ${order}`);
      else held++;
    }
    expect(wrong).toEqual([]);
    expect(held).toBe(lines);
  });
});
