import { describe, expect, it } from 'vitest';
import { readSbom } from './read-sbom.js';
import { buildSbomInventory } from './sbom-facts.js';

const read = (more: object) =>
  readSbom(
    Buffer.from(JSON.stringify({ spdxVersion: 'SPDX-2.3', SPDXID: 'SPDXRef-DOCUMENT', ...more })),
    'sbom.spdx.json',
  );
const inventory = (more: object) => buildSbomInventory(read(more));
const purlRef = (referenceLocator: string, referenceType = 'purl') => ({
  referenceCategory: 'PACKAGE-MANAGER',
  referenceType,
  referenceLocator,
});
const entry = (purl: string, more: object = {}) => ({
  SPDXID: 'SPDXRef-x',
  name: 'x',
  externalRefs: [purlRef(purl)],
  ...more,
});
const SYFT = { creationInfo: { creators: ['Organization: Anchore, Inc', 'Tool: syft-1.0.0'] } };

describe('SPDX JSON', () => {
  it('is read as Syft writes it', () => {
    const found = inventory({
      ...SYFT,
      packages: [
        {
          name: 'libssl3',
          SPDXID: 'SPDXRef-Package-deb-libssl3-4bea',
          versionInfo: '3.0.2-0ubuntu1',
          sourceInfo: 'acquired package info from DPKG DB: /var/lib/dpkg/status, /usr/share/doc/libssl3/copyright',
          licenseConcluded: 'NOASSERTION',
          licenseDeclared: 'Apache-2.0 AND LicenseRef-Artistic AND GPL-1.0-only',
          externalRefs: [
            { referenceCategory: 'SECURITY', referenceType: 'cpe23Type', referenceLocator: 'cpe:2.3:a:x' },
            purlRef('pkg:deb/ubuntu/libssl3@3.0.2-0ubuntu1?arch=amd64&distro=ubuntu-22.04&upstream=openssl'),
          ],
        },
        { name: 'root', SPDXID: 'SPDXRef-DocumentRoot-Directory', primaryPackagePurpose: 'FILE' },
      ],
      hasExtractedLicensingInfos: [
        { licenseId: 'LicenseRef-Artistic', extractedText: 'NOASSERTION', name: 'Artistic' },
      ],
      relationships: [
        {
          spdxElementId: 'SPDXRef-DOCUMENT',
          relatedSpdxElement: 'SPDXRef-DocumentRoot-Directory',
          relationshipType: 'DESCRIBES',
        },
      ],
    });
    expect(found.distribution).toMatchObject({ id: 'ubuntu', versionId: '22.04' });
    expect(found.packages).toMatchObject([
      {
        purl: 'pkg:deb/ubuntu/libssl3@3.0.2-0ubuntu1?arch=amd64&distro=ubuntu-22.04',
        source: { name: 'openssl', version: '3.0.2-0ubuntu1' },
        licenses: ['Apache-2.0', 'Artistic', 'GPL-1.0-only'],
        ecosystem: 'Ubuntu:22.04:LTS',
      },
    ]);
    expect(found.gaps).toEqual([]);
  });

  it.each([
    ['by its purpose', { primaryPackagePurpose: 'OPERATING-SYSTEM', SPDXID: 'SPDXRef-1' }],
    [
      'by its purpose, as the schema of JSON has it',
      { primaryPackagePurpose: 'OPERATING_SYSTEM', SPDXID: 'SPDXRef-1' },
    ],
    ['by its id, as SPDX 2.2 has no purposes', { SPDXID: 'SPDXRef-OperatingSystem-f0e51c84' }],
  ])('is read as Trivy writes it, with the system known %s', (_how, system) => {
    const found = inventory({
      creationInfo: { creators: ['Organization: aquasecurity', 'Tool: trivy-0.74.0'] },
      packages: [
        entry('pkg:apk/alpine/libcrypto1.1@1.1.1d-r2?arch=x86_64&distro=3.10.4', {
          name: 'libcrypto1.1',
          versionInfo: '1.1.1d-r2',
          sourceInfo: 'built package from: openssl 1.1.1d-r2',
          licenseDeclared: 'NONE',
          licenseConcluded: 'OpenSSL',
          primaryPackagePurpose: 'LIBRARY',
        }),
        entry('pkg:gem/rack@2.0.0', { sourceInfo: 'package found in: app/Gemfile.lock' }),
        { name: 'alpine', versionInfo: '3.10.4', ...system },
        { name: 'app/Gemfile.lock', SPDXID: 'SPDXRef-Application-1', primaryPackagePurpose: 'APPLICATION' },
        { name: 'alpine.tar', SPDXID: 'SPDXRef-ContainerImage-1', primaryPackagePurpose: 'CONTAINER' },
      ],
    });
    expect(found.distribution).toEqual({ id: 'alpine', versionId: '3.10.4', codename: null, prettyName: null });
    expect(found.packages).toMatchObject([
      {
        purl: 'pkg:apk/alpine/libcrypto1.1@1.1.1d-r2?arch=x86_64&distro=alpine-3.10.4',
        ecosystem: 'Alpine:v3.10',
        source: { name: 'openssl', version: '1.1.1d-r2' },
        licenses: ['OpenSSL'],
      },
      { purl: 'pkg:gem/rack@2.0.0', locations: [{ path: '/app/Gemfile.lock', layer: null }] },
    ]);
    expect(found.gaps).toEqual([]);
  });

  it('is read as Microsoft’s sbom-tool writes it, of a folder that is no package', () => {
    const found = inventory({
      spdxVersion: 'SPDX-2.2',
      packages: [
        entry('pkg:nuget/Newtonsoft.Json@12.0.1', { SPDXID: 'SPDXRef-Package-1', versionInfo: '12.0.1' }),
        entry('pkg:swid/acme/sbom.acme/shop@1.0?tag_id=2', { SPDXID: 'SPDXRef-RootPackage', versionInfo: '1.0' }),
      ],
      documentDescribes: ['SPDXRef-RootPackage'],
    });
    expect(found.packages.map(({ purl }) => purl)).toEqual(['pkg:nuget/Newtonsoft.Json@12.0.1']);
    expect(found.gaps).toEqual([]);
  });

  it.each(['purl', 'http://spdx.org/rdf/references/purl', 'https://spdx.org/rdf/terms#purl'])(
    'finds the purl where its type is %s',
    (type) => {
      expect(read({ packages: [{ name: 'a', externalRefs: [purlRef('pkg:npm/a@1', type)] }] }).packages).toHaveLength(
        1,
      );
    },
  );

  it('takes the purl of several that is of a package, and the version beside one that has none', () => {
    const packages = [
      { name: 'a', externalRefs: [purlRef('pkg:github/acme/a@1'), purlRef('no purl'), purlRef('pkg:npm/a@1')] },
      entry('pkg:npm/b', { versionInfo: '2' }),
      entry('pkg:npm/c', { versionInfo: 'NOASSERTION' }),
    ];
    const { packages: found, gaps } = read({ packages });
    expect(found.map(({ found: { name, version } }) => `${name} ${version}`)).toEqual(['a 1', 'b 2']);
    expect(gaps).toMatchObject([
      { message: expect.stringContaining('1 components have no package URL with a version') },
    ]);
  });

  it('has gaps for what cannot be matched, and for what is no package', () => {
    const { gaps } = read({
      packages: [
        { name: 'vendored', versionInfo: '1', SPDXID: 'SPDXRef-1' },
        { name: 'shop', SPDXID: 'SPDXRef-2' },
        { name: 'an image', SPDXID: 'SPDXRef-3', primaryPackagePurpose: 'CONTAINER' },
        entry('pkg:generic/x@1', { SPDXID: 'SPDXRef-4' }),
        'x',
        null,
      ],
      relationships: [
        { spdxElementId: 'SPDXRef-2', relationshipType: 'DESCRIBED_BY', relatedSpdxElement: 'SPDXRef-DOCUMENT' },
      ],
    });
    expect(gaps.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^1 components have no package URL.*"vendored 1"/),
      expect.stringMatching(/^1 components are of a kind/),
      expect.stringMatching(/^2 entries/),
    ]);
  });

  it('is not read where its packages are no list', () => {
    expect(() => read({ packages: 'x' })).toThrow(/packages: expected a list/);
  });
});

