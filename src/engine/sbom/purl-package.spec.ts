import { describe, expect, it } from 'vitest';
import { readPurl } from './purl-package.js';

const read = (purl: string, names: string[] = [], version: string | null = null) => readPurl(purl, { names, version });

/** `type name version`, and the source where there is one. */
function shown(found: ReturnType<typeof readPurl>): string {
  if (typeof found === 'string') return found;
  const { type, name, version, source } = found.found;
  return [type, name, version, ...(source ? ['<', source.name, source.version] : [])].join(' ');
}

describe('readPurl', () => {
  it.each([
    // Names whole, as their ecosystem writes them.
    ['pkg:npm/%40scope/right@2.0.0', 'npm @scope/right 2.0.0'],
    ['pkg:npm/@scope/right@2.0.0', 'npm @scope/right 2.0.0'],
    ['pkg:npm/left@1.0.0?vcs_url=git%2Bhttps://x', 'npm left 1.0.0'],
    ['pkg:maven/org.acme/Lib@1.0?type=jar&classifier=sources', 'maven org.acme:Lib 1.0'],
    ['pkg:golang/github.com/BurntSushi/toml@v1.0.0#sub/pkg', 'golang github.com/BurntSushi/toml v1.0.0'],
    ['pkg:golang/stdlib@1.21.3', 'golang stdlib 1.21.3'],
    ['pkg:composer/acme/tool@v1.2.0', 'composer acme/tool v1.2.0'],
    ['pkg:nuget/Newtonsoft.Json@12.0.1', 'nuget Newtonsoft.Json 12.0.1'],
    ['PKG:PyPI/flask@1.0', 'pypi flask 1.0'],
    ['pkg:/cargo/time@0.1.0', 'cargo time 0.1.0'],
    // A distribution's: the namespace is none of the name.
    [
      'pkg:deb/debian/libstdc++6@12.2.0-14+b1?upstream=gcc-12%4012.2.0-14',
      'deb libstdc++6 12.2.0-14+b1 < gcc-12 12.2.0-14',
    ],
    ['pkg:deb/debian/libstdc%2B%2B6@12.2.0-14%2Bb1', 'deb libstdc++6 12.2.0-14+b1'],
    ['pkg:deb/debian/a@1?upstream=b+x%401+2', 'deb a 1 < b+x 1+2'],
    ['pkg:deb/debian/a@1?upstream=libstdc++', 'deb a 1 < libstdc++ 1'],
    ['pkg:apk/alpine/libcrypto3@3.3.2-r0?upstream=openssl', 'apk libcrypto3 3.3.2-r0 < openssl 3.3.2-r0'],
    ['pkg:rpm/redhat/ssl@1-2.el8?upstream=open-ssl-1.1-2.el8.src.rpm', 'rpm ssl 1-2.el8 < open-ssl 1.1-2.el8'],
    ['pkg:rpm/redhat/ssl@1-2.el8?upstream=open-ssl-1.1-2.el8.nosrc.rpm', 'rpm ssl 1-2.el8 < open-ssl 1.1-2.el8'],
    // The epoch.
    ['pkg:rpm/fedora/ssl@1.1-1?epoch=1', 'rpm ssl 1:1.1-1'],
    ['pkg:deb/ubuntu/login@4.8.1-2?epoch=1', 'deb login 1:4.8.1-2'],
    ['pkg:deb/ubuntu/login@1:4.8.1-2?epoch=1', 'deb login 1:4.8.1-2'],
    ['pkg:deb/ubuntu/login@1%3A4.8.1-2', 'deb login 1:4.8.1-2'],
    ['pkg:deb/ubuntu/login@4.8.1-2?epoch=x', 'deb login 4.8.1-2'],
    ['pkg:npm/left@1.0.0?epoch=1&upstream=x', 'npm left 1.0.0'],
    // What no package is read from.
    ['pkg:oci/alpine@sha256:abc', 'unknown_type'],
    ['pkg:generic/openssl@3.0.0', 'unknown_type'],
    ['pkg:constructor/x@1', 'unknown_type'],
    ['pkg:npm/left', 'invalid'],
    ['pkg:npm/@1', 'invalid'],
    ['pkg:npm', 'invalid'],
    ['pkg:', 'invalid'],
    ['', 'invalid'],
    ['left@1.0.0', 'invalid'],
    ['https://example.com/npm/left@1', 'invalid'],
    ['pkg:npm/%zz@1', 'invalid'],
    ['pkg://user:pass@npm/left@1', 'invalid'],
  ])('reads %s as %s', (purl, expected) => {
    expect(shown(read(purl))).toBe(expected);
  });

  it('takes the version that the document gives where the purl has none', () => {
    expect(shown(read('pkg:npm/left', [], '1.0.0'))).toBe('npm left 1.0.0');
    expect(shown(read('pkg:npm/left@1.0.0', [], '2.0.0'))).toBe('npm left 1.0.0');
    // rpm prints an epoch of 0 that is stated; a purl leaves it out.
    expect(shown(read('pkg:rpm/rocky/a@1-1', [], '0:1-1'))).toBe('rpm a 0:1-1');
    expect(shown(read('pkg:rpm/rocky/a@1-1', [], '5:1-1'))).toBe('rpm a 1-1');
  });

  it('takes the spelling of the document where the purl is in lower case, and for nothing else', () => {
    expect(shown(read('pkg:golang/github.com/burntsushi/toml@v1', ['github.com/BurntSushi/toml']))).toContain(
      'BurntSushi',
    );
    expect(shown(read('pkg:npm/jsonstream@1', ['JSONStream']))).toBe('npm JSONStream 1');
    expect(shown(read('pkg:pypi/zope-interface@5.0', ['Zope.Interface']))).toBe('pypi Zope.Interface 5.0');
    expect(shown(read('pkg:apk/alpine/libegl@1', ['mesa', 'libEGL']))).toBe('apk libEGL 1');
    expect(shown(read('pkg:npm/foo-bar@1', ['foo.bar']))).toBe('npm foo-bar 1');
    expect(shown(read('pkg:nuget/Newtonsoft.Json@1', ['NEWTONSOFT.JSON']))).toBe('nuget Newtonsoft.Json 1');
  });

  it.each([
    ['pkg:deb/debian/a@1?distro=debian-12&os_name=x&os_version=1', 'debian-12'],
    ['pkg:deb/debian/a@1?os_distro=bookworm&os_name=debian&os_version=12', 'debian-12'],
    ['pkg:deb/debian/a@1?distro_name=bookworm', 'bookworm'],
    ['pkg:deb/Debian/a@1', null],
    ['pkg:npm/a@1?distro=debian-12', null],
  ])('finds the distribution of %s: %s', (purl, distro) => {
    expect(read(purl)).toMatchObject({ distro });
  });

  it('reads the architecture and the module', () => {
    expect(read('pkg:rpm/rocky/a@1-1?arch=x86_64&rpmmod=nodejs%3A18')).toMatchObject({
      found: { architecture: 'x86_64', module: 'nodejs:18' },
      namespace: 'rocky',
    });
    expect(read('pkg:rpm/rocky/a@1-1?modularitylabel=nodejs:18')).toMatchObject({ found: { module: 'nodejs:18' } });
    expect(read('pkg:npm/a@1?arch=x')).toMatchObject({ found: { architecture: null, module: null }, namespace: null });
  });
});
