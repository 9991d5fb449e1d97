import { describe, expect, it } from 'vitest';
import type { VexProduct, VexStatement, VexSubject } from '../../model/vex.js';
import { statementFor } from './applies.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;

function subject(purl: string, of: Partial<VexSubject> = {}): VexSubject {
  return {
    vulnerabilities: ['CVE-1', 'GHSA-a'],
    package: { purl, source: null },
    distribution: null,
    image: { reference: 'docker://registry.example/team/app:1.2', name: 'our-app', digests: [DIGEST] },
    ...of,
  };
}

function statement(product: string | Partial<VexProduct>, of: Partial<VexStatement> = {}): VexStatement {
  const { id, purls, ...rest } = typeof product === 'string' ? { id: product } : product;
  const known = id ?? purls?.[0] ?? '';
  return {
    vulnerabilities: ['CVE-1'],
    products: [
      { id: known, purls: purls ?? (known.startsWith('pkg:') ? [known] : []), digests: [], subcomponents: [], ...rest },
    ],
    status: 'not_affected',
    justification: 'component_not_present',
    detail: null,
    time: new Date('2024-01-01'),
    ...of,
  };
}

const applies = (product: string | Partial<VexProduct>, to: VexSubject) =>
  statementFor(to, [statement(product)]) !== null;

const DEBIAN = { id: 'debian', versionId: '12', codename: 'bookworm', prettyName: null };
const DEB = subject('pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12', {
  package: {
    purl: 'pkg:deb/debian/libssl3@3.0.11-1?arch=amd64&distro=debian-12',
    source: { name: 'openssl', version: '3.0.11-1' },
  },
  distribution: DEBIAN,
});

describe('a statement about a package', () => {
  it.each([
    ['pkg:deb/debian/libssl3@3.0.11-1', true],
    ['pkg:deb/debian/libssl3', true],
    ['pkg:deb/debian/libssl3@3.0.11-1?arch=amd64', true],
    ['pkg:deb/debian/libssl3@3.0.11-1?distro=bookworm', true],
    ['pkg:deb/debian/libssl3@3.0.11-1?distro=debian-12', true],
    ['pkg:deb/debian/openssl@3.0.11-1?arch=source', true],
    ['pkg:deb/debian/openssl@3.0.11-1', false],
    ['pkg:deb/debian/libssl3@3.0.11-1?arch=arm64', false],
    ['pkg:deb/debian/libssl3@3.0.11-1?distro=trixie', false],
    ['pkg:deb/ubuntu/libssl3@3.0.11-1', false],
    ['pkg:deb/debian/libssl3@3.0.11-2', false],
    ['pkg:deb/debian/libssl3@3.0.11-1?flavour=other', false],
    ['pkg:rpm/debian/libssl3@3.0.11-1', false],
    ['pkg:', false],
  ])('as %s: %s', (product, expected) => {
    expect(applies(product, DEB)).toBe(expected);
  });

  it.each([
    ['pkg:npm/%40a/b@1.0.0', 'pkg:npm/%40a/b@1.0.0', true],
    ['pkg:npm/b@1.0.0', 'pkg:npm/%40a/b@1.0.0', false],
    ['pkg:pypi/Flask_Login@1', 'pkg:pypi/flask-login@1', true],
    ['pkg:golang/example.com/m@v1.0.0#cmd/x', 'pkg:golang/example.com/m@v1.0.0', false],
    [
      'pkg:rpm/redhat/openssl@3.0.7-1.el9?epoch=1',
      'pkg:rpm/rhel/openssl@3.0.7-1.el9?arch=x86_64&epoch=1&distro=rhel-9.3',
      true,
    ],
    [
      'pkg:rpm/redhat/openssl@3.0.7-1.el9',
      'pkg:rpm/rhel/openssl@3.0.7-1.el9?arch=x86_64&epoch=1&distro=rhel-9.3',
      false,
    ],
    ['pkg:rpm/redhat/bash@5.1-1.el9?epoch=0', 'pkg:rpm/rhel/bash@5.1-1.el9', true],
  ])('%s is about %s: %s', (product, purl, expected) => {
    expect(applies(product, subject(purl))).toBe(expected);
  });
});

describe('a statement about an image', () => {
  const any = subject('pkg:npm/ms@2.0.0');

  it.each([
    [`pkg:oci/app@${encodeURIComponent(DIGEST)}`, true],
    [`pkg:oci/app@sha256%3A${'b'.repeat(64)}?repository_url=registry.example/team/app`, false],
    ['pkg:oci/app?repository_url=registry.example/team', true],
    ['pkg:oci/app?repository_url=registry.example/team/app&tag=1.2', true],
    ['pkg:oci/app?repository_url=registry.example/team/app&tag=1.3', false],
    ['pkg:oci/app?repository_url=registry.example/other', false],
    ['pkg:oci/app', true],
    ['pkg:oci/ap', false],
    ['pkg:docker/team/app@1.2?repository_url=registry.example', true],
    ['pkg:docker/team/app@1.2', false],
    ['docker://registry.example/team/app:1.2', true],
    ['registry.example/team/app:1.2', true],
    ['registry.example/team/app:1.3', false],
    ['our-app', true],
    [DIGEST, true],
    ['app', false],
  ])('as %s: %s', (product, expected) => {
    expect(applies(product, any)).toBe(expected);
  });

  it('is about the packages that it names, and no others', () => {
    const product = { id: 'our-app', subcomponents: ['pkg:npm/ms@2.0.0'] };
    expect(applies(product, any)).toBe(true);
    expect(applies(product, subject('pkg:npm/ms@2.1.0'))).toBe(false);
    expect(applies({ id: 'our-app', subcomponents: ['https://example.com/part'] }, any)).toBe(false);
  });

  it('is not about the same package elsewhere', () => {
    const elsewhere = { ...any, image: { reference: 'docker://other:1', name: null, digests: [] } };
    expect(applies({ id: 'our-app', subcomponents: ['pkg:npm/ms@2.0.0'] }, elsewhere)).toBe(false);
  });
});

describe('of several statements', () => {
  const purl = 'pkg:npm/ms@2.0.0';
  const at = (day: string, status: VexStatement['status']) => statement(purl, { time: new Date(day), status });

  it('the newest counts, whatever the order', () => {
    const statements = [at('2024-01-02', 'affected'), at('2024-01-01', 'not_affected'), at('2024-01-03', 'fixed')];
    for (const order of [statements, statements.toReversed()]) {
      expect(statementFor(subject(purl), order)?.status).toBe('fixed');
    }
  });

  it('of the same time the one that hides least', () => {
    const statements = [at('2024-01-01', 'not_affected'), at('2024-01-01', 'affected')];
    expect(statementFor(subject(purl), statements)?.status).toBe('affected');
  });

  it('none about another vulnerability', () => {
    expect(statementFor(subject(purl), [statement(purl, { vulnerabilities: ['CVE-2'] })])).toBeNull();
    expect(statementFor(subject(purl), [statement(purl, { vulnerabilities: ['GHSA-a'] })])).not.toBeNull();
  });
});
