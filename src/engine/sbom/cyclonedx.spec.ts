import { describe, expect, it } from 'vitest';
import { readSbom } from './read-sbom.js';
import { buildSbomInventory } from './sbom-facts.js';

const document = (more: object) => ({ bomFormat: 'CycloneDX', specVersion: '1.6', ...more });
const read = (more: object) => readSbom(Buffer.from(JSON.stringify(document(more))), 'bom.json');
const inventory = (more: object) => buildSbomInventory(read(more));
const purls = (more: object) => inventory(more).packages.map(({ purl }) => purl);
const library = (purl: string, more: object = {}) => ({ type: 'library', name: 'x', purl, ...more });
const property = (name: string, value: string) => ({ name, value });

describe('CycloneDX', () => {
  it('is read with components in components, and with those of its subject', () => {
    expect(
      purls({
        metadata: {
          component: {
            type: 'container',
            name: 'shop',
            purl: 'pkg:oci/shop@sha256%3Aabc',
            components: [library('pkg:npm/a@1', { components: [library('pkg:npm/b@1')] })],
          },
        },
        components: [
          {
            type: 'application',
            name: 'Node.js',
            components: [library('pkg:npm/c@1', { components: [library('pkg:npm/d@1')] })],
          },
          library('pkg:npm/a@1'),
        ],
      }),
    ).toEqual(['pkg:npm/a@1', 'pkg:npm/b@1', 'pkg:npm/c@1', 'pkg:npm/d@1']);
  });

  it('tells of its subject, if that is a package', () => {
    expect(purls({ metadata: { component: library('pkg:maven/org.acme/shop@1.0') } })).toEqual([
      'pkg:maven/org.acme/shop@1.0',
    ]);
    for (const purl of ['pkg:oci/shop@sha256%3Aabc', 'pkg:npm/without-a-version', 'no purl', undefined]) {
      const component = { type: 'application', name: 'shop', version: '1', purl };
      expect(read({ metadata: { component }, components: [library('pkg:npm/a@1')] }).gaps).toEqual([]);
    }
  });

  it('has a gap for software that cannot be matched, and none for what is no software', () => {
    const { packages, gaps } = read({
      components: [
        { type: 'library', name: 'vendored', version: '1' },
        { type: 'framework', group: 'acme', name: 'frame' },
        { name: 'of no type' },
        library('pkg:npm/without-a-version'),
        { type: 'application', name: 'busybox', version: '1.36' },
        { type: 'application', name: 'package-lock.json' },
        { type: 'file', name: '/etc/passwd' },
        { type: 'file', name: 'x.so', version: '1', purl: 'pkg:generic/x.so@1' },
        { type: 'cryptographic-asset', name: 'key' },
        { type: 'data', name: 'd' },
        library('pkg:generic/openssl@3.0.0'),
        library('pkg:github/acme/tool@v1'),
      ],
    });
    expect(packages).toEqual([]);
    expect(gaps).toEqual([
      {
        code: 'component_unidentified',
        subject: 'SBOM',
        message:
          '5 components have no package URL with a version, and were not matched: "vendored 1", "acme frame", "of no type", "x", "busybox 1.36".',
      },
      {
        code: 'component_unidentified',
        subject: 'SBOM',
        message:
          '2 components are of a kind that has no advisories here, and were not matched: "pkg:generic/openssl@3.0.0", "pkg:github/acme/tool@v1".',
      },
    ]);
  });

  it('has a gap for what is no component, and for what is no list of them', () => {
    const { gaps } = read({ components: ['x', 1, null, [], library('pkg:npm/a@1', { components: {} })] });
    expect(gaps).toMatchObject([{ code: 'component_unidentified', message: expect.stringMatching(/^5 entries /) }]);
  });

  it('is not read where its components are no list', () => {
    expect(() => read({ components: {} })).toThrow(/expected CycloneDX.* but components: expected a list/);
  });

  it('has a gap where it lists nothing', () => {
    expect(inventory({}).gaps).toMatchObject([{ code: 'nothing_recognised' }]);
    expect(inventory({ components: [] }).gaps).toMatchObject([{ code: 'nothing_recognised' }]);
  });

  it.each([
    ['its subject', [{ aggregate: 'incomplete', assemblies: ['shop'] }], 1],
    ['some part', [{ aggregate: 'incomplete_first_party_only', dependencies: ['x'] }], 1],
    ['nothing in particular', [{ aggregate: 'incomplete' }], 1],
    ['vulnerabilities', [{ aggregate: 'incomplete', vulnerabilities: ['x'] }], 0],
    ['nothing', [{ aggregate: 'complete', assemblies: ['shop'] }, { aggregate: 'unknown' }, {}, 'x'], 0],
  ])('says whether it is incomplete of %s', (_what, compositions, expected) => {
    const { gaps } = read({ compositions, components: [library('pkg:npm/a@1')] });
    expect(gaps.filter(({ code }) => code === 'sbom_incomplete')).toHaveLength(expected);
  });

  describe('as tools write it', () => {
    it('Syft: the system with its properties, the source in the purl, the first of many places', () => {
      const found = inventory({
        metadata: { tools: { components: [{ type: 'application', author: 'anchore', name: 'syft' }] } },
        components: [
          {
            type: 'library',
            name: 'libssl3',
            version: '3.0.2-0ubuntu1',
            licenses: [{ license: { id: 'Apache-2.0' } }, { license: { name: 'Artistic' } }],
            purl: 'pkg:deb/ubuntu/libssl3@3.0.2-0ubuntu1?arch=amd64&distro=ubuntu-22.04&upstream=openssl',
            properties: [
              property('syft:package:type', 'deb'),
              property('syft:location:0:path', '/var/lib/dpkg/status'),
              property('syft:location:0:layerID', 'sha256:abc'),
              property('syft:location:1:path', '/usr/share/doc/libssl3/copyright'),
            ],
          },
          {
            type: 'operating-system',
            name: 'ubuntu',
            version: '22.04',
            properties: [
              property('syft:distro:id', 'ubuntu'),
              property('syft:distro:prettyName', 'Ubuntu 22.04 LTS'),
              property('syft:distro:versionCodename', 'jammy'),
              property('syft:distro:versionID', '22.04'),
            ],
          },
        ],
      });
      expect(found).toEqual({
        distribution: { id: 'ubuntu', versionId: '22.04', codename: 'jammy', prettyName: 'Ubuntu 22.04 LTS' },
        packages: [
          {
            type: 'deb',
            name: 'libssl3',
            version: '3.0.2-0ubuntu1',
            source: { name: 'openssl', version: '3.0.2-0ubuntu1' },
            architecture: 'amd64',
            licenses: ['Apache-2.0', 'Artistic'],
            module: null,
            purl: 'pkg:deb/ubuntu/libssl3@3.0.2-0ubuntu1?arch=amd64&distro=ubuntu-22.04',
            ecosystem: 'Ubuntu:22.04:LTS',
            locations: [{ path: '/var/lib/dpkg/status', layer: 'sha256:abc' }],
          },
        ],
        image: null,
        gaps: [],
      });
    });

    it('Trivy: epochs as qualifiers, the source in properties, a family for a system', () => {
      const found = inventory({
        metadata: { tools: { components: [{ type: 'application', group: 'aquasecurity', name: 'trivy' }] } },
        components: [
          {
            type: 'operating-system',
            name: 'redhat',
            version: '8.4',
            properties: [property('aquasecurity:trivy:Class', 'os-pkgs')],
          },
          library('pkg:rpm/redhat/openssl-libs@1.1.1g-15.el8_3?arch=x86_64&distro=redhat-8.4&epoch=1', {
            properties: [
              property('aquasecurity:trivy:SrcName', 'openssl'),
              property('aquasecurity:trivy:SrcVersion', '1.1.1g'),
              property('aquasecurity:trivy:SrcRelease', '15.el8_3'),
              property('aquasecurity:trivy:SrcEpoch', '1'),
            ],
          }),
          library('pkg:npm/jsonstream@1.0.0', {
            name: 'JSONStream',
            properties: [property('aquasecurity:trivy:FilePath', 'app/node_modules/JSONStream/package.json')],
          }),
          { type: 'application', name: 'Node.js', properties: [property('aquasecurity:trivy:Type', 'node-pkg')] },
        ],
      });
      expect(found.distribution).toMatchObject({ id: 'rhel', versionId: '8.4' });
      expect(
        found.packages.map(({ name, version, source, locations }) => [name, version, source, locations[0]?.path]),
      ).toEqual([
        ['JSONStream', '1.0.0', null, '/app/node_modules/JSONStream/package.json'],
        ['openssl-libs', '1:1.1.1g-15.el8_3', { name: 'openssl', version: '1:1.1.1g-15.el8_3' }, undefined],
      ]);
    });

    it('cdxgen: the distribution as a group, the epoch twice, the origin of an apk, no source of a deb', () => {
      const tools = { components: [{ name: 'trivy' }, { group: '@cyclonedx', name: 'cdxgen' }] };
      const apk = library(
        'pkg:apk/alpine/libcrypto3@3.3.2-r0?arch=x86_64&distro=alpine-3.20.3&distro_name=alpine-3.20',
        {
          group: 'alpine',
          name: 'libcrypto3',
          version: '3.3.2-r0',
          properties: [property('aquasecurity:trivy:PackageOrigin', 'openssl')],
        },
      );
      const deb = library(
        'pkg:deb/ubuntu/login@1:4.8.1-2ubuntu2?arch=amd64&distro=ubuntu-22.04&distro_name=jammy&epoch=1',
      );
      expect(inventory({ metadata: { tools }, components: [apk] })).toMatchObject({
        packages: [{ name: 'libcrypto3', source: { name: 'openssl', version: '3.3.2-r0' }, ecosystem: 'Alpine:v3.20' }],
        gaps: [],
      });
      expect(inventory({ metadata: { tools }, components: [deb] })).toMatchObject({
        packages: [{ version: '1:4.8.1-2ubuntu2', ecosystem: 'Ubuntu:22.04:LTS' }],
        gaps: [{ code: 'sbom_incomplete', message: expect.stringContaining('source package of none of its 1 system') }],
      });
    });

    it('before 1.5: tools as a list', () => {
      const components = [library('pkg:deb/debian/tzdata@1?distro=debian-12')];
      expect(
        read({ specVersion: '1.4', metadata: { tools: [{ vendor: 'anchore', name: 'syft' }] }, components }).gaps,
      ).toEqual([]);
      expect(
        read({ specVersion: '1.4', metadata: { tools: [{ vendor: 'acme', name: 'sbommer' }] }, components }).gaps,
      ).toHaveLength(1);
    });
  });

  describe('of more than one distribution', () => {
    const system = (name: string, version: string) => ({ type: 'operating-system', name, version });

    it('judges each package by its own, and says so of those whose own is not known', () => {
      const found = inventory({
        components: [
          system('ubuntu', '22.04'),
          library('pkg:deb/ubuntu/a@1?distro=ubuntu-22.04&upstream=x'),
          library('pkg:deb/debian/b@1?distro=debian-12'),
          library('pkg:rpm/rocky/c@1-1?distro=rocky-8.5'),
          library('pkg:deb/debian/d@1'),
          library('pkg:deb/e@1'),
        ],
      });
      expect(found.packages.map(({ purl, ecosystem }) => [purl, ecosystem])).toEqual([
        ['pkg:deb/debian/b@1?distro=debian-12', 'Debian:12'],
        ['pkg:deb/debian/d@1?distro=debian', null],
        ['pkg:deb/ubuntu/a@1?distro=ubuntu-22.04', 'Ubuntu:22.04:LTS'],
        ['pkg:deb/ubuntu/e@1?distro=ubuntu-22.04', 'Ubuntu:22.04:LTS'],
        ['pkg:rpm/rocky/c@1-1?distro=rocky-8.5', 'Rocky Linux:8'],
      ]);
      expect(found.gaps).toEqual([
        { code: 'distribution_unknown', subject: 'debian', message: expect.stringMatching(/^1 system packages /) },
      ]);
    });

    it('says that it took the first of two systems', () => {
      const { gaps } = read({
        components: [system('debian', '12'), system('ubuntu', '22.04'), system('debian', '12')],
      });
      expect(gaps).toMatchObject([{ code: 'sbom_incomplete', message: expect.stringContaining('ubuntu 22.04') }]);
    });

    it('says so where nothing names a distribution', () => {
      expect(inventory({ components: [library('pkg:deb/a@1?upstream=b')] }).gaps).toEqual([
        {
          code: 'distribution_unknown',
          subject: 'SBOM',
          message: '1 system packages could not be matched: the SBOM does not say of which distribution they are.',
        },
      ]);
    });
  });

  it('leaves out what a database does not take, and says so of a package', () => {
    const { packages, gaps } = read({
      components: [
        library('pkg:npm/a%00b@1'),
        library('pkg:npm/a@1%0a2'),
        library('pkg:deb/debian/a@1?distro=debian%00-12'),
        library('pkg:deb/deb%01ian/a@1'),
        library(`pkg:npm/${'n'.repeat(600)}@1`),
        library('pkg:npm/good@1', {
          licenses: [{ license: { name: 'a\u0000b' } }, { license: { name: 'L'.repeat(300) } }, { expression: 'MIT' }],
          evidence: { occurrences: [{ location: '/a\u0000' }, { location: '/a' }] },
        }),
      ],
    });
    expect(packages).toMatchObject([
      { found: { name: 'good', licenses: ['MIT'] }, locations: [{ path: '/a', layer: null }] },
    ]);
    expect(gaps).toMatchObject([{ message: expect.stringMatching(/^5 components/) }]);
  });

  it('has a gap for a name that its ecosystem does not allow', () => {
    expect(inventory({ components: [library('pkg:maven/without-a-group@1')] }).gaps).toMatchObject([
      { code: 'nothing_recognised' },
      { code: 'component_unidentified', message: expect.stringContaining('"without-a-group" 1') },
    ]);
  });
});