describe('SPDX tag-value', () => {
  const TEXT = `SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: shop
## PackageName: in a comment
Creator: Tool: syft-1.0.0
DocumentComment: <text>Over
PackageName: several lines</text>
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-Shop

FileName: ./x
SPDXID: SPDXRef-File
LicenseConcluded: MIT

##### Package: libssl3

PackageName: libssl3
SPDXID: SPDXRef-Package-libssl3
PackageVersion: 3.0.2-0ubuntu1
PackageDownloadLocation: NOASSERTION
PackageSourceInfo: <text>built package from: openssl 3.0.2-0ubuntu1</text>
PackageLicenseDeclared: LicenseRef-1
PrimaryPackagePurpose: LIBRARY
PackageDescription: <text>A text: with a colon,
PackageVersion: 9.9.9
</text>
Annotator: Tool: x
AnnotationComment: <text>PkgID: x</text>
ExternalRef: SECURITY cpe23Type cpe:2.3:a:x
ExternalRef: PACKAGE-MANAGER purl pkg:deb/ubuntu/libssl3@3.0.2-0ubuntu1?arch=amd64&distro=ubuntu-22.04

PackageName: shop
SPDXID: SPDXRef-Shop

PackageName: ubuntu
SPDXID: SPDXRef-OS
PackageVersion: 22.04
PrimaryPackagePurpose: OPERATING-SYSTEM

LicenseID: LicenseRef-1
ExtractedText: <text>a long
text</text>
LicenseName: our own words
LicenseComment: <text>never closed
`;

  it('says the same as JSON, whatever ends its lines', () => {
    for (const text of [TEXT, TEXT.replaceAll('\n', '\r\n'), `\uFEFF\n\n${TEXT}`]) {
      const found = buildSbomInventory(readSbom(Buffer.from(text), 'sbom.spdx'));
      expect(found).toEqual({
        distribution: { id: 'ubuntu', versionId: '22.04', codename: null, prettyName: null },
        packages: [
          {
            type: 'deb',
            name: 'libssl3',
            version: '3.0.2-0ubuntu1',
            source: { name: 'openssl', version: '3.0.2-0ubuntu1' },
            architecture: 'amd64',
            licenses: ['our own words'],
            module: null,
            purl: 'pkg:deb/ubuntu/libssl3@3.0.2-0ubuntu1?arch=amd64&distro=ubuntu-22.04',
            ecosystem: 'Ubuntu:22.04:LTS',
            locations: [],
          },
        ],
        image: null,
        gaps: [],
      });
    }
  });

  it('is refused in another version', () => {
    expect(() => readSbom(Buffer.from('SPDXVersion: SPDX-1.2\n'), 'x')).toThrow(/it is SPDX-1.2/);
  });
});
