import { PackageURL } from 'packageurl-js';
import { describe, expect, it } from 'vitest';
import fc from '../../test/support/property.js';
import { PACKAGE_TYPES, type PackageType } from '../model/package.js';
import { purlOf } from './purl.js';

const purl = (type: PackageType, name: string, version: string) =>
  purlOf({ type, name, version, source: null, architecture: null, licenses: [], module: null }, null);

describe('purlOf', () => {
  it.each<[PackageType, string, string, string | null]>([
    ['npm', 'left-pad', '1.3.0', 'pkg:npm/left-pad@1.3.0'],
    ['npm', '@Babel/core', '7.0.0-rc.1', 'pkg:npm/%40babel/core@7.0.0-rc.1'],
    ['npm', '@babel/core', '7.0.0+x', 'pkg:npm/%40babel/core@7.0.0+x'],
    ['pypi', 'Ruamel_yaml', '1!0.1', 'pkg:pypi/ruamel-yaml@1!0.1'],
    ['maven', 'org.a:b', '1', 'pkg:maven/org.a/b@1'],
    ['maven', 'b', '1', null],
    ['golang', 'github.com/a/B', 'v1.2.3', 'pkg:golang/github.com/a/B@v1.2.3'],
    ['deb', 'libc++1', '1:2~x', 'pkg:deb/libc%2B%2B1@1:2~x'],
  ])('%s %s %s is %s', (type, name, version, expected) => {
    expect(purl(type, name, version)).toBe(expected);
  });

  it('gives packages without a namespace what the specification gives them, plain or not', () => {
    const types = PACKAGE_TYPES.filter((type) => !['maven', 'golang', 'composer'].includes(type));
    const letters = fc.string({ unit: fc.constantFrom(...'abzAZ09.-_~@+%/ é'), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.constantFrom(...types), letters, letters, (type, name, version) => {
        fc.pre(!name.startsWith('@') || type !== 'npm');
        expect(purl(type, name, version)).toBe(general(type, undefined, name, version));
      }),
    );
  });

  it('gives scopes of npm what the specification gives them', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'abzAZ09.-_~+% é'), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(letters, letters, letters, (scope, name, version) => {
        expect(purl('npm', `@${scope}/${name}`, version)).toBe(general('npm', `@${scope}`, name, version));
      }),
    );
  });
});

function general(type: string, namespace: string | undefined, name: string, version: string): string | null {
  try {
    return new PackageURL(type, namespace, name, version, undefined, undefined).toString();
  } catch {
    return null;
  }
}
