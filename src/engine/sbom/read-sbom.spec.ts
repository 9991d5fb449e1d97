import { describe, expect, it } from 'vitest';
import { mayBeSbom, readSbom } from './read-sbom.js';
import { buildSbomInventory } from './sbom-facts.js';

const CYCLONEDX =
  '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"a","purl":"pkg:npm/a@1"}]}';
const SPDX = JSON.stringify({
  spdxVersion: 'SPDX-2.3',
  packages: [{ name: 'a', externalRefs: [{ referenceType: 'purl', referenceLocator: 'pkg:npm/a@1' }] }],
});
const read = (content: string | Buffer) => readSbom(Buffer.from(content), 'bom');
const purls = (content: string | Buffer) => buildSbomInventory(read(content)).packages.map(({ purl }) => purl);

describe('mayBeSbom', () => {
  it.each<[string, string | Buffer, boolean]>([
    ['JSON', CYCLONEDX, true],
    ['JSON behind space and a byte order mark', `\uFEFF \n\t${CYCLONEDX}`, true],
    ['UTF-16', Buffer.from(`\uFEFF${CYCLONEDX}`, 'utf16le'), true],
    ['XML', '<?xml version="1.0"?><bom/>', true],
    ['tag-value', '# a comment\nSPDXVersion: SPDX-2.3\n', true],
    ['a list', '[1]', false],
    ['a script', '#!/bin/sh\necho SPDXVersion: x\n', false],
    ['nothing', '', false],
    ['bytes', Buffer.from([0, 1, 2, 0xff]), false],
  ])('tells by the beginning: %s', (_what, content, expected) => {
    expect(mayBeSbom(Buffer.from(content))).toBe(expected);
  });
});

