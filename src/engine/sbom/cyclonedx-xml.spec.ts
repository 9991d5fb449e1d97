import { describe, expect, it } from 'vitest';
import { readSbom } from './read-sbom.js';
import { buildSbomInventory } from './sbom-facts.js';

const NAMESPACE = 'http://cyclonedx.org/schema/bom/1.4';
const bom = (content: string, namespace = NAMESPACE) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<bom xmlns="${namespace}" version="1">${content}</bom>`;
const read = (text: string) => readSbom(Buffer.from(text), 'bom.xml');

describe('CycloneDX XML', () => {
  it('says the same as JSON', () => {
    const xml = bom(`
      <metadata>
        <tools><tool><vendor>anchore</vendor><name>syft</name></tool></tools>
        <component type="container" bom-ref="t"><name>shop</name><components><component type="library">
          <name>inner</name><purl>pkg:npm/inner@1</purl></component></components></component>
      </metadata>
      <components>
        <component type="library" bom-ref="a&amp;b">
          <group>@scope</group><name>right</name><version>2.0.0</version>
          <supplier><name>not the name of a component</name></supplier>
          <licenses><license><id>MIT</id></license><license><name>our &lt;own&gt; words</name></license></licenses>
          <purl>pkg:npm/%40scope/right@2.0.0</purl>
          <properties><property name="syft:location:0:path"><![CDATA[/app/<x>]]></property></properties>
          <components><component type="library"><name>x</name><purl>pkg:deb/debian/libssl3@3?arch=amd64&amp;upstream=openssl</purl>
            <licenses><expression>MIT OR ISC</expression></licenses>
            <evidence><occurrences><occurrence><location>/var/lib/dpkg/status</location></occurrence></occurrences></evidence>
          </component></components>
        </component>
        <component type="operating-system"><name>debian</name><version>12</version></component>
      </components>
      <compositions><composition><aggregate>incomplete</aggregate><assemblies><assembly ref="t"/></assemblies></composition></compositions>`);
    const json = {
      bomFormat: 'CycloneDX',
      specVersion: '1.4',
      metadata: {
        tools: [{ vendor: 'anchore', name: 'syft' }],
        component: {
          type: 'container',
          'bom-ref': 't',
          name: 'shop',
          components: [{ type: 'library', name: 'inner', purl: 'pkg:npm/inner@1' }],
        },
      },
      components: [
        {
          type: 'library',
          'bom-ref': 'a&b',
          group: '@scope',
          name: 'right',
          version: '2.0.0',
          licenses: [{ license: { id: 'MIT' } }, { license: { name: 'our <own> words' } }],
          purl: 'pkg:npm/%40scope/right@2.0.0',
          properties: [{ name: 'syft:location:0:path', value: '/app/<x>' }],
          components: [
            {
              type: 'library',
              name: 'x',
              purl: 'pkg:deb/debian/libssl3@3?arch=amd64&upstream=openssl',
              licenses: [{ expression: 'MIT OR ISC' }],
              evidence: { occurrences: [{ location: '/var/lib/dpkg/status' }] },
            },
          ],
        },
        { type: 'operating-system', name: 'debian', version: '12' },
      ],
      compositions: [{ aggregate: 'incomplete', assemblies: ['t'] }],
    };
    const facts = read(xml);
    expect(facts).toEqual(readSbom(Buffer.from(JSON.stringify(json)), 'bom.json'));
    expect(buildSbomInventory(facts).packages.map(({ name, source }) => [name, source?.name])).toEqual([
      ['libssl3', 'openssl'],
      ['@scope/right', undefined],
      ['inner', undefined],
    ]);
  });

  it('is read with prefixes, comments and a byte order mark', () => {
    const text = `\uFEFF<!-- x --><b:bom xmlns:b="${NAMESPACE}"><b:components><b:component type="library"><b:name>a</b:name><b:purl> pkg:npm/a@1\n</b:purl></b:component></b:components></b:bom>`;
    expect(read(text).packages).toMatchObject([{ found: { name: 'a', version: '1' } }]);
  });

  it('knows the tools of 1.5 and later', () => {
    const deb = '<component type="library"><name>a</name><purl>pkg:deb/debian/a@1?distro=debian-12</purl></component>';
    const tools = (name: string) =>
      `<metadata><tools><components><component type="application"><name>${name}</name></component></components></tools></metadata>`;
    const gaps = (name: string) =>
      read(bom(`${tools(name)}<components>${deb}</components>`, 'http://cyclonedx.org/schema/bom/1.6')).gaps;
    expect(gaps('syft')).toEqual([]);
    expect(gaps('sbommer')).toHaveLength(1);
  });

  it.each([
    ['damaged', '<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components></bom>', 'damaged XML'],
    ['cut off', '<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components>', 'damaged XML'],
    ['with a document type', `<!DOCTYPE bom [<!ENTITY a "aaaa">]>${bom('&a;')}`, 'damaged XML|document type'],
    [
      'with a document type alone',
      `<!DOCTYPE bom SYSTEM "file:///etc/passwd"><bom xmlns="${NAMESPACE}"/>`,
      'document type',
    ],
    ['with an entity of its own', bom('<components>&secret;</components>'), 'damaged XML'],
    ['of another kind', '<html/>', 'XML of another kind, <html>'],
    ['of no namespace', '<bom/>', 'XML of another kind, <bom>'],
    ['RDF', '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', 'it is RDF'],
    ['of another version', bom('', 'http://cyclonedx.org/schema/bom/2.0'), 'CycloneDX 2.0'],
  ])('is refused where it is %s', (_what, text, why) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: 'sbom_invalid', message: expect.stringMatching(why) }),
    );
  });

  it('is refused where elements are too deep, whether they are read or not', () => {
    const nested = (name: string) => bom(`<components>${`<${name}>`.repeat(3_000)}`);
    for (const name of ['x', 'component>\n<components']) {
      expect(() => read(nested(name))).toThrow(expect.objectContaining({ code: 'limit_exceeded' }));
    }
  });
});
