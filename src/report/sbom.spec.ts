import { describe, expect, it } from 'vitest';
import { subjectOf } from '../../test/support/sbom-subject.js';
import type { Package } from '../model/package.js';
import { packagePurl } from './package-purl.js';
import { sbom, sbomFileName } from './sbom.js';

const LAYER = `sha256:${'a'.repeat(64)}`;
const LIBSSL: Package = {
  type: 'deb',
  name: 'libssl3',
  version: '3.0.2-0ubuntu1',
  source: { name: 'openssl', version: '3.0.2-0ubuntu1' },
  architecture: 'amd64',
  licenses: ['Apache-2.0', 'our own words'],
  module: null,
  purl: 'pkg:deb/ubuntu/libssl3@3.0.2-0ubuntu1?arch=amd64&distro=ubuntu-22.04',
  ecosystem: 'Ubuntu:22.04:LTS',
  locations: [{ path: '/var/lib/dpkg/status', layer: LAYER }],
};
const RIGHT: Package = {
  type: 'npm',
  name: '@scope/right',
  version: '2.0.0',
  source: null,
  architecture: null,
  licenses: ['MIT OR ISC', 'BSD-3-Clause'],
  module: null,
  purl: 'pkg:npm/%40scope/right@2.0.0',
  ecosystem: 'npm',
  locations: [
    { path: '/a/package.json', layer: LAYER },
    { path: '/b/package.json', layer: null },
  ],
};
const BARE: Package = {
  ...RIGHT,
  type: 'maven',
  name: 'org.acme:Lib',
  version: '1',
  purl: 'pkg:maven/org.acme/Lib@1',
  licenses: [],
  locations: [],
};
const SUBJECT = subjectOf({
  distribution: { id: 'ubuntu', versionId: '22.04', codename: 'jammy', prettyName: 'Ubuntu 22.04 LTS' },
  packages: [LIBSSL, BARE, RIGHT],
});

