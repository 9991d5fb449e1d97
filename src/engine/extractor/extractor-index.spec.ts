import { describe, expect, it } from 'vitest';
import fc from '../../../test/support/property.js';
import { EXTRACTORS, extractorOf } from '../plugins.js';

/** Parts that wanted paths are made of, and what is like them. */
const PARTS = [
  ...EXTRACTORS.flatMap(({ candidates }) => [...(candidates.endings ?? []), ...(candidates.folders ?? [])]),
  ...['node_modules/', '@scope/', 'a/', 'specifications/', 'default/', 'composer/', '.yarn/cache/', 'a-1.0', 'vendor/'],
  ...['status', 'status.d/', 'info/', 'a.list', 'updates/0001', 'a-1.0-1/desc', 'files', 'x', 'n', '.so', '/', 'É'],
];

const paths = fc
  .array(fc.constantFrom(...PARTS), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('').replace(/^\/+/, ''))
  .chain((path) => fc.constantFrom(path, path.toUpperCase(), path.slice(1), path.slice(0, -1)));

/** The first that wants it, of all of them. */
const asked = (path: string) => EXTRACTORS.find((extractor) => extractor.wants(path))?.name;

describe('ExtractorIndex', () => {
  it('finds the extractor that would be found if each were asked', () => {
    fc.assert(
      fc.property(paths, (path) => {
        expect(`${path} ${extractorOf(path)?.name}`).toBe(`${path} ${asked(path)}`);
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([
    ['', undefined],
    ['x', undefined],
    ['srv/app/index.js', undefined],
    ['a/node_modules/b/package.json', 'npm'],
    ['opt/app/LIB.JAR', 'java'],
    ['var/lib/dpkg/status', 'dpkg'],
    ['var/lib/dpkg/info/a.list', 'dpkg'],
    ['var/lib/dpkg/status.d/yarn.lock', 'lockfile'],
    ['var/lib/pacman/local/a-1/desc', 'pacman'],
    ['var/lib/pacman/local/a-1/mtree', undefined],
    ['etc/os-release', 'os-release'],
    ['var/lib/rpm/Packages', 'rpm'],
    ['lib/apk/db/installed', 'apk'],
    ['etc/passwd', 'accounts'],
  ])('gives %j to %s', (path, name) => {
    expect(extractorOf(path)?.name).toBe(name);
    expect(asked(path)).toBe(name);
  });

  it.each(EXTRACTORS.flatMap(({ name, candidates }) => (candidates.endings ?? []).map((ending) => [name, ending])))(
    '%s can tell %j by two letters',
    (_, ending) => {
      expect(ending?.length).toBeGreaterThanOrEqual(2);
    },
  );
});
