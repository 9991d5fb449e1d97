import { describe, expect, it } from 'vitest';
import fc from '../../../test/support/property.js';
import { askedPackage } from './asked-package.js';

function read(purl: string): string {
  const asked = askedPackage(purl, true);
  if (asked.kind !== 'package') return asked.kind;
  const { ecosystem, name, version, source } = asked.package;
  return [ecosystem, name, version, ...(source ? [`from ${source.name} ${source.version}`] : [])].join(' ');
}

describe('askedPackage', () => {
  it.each([
    ['pkg:npm/lodash@4.17.15', 'npm lodash 4.17.15'],
    ['pkg:npm/%40angular/core@1.0.0', 'npm @angular/core 1.0.0'],
    ['pkg:npm/@angular/core@1.0.0', 'npm @angular/core 1.0.0'],
    ['pkg:pypi/Django@2.0', 'PyPI Django 2.0'],
    ['pkg:golang/github.com/gin-gonic/gin@v1.6.0', 'Go github.com/gin-gonic/gin v1.6.0'],
    ['pkg:golang/google.golang.org/genproto@v1.0.0#googleapis/api', 'Go google.golang.org/genproto v1.0.0'],
    ['pkg:golang/stdlib@1.21.0', 'Go stdlib 1.21.0'],
    [
      'pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1?type=jar',
      'Maven org.apache.logging.log4j:log4j-core 2.14.1',
    ],
    [
      'pkg:deb/debian/openssl@3.0.11-1~deb12u2?distro=debian-12',
      'Debian:12 openssl 3.0.11-1~deb12u2 from openssl 3.0.11-1~deb12u2',
    ],
    [
      'pkg:deb/debian/openssl@3.0.11-1%7Edeb12u2?distro=bookworm',
      'Debian:12 openssl 3.0.11-1~deb12u2 from openssl 3.0.11-1~deb12u2',
    ],
    [
      'pkg:deb/debian/libssl3@3.0.11-1?distro=debian-12&upstream=openssl',
      'Debian:12 libssl3 3.0.11-1 from openssl 3.0.11-1',
    ],
    [
      'pkg:deb/debian/libacl1@2.3.1-3?distro=debian-12.5&upstream=acl@2.3.1-2',
      'Debian:12 libacl1 2.3.1-3 from acl 2.3.1-2',
    ],
    ['pkg:apk/alpine/musl@1.2.4-r0?distro=3.19', 'Alpine:v3.19 musl 1.2.4-r0 from musl 1.2.4-r0'],
    ['pkg:apk/alpine/musl@1.2.4-r0?distro=alpine-3.19.1', 'Alpine:v3.19 musl 1.2.4-r0 from musl 1.2.4-r0'],
    [
      'pkg:rpm/rocky/vim-minimal@8.2.2637-20.el9?arch=x86_64&epoch=2&distro=rocky-9.3',
      'Rocky Linux:9 vim-minimal 2:8.2.2637-20.el9',
    ],
    [
      'pkg:rpm/rocky/bash@5.1.8-6.el9?distro=rocky-9&upstream=bash-5.1.8-6.el9.src.rpm',
      'Rocky Linux:9 bash 5.1.8-6.el9 from bash 5.1.8-6.el9',
    ],
    ['PKG:npm/lodash@1', 'npm lodash 1'],
    ['pkg:deb/debian/openssl@3.0.11-1', 'unmatched'],
    ['pkg:deb/slackware/openssl@3.0.11-1?distro=slackware-15', 'unmatched'],
    ['pkg:generic/thing@1', 'unmatched'],
    ['pkg:npm/lodash', 'invalid'],
    ['pkg:maven/log4j-core@2.14.1', 'invalid'],
    ['pkg:npm/@1.0.0', 'invalid'],
    ['lodash@4.17.15', 'invalid'],
    ['', 'invalid'],
    ['pkg:', 'invalid'],
    ['pkg:npm/a\u0000b@1', 'invalid'],
    [`pkg:npm/${'a'.repeat(3_000)}@1`, 'invalid'],
    ["pkg:npm/x'; DROP TABLE advisory; --@1", "npm x'; DROP TABLE advisory; -- 1"],
  ])('takes %j for %s', (purl, expected) => {
    expect(read(purl)).toBe(expected);
  });

  it('needs no version where none is asked for', () => {
    expect(askedPackage('pkg:npm/lodash', false)).toMatchObject({ kind: 'package', hasVersion: false });
    expect(askedPackage('pkg:npm/lodash@1', false)).toMatchObject({ kind: 'package', hasVersion: true });
  });

  it('says whether a source package is named, where there is one', () => {
    const named = (purl: string) => {
      const asked = askedPackage(purl, true);
      return asked.kind === 'package' && asked.isSourceNamed;
    };
    expect(named('pkg:deb/debian/libssl3@1?distro=debian-12&upstream=openssl')).toBe(true);
    expect(named('pkg:deb/debian/libssl3@1?distro=debian-12')).toBe(false);
    expect(named('pkg:npm/lodash@1')).toBe(true);
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: 'binary' }).map((text) => `pkg:deb/debian/${text}`),
        ),
        (text) => {
          const asked = askedPackage(text, true);
          if (asked.kind === 'package') expect(asked.package.purl).toBe(text);
          else expect(asked.reason).not.toBe('');
        },
      ),
    );
  });
});