describe('an SBOM', () => {
  it('is written as CycloneDX', () => {
    expect(sbom(SUBJECT, 'cyclonedx')).toEqual({
      $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      serialNumber: expect.stringMatching(/^urn:uuid:[0-9a-f-]{36}$/),
      version: 1,
      metadata: {
        timestamp: '2026-01-02T03:04:05Z',
        tools: { components: [{ type: 'application', name: 'plimsoll', version: '1.2.3' }] },
        component: {
          type: 'container',
          'bom-ref': 'target',
          name: 'docker-archive:/images/shop.tar',
          version: SUBJECT.inventoryDigest,
          properties: [{ name: 'plimsoll:reference', value: 'docker-archive:/images/shop.tar' }],
        },
      },
      components: [
        {
          type: 'operating-system',
          'bom-ref': 'distribution',
          name: 'ubuntu',
          version: '22.04',
          description: 'Ubuntu 22.04 LTS',
          properties: [
            { name: 'plimsoll:distribution:id', value: 'ubuntu' },
            { name: 'plimsoll:distribution:versionId', value: '22.04' },
            { name: 'plimsoll:distribution:codename', value: 'jammy' },
          ],
        },
        {
          type: 'library',
          'bom-ref': LIBSSL.purl,
          name: 'libssl3',
          version: '3.0.2-0ubuntu1',
          licenses: [{ license: { name: 'Apache-2.0' } }, { license: { name: 'our own words' } }],
          purl: `${LIBSSL.purl}&upstream=openssl`,
          evidence: { occurrences: [{ location: '/var/lib/dpkg/status' }] },
          properties: [
            { name: 'plimsoll:package:type', value: 'deb' },
            { name: 'plimsoll:source:name', value: 'openssl' },
            { name: 'plimsoll:source:version', value: '3.0.2-0ubuntu1' },
            { name: 'plimsoll:location:0:layer', value: LAYER },
          ],
        },
        {
          type: 'library',
          'bom-ref': BARE.purl,
          group: 'org.acme',
          name: 'Lib',
          version: '1',
          purl: BARE.purl,
          properties: [{ name: 'plimsoll:package:type', value: 'maven' }],
        },
        {
          type: 'library',
          'bom-ref': RIGHT.purl,
          group: '@scope',
          name: 'right',
          version: '2.0.0',
          licenses: [{ expression: '(MIT OR ISC) AND (BSD-3-Clause)' }],
          purl: RIGHT.purl,
          evidence: { occurrences: [{ location: '/a/package.json' }, { location: '/b/package.json' }] },
          properties: [
            { name: 'plimsoll:package:type', value: 'npm' },
            { name: 'plimsoll:location:0:layer', value: LAYER },
          ],
        },
      ],
      dependencies: [{ ref: 'target', dependsOn: [LIBSSL.purl, BARE.purl, RIGHT.purl] }],
      compositions: [{ aggregate: 'complete', assemblies: ['target'] }],
    });
  });

  it('is written as SPDX', () => {
    const id = expect.stringMatching(/^SPDXRef-Package-[0-9a-f]{32}$/);
    const licence = expect.stringMatching(/^LicenseRef-[0-9a-f]{32}$/);
    const common = {
      downloadLocation: 'NOASSERTION',
      filesAnalyzed: false,
      licenseConcluded: 'NOASSERTION',
      copyrightText: 'NOASSERTION',
      primaryPackagePurpose: 'LIBRARY',
    };
    const reference = (referenceLocator: string) => [
      { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator },
    ];
    expect(sbom(SUBJECT, 'spdx')).toEqual({
      spdxVersion: 'SPDX-2.3',
      dataLicense: 'CC0-1.0',
      SPDXID: 'SPDXRef-DOCUMENT',
      name: 'docker-archive:/images/shop.tar',
      documentNamespace: expect.stringMatching(/^urn:uuid:[0-9a-f-]{36}$/),
      creationInfo: { created: '2026-01-02T03:04:05Z', creators: ['Tool: plimsoll-1.2.3'] },
      documentDescribes: ['SPDXRef-Target'],
      packages: [
        {
          SPDXID: 'SPDXRef-Target',
          name: 'docker-archive:/images/shop.tar',
          versionInfo: SUBJECT.inventoryDigest,
          downloadLocation: 'NOASSERTION',
          filesAnalyzed: false,
          primaryPackagePurpose: 'CONTAINER',
        },
        {
          SPDXID: 'SPDXRef-OperatingSystem',
          name: 'ubuntu',
          versionInfo: '22.04',
          summary: 'Ubuntu 22.04 LTS',
          downloadLocation: 'NOASSERTION',
          filesAnalyzed: false,
          primaryPackagePurpose: 'OPERATING_SYSTEM',
        },
        {
          ...common,
          SPDXID: id,
          name: 'libssl3',
          versionInfo: '3.0.2-0ubuntu1',
          licenseDeclared: expect.stringMatching(/^\(Apache-2\.0\) AND \(LicenseRef-[0-9a-f]{32}\)$/),
          sourceInfo: 'built package from: openssl 3.0.2-0ubuntu1',
          comment: 'Found in:\n/var/lib/dpkg/status',
          externalRefs: reference(`${LIBSSL.purl}&upstream=openssl`),
        },
        {
          ...common,
          SPDXID: id,
          name: 'org.acme:Lib',
          versionInfo: '1',
          licenseDeclared: 'NOASSERTION',
          externalRefs: reference(BARE.purl),
        },
        {
          ...common,
          SPDXID: id,
          name: '@scope/right',
          versionInfo: '2.0.0',
          licenseDeclared: '(MIT OR ISC) AND (BSD-3-Clause)',
          comment: 'Found in:\n/a/package.json\n/b/package.json',
          externalRefs: reference(RIGHT.purl),
        },
      ],
      hasExtractedLicensingInfos: [{ licenseId: licence, name: 'our own words', extractedText: 'our own words' }],
      relationships: [
        { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: 'SPDXRef-Target' },
        {
          spdxElementId: 'SPDXRef-Target',
          relationshipType: 'CONTAINS',
          relatedSpdxElement: 'SPDXRef-OperatingSystem',
        },
        { spdxElementId: 'SPDXRef-Target', relationshipType: 'CONTAINS', relatedSpdxElement: id },
        { spdxElementId: 'SPDXRef-Target', relationshipType: 'CONTAINS', relatedSpdxElement: id },
        { spdxElementId: 'SPDXRef-Target', relationshipType: 'CONTAINS', relatedSpdxElement: id },
      ],
    });
  });

  it('says why it may not be complete', () => {
    const subject = {
      ...SUBJECT,
      gaps: [{ code: 'layer_missing' as const, subject: 'x', message: 'A layer is missing.' }],
    };
    expect(sbom(subject, 'cyclonedx')).toMatchObject({
      metadata: { properties: [{ name: 'plimsoll:gap', value: 'layer_missing: A layer is missing.' }] },
      compositions: [{ aggregate: 'incomplete' }],
    });
    expect(sbom(subject, 'spdx')).toMatchObject({
      comment: 'Incomplete: the target could not be examined as a whole.\nlayer_missing: A layer is missing.',
    });
  });

  it.each([
    ['shop', 'shop.cdx.json'],
    ['docker://docker.io/library/alpine:3.20', 'alpine-3.20.cdx.json'],
    ['docker-archive:/images/shop.tar', 'shop.cdx.json'],
    ['docker-archive:/images/shop.tar.gz:web:1.2', 'shop-web-1.2.cdx.json'],
    ['rootfs:/srv/root/', 'root.cdx.json'],
    ['Übung "1"\r\nX: y', 'bung-1-X-y.cdx.json'],
    ['../..', 'target.cdx.json'],
    ['ß', 'target.cdx.json'],
    ['x'.repeat(300), `${'x'.repeat(100)}.cdx.json`],
  ])('of %j is kept as %s', (name, expected) => {
    const subject = { ...SUBJECT, target: { reference: 'docker://x', name } };
    expect(sbomFileName(subject, 'cyclonedx')).toBe(expected);
    expect(sbomFileName(subject, 'spdx')).toBe(expected.replace('.cdx.', '.spdx.'));
  });
});

describe('a purl in an SBOM', () => {
  it.each<[Partial<Package>, string]>([
    [{ source: null }, ''],
    [{ source: { name: 'libssl3', version: '3.0.2-0ubuntu1' } }, ''],
    [{ source: { name: 'openssl', version: '3.0.2-0ubuntu1' } }, '&upstream=openssl'],
    [{ source: { name: 'libssl3', version: '3.0.1' } }, '&upstream=libssl3%403.0.1'],
    [{ source: { name: 'gcc+', version: '1:2~3' } }, '&upstream=gcc%2B%401%3A2~3'],
    [{ type: 'rpm', source: { name: 'openssl', version: '3-1.el8' } }, '&upstream=openssl-3-1.el8.src.rpm'],
  ])('names the source of %j as %j', (more, expected) => {
    expect(packagePurl({ ...LIBSSL, ...more })).toBe(`${LIBSSL.purl}${expected}`);
  });

  it('names the source also where the purl has no qualifiers', () => {
    expect(packagePurl({ ...LIBSSL, purl: 'pkg:deb/libssl3@1' })).toBe('pkg:deb/libssl3@1?upstream=openssl');
  });
});