describe('readSbom', () => {
  it.each(['1.2', '1.3', '1.4', '1.5', '1.6', '1.7'])('reads CycloneDX %s', (version) => {
    expect(purls(CYCLONEDX.replace('1.6', version))).toEqual(['pkg:npm/a@1']);
  });

  it.each(['SPDX-2.2', 'SPDX-2.3', 'SPDX-2.2.1'])('reads %s', (version) => {
    expect(purls(SPDX.replace('SPDX-2.3', version))).toEqual(['pkg:npm/a@1']);
  });

  it.each<[string, string | Buffer]>([
    ['with a byte order mark', `\uFEFF${SPDX}`],
    ['in UTF-16, as Windows keeps what a command prints', Buffer.from(`\uFEFF${SPDX}`, 'utf16le')],
    ['in UTF-16 of the other byte order', Buffer.from(`\uFEFF${SPDX}`, 'utf16le').swap16()],
    ['in an in-toto statement', `{"_type":"x","predicateType":"https://spdx.dev/Document","predicate":${SPDX}}`],
    [
      'as cosign attested it',
      `{"_type":"x","predicateType":"https://cyclonedx.org/bom","predicate":{"Data":${CYCLONEDX}}}`,
    ],
    ['as text in a statement', JSON.stringify({ predicateType: 'x', predicate: { Data: SPDX } })],
    [
      'in a signed envelope',
      JSON.stringify({
        payloadType: 'application/vnd.in-toto+json',
        payload: Buffer.from(`{"predicateType":"x","predicate":${SPDX}}`).toString('base64'),
        signatures: [],
      }),
    ],
    ['as GitHub answers it', `{"sbom":${SPDX}}`],
    ['as BuildKit shows it', `{"SPDX":${SPDX}}`],
  ])('reads a document %s', (_how, content) => {
    expect(purls(content)).toEqual(['pkg:npm/a@1']);
  });

  it.each<[string, string | Buffer, RegExp]>([
    ['nothing', '', /none of these by its first line/],
    ['text', 'hello', /none of these by its first line/],
    ['a list', '[]', /none of these by its first line/],
    ['other JSON', '{"name":"x"}', /JSON with neither "bomFormat" nor "spdxVersion"/],
    ['damaged JSON', '{"bomFormat":', /damaged JSON/],
    ['SPDX 3', '{"@context":"x","@graph":[]}', /JSON-LD, as SPDX 3 is/],
    ['SPDX of another version', '{"spdxVersion":"SPDX-3.0"}', /it is SPDX-3.0/],
    ['CycloneDX of another version', '{"bomFormat":"CycloneDX","specVersion":"1.1"}', /it is CycloneDX 1.1/],
    ['CycloneDX of no version', '{"bomFormat":"CycloneDX"}', /it is CycloneDX of no version/],
    ['what no database takes', '{"spdxVersion":"\\u0000\\ud800"}', /it is \ufffd?/],
    ['damaged JSON that no database takes', '{"a\0', /damaged JSON/],
    ['envelopes without end', `${'{"sbom":'.repeat(20)}${SPDX}${'}'.repeat(20)}`, /JSON with neither/],
    ['an envelope of nothing', '{"payloadType":"x","payload":"!!!"}', /JSON with neither/],
  ])('refuses %s', (_what, content, why) => {
    expect(() => read(content)).toThrow(
      expect.objectContaining({ code: 'sbom_invalid', message: expect.stringMatching(why) }),
    );
    // It is stored as the error of a scan.
    expect(() => read(content)).not.toThrow(/[\p{Cc}\p{Cs}]/u);
  });

  describe('of what was made to hurt', () => {
    it('takes components in components, however deep', () => {
      const depth = 100_000;
      const open = '{"type":"library","name":"a","purl":"pkg:npm/a@1","components":[';
      const text = `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[${open.repeat(depth)}${']}'.repeat(depth)}]}`;
      expect(purls(text)).toEqual(['pkg:npm/a@1']);
    });

    it('takes any depth of what is not looked at', () => {
      const deep = `${'['.repeat(500_000)}${']'.repeat(500_000)}`;
      const text = `{"bomFormat":"CycloneDX","specVersion":"1.6","x":${deep},"metadata":${deep},"compositions":${deep},"components":[{"licenses":${deep},"evidence":${deep},"purl":${deep}}]}`;
      expect(read(text).packages).toEqual([]);
    });

    it('takes names of the language for names', () => {
      const text = CYCLONEDX.replace(
        '"type"',
        '"__proto__":{"purl":"pkg:npm/evil@1"},"constructor":{"prototype":{}},"type"',
      );
      expect(purls(text)).toEqual(['pkg:npm/a@1']);
      expect(({} as { purl?: string }).purl).toBeUndefined();
      const xml = `<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components><component type="library"><__proto__><purl>pkg:npm/evil@1</purl></__proto__><constructor/><purl>pkg:npm/a@1</purl></component></components></bom>`;
      expect(purls(xml)).toEqual(['pkg:npm/a@1']);
    });

    it('is given up after more components than any document has', () => {
      const text = `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[${'1,'.repeat(200_000)}1]}`;
      expect(() => read(text)).toThrow(expect.objectContaining({ code: 'limit_exceeded' }));
    });

    it('is given up for more objects and lists than any document has, before they take memory', () => {
      const text = `{"bomFormat":"CycloneDX","specVersion":"1.6","x":${'['.repeat(2_000_000)}${'{},'.repeat(2_000_000)}`;
      expect(() => read(text)).toThrow(expect.objectContaining({ code: 'limit_exceeded' }));
    });

    it('takes lines without end, and texts that are not closed, in time that grows with them', () => {
      const started = performance.now();
      read(`SPDXVersion: SPDX-2.3\n${'\n'.repeat(4_000_000)}`);
      read(`SPDXVersion: SPDX-2.3\n${'PackageComment: <text>\n'.repeat(200_000)}`);
      read(`SPDXVersion: SPDX-2.3\nPackageName: ${'a'.repeat(8_000_000)}\nExternalRef: ${' '.repeat(1_000_000)}x`);
      expect(performance.now() - started).toBeLessThan(5_000);
    });
  });
});
