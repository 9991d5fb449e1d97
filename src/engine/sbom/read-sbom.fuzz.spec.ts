import { describe, expect, it } from 'vitest';
import fc from '../../../test/support/property.js';
import { PlimsollError } from '../../model/error.js';
import { readSbom } from './read-sbom.js';
import { buildSbomInventory } from './sbom-facts.js';

const CYCLONEDX = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  metadata: {
    tools: { components: [{ name: 'syft' }] },
    component: { type: 'container', name: 'shop', components: [] },
  },
  components: [
    {
      type: 'library',
      group: '@scope',
      name: 'right',
      version: '2.0.0',
      purl: 'pkg:npm/%40scope/right@2.0.0',
      licenses: [{ license: { id: 'MIT' } }, { expression: '(MIT) AND (ISC)' }],
      evidence: { occurrences: [{ location: '/a' }] },
      components: [{ type: 'library', name: 'x', purl: 'pkg:deb/debian/x@1?distro=debian-12&upstream=y%401' }],
      properties: [
        { name: 'plimsoll:package:type', value: 'npm' },
        { name: 'plimsoll:location:0:layer', value: 'sha256:a' },
      ],
    },
    {
      type: 'operating-system',
      name: 'debian',
      version: '12',
      properties: [{ name: 'syft:distro:id', value: 'debian' }],
    },
  ],
  compositions: [{ aggregate: 'incomplete', assemblies: ['x'] }],
};
const SPDX = {
  spdxVersion: 'SPDX-2.3',
  creationInfo: { creators: ['Tool: plimsoll-1'] },
  comment: 'Incomplete: x',
  packages: [
    {
      SPDXID: 'SPDXRef-1',
      name: 'x',
      versionInfo: '1',
      licenseDeclared: '(MIT) AND (LicenseRef-1)',
      sourceInfo: 'built package from: y 1',
      comment: 'Found in:\n/a',
      externalRefs: [{ referenceType: 'purl', referenceLocator: 'pkg:rpm/rocky/x@1-1?distro=rocky-8.5&epoch=1' }],
    },
    { SPDXID: 'SPDXRef-OperatingSystem-1', name: 'rocky', versionInfo: '8.5', summary: 'Rocky' },
  ],
  hasExtractedLicensingInfos: [{ licenseId: 'LicenseRef-1', name: 'words' }],
  relationships: [
    { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: 'SPDXRef-1' },
  ],
};
const XML = `<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6"><metadata><tools><tool><name>syft</name></tool></tools></metadata>
<components><component type="library" bom-ref="x"><name>a&amp;b</name><purl><![CDATA[pkg:npm/a@1]]></purl><licenses><license><id>MIT</id></license></licenses>
<properties><property name="SrcFile">/a</property></properties></component></components></bom>`;
const TAG_VALUE = `SPDXVersion: SPDX-2.3
Creator: Tool: x
PackageName: x
SPDXID: SPDXRef-1
PackageVersion: 1
PackageComment: <text>over
lines</text>
ExternalRef: PACKAGE-MANAGER purl pkg:gem/x@1
LicenseID: LicenseRef-1
LicenseName: words
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-1
`;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNSTORABLE = /[\u0000-\u001f\u007f\p{Cs}]/u;

/** Whatever is read can be stored; whatever is not is refused with a code. */
function expectTotal(content: Buffer): void {
  try {
    const { packages, distribution, gaps } = buildSbomInventory(readSbom(content, 'bom'));
    JSON.stringify([packages, distribution, gaps], (_key, value) => {
      if (typeof value === 'string') expect(value).not.toMatch(UNSTORABLE);
      return value;
    });
    expect(packages.length + gaps.length).toBeGreaterThan(0);
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    expect(['sbom_invalid', 'limit_exceeded']).toContain(error.code);
    expect(error.message).not.toMatch(UNSTORABLE);
  }
}

/** Places of every value in a document. */
function placesOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, child]) => placesOf(child, [...path, key]))];
}

function replaced(document: unknown, [key, ...rest]: string[], value: unknown): unknown {
  if (key === undefined) return value;
  const copy = structuredClone(document) as Record<string, unknown>;
  copy[key] = replaced(copy[key], rest, value);
  return copy;
}

describe('any file', () => {
  it.each([
    ['CycloneDX', CYCLONEDX],
    ['SPDX', SPDX],
  ])('of %s is read or refused, whatever stands in any place of it', (_name, document) => {
    const places = fc.constantFrom(...placesOf(document));
    const value = fc.oneof(
      fc.jsonValue(),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'pkg:/@%?#&=+\0\ud800 ') }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(places, value), { minLength: 1, maxLength: 3 }), (changes) => {
        let changed: unknown = document;
        for (const [path, put] of changes) {
          try {
            changed = replaced(changed, path, put);
          } catch {
            // An earlier change has taken the place away.
          }
        }
        expectTotal(Buffer.from(JSON.stringify(changed)));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['CycloneDX JSON', JSON.stringify(CYCLONEDX)],
    ['SPDX JSON', JSON.stringify(SPDX)],
    ['CycloneDX XML', XML],
    ['SPDX tag-value', TAG_VALUE],
  ])('of %s is read or refused, whatever happened to its bytes', (_name, text) => {
    const bytes = Buffer.from(text);
    const at = fc.nat(bytes.length - 1);
    const change = fc.oneof(
      fc.record({ at, put: fc.uint8Array({ minLength: 1, maxLength: 4 }) }),
      fc.record({
        at,
        put: fc.constantFrom(
          ...['<', '>', '&', '"', '{', ']', '\n', ':', '<text>', '</text>', '<!--', ']]>'].map((word) =>
            Buffer.from(word),
          ),
        ),
      }),
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), fc.option(at), (changes, length) => {
        const copy = Buffer.from(bytes);
        for (const { at: place, put } of changes) copy.set(put.subarray(0, copy.length - place), place);
        expectTotal(copy.subarray(0, length ?? copy.length));
      }),
      { numRuns: 3_000 },
    );
  });
});
