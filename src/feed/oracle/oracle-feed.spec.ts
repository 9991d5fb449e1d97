import { describe, expect, it } from 'vitest';
import { inLines, readContent } from '../../../test/support/feed-records.js';
import { oracleFeed } from './oracle-feed.js';

interface Test {
  comment: string;
  name: string;
  state: string;
}

/** An OVAL file of one definition, whose criteria name tests by their place in the list. */
function oval(criteria: string, tests: readonly Test[], id = 'ELSA-2021-9151'): string {
  const parts = (kind: string, of: (test: Test, index: number) => string) =>
    `<${kind}s>${tests.map(of).join('')}</${kind}s>`;
  return `<?xml version="1.0"?><oval_definitions xmlns="http://oval.mitre.org/XMLSchema/oval-definitions-5"><definitions>
    <definition id="oval:com.oracle.elsa:def:1" version="501" class="patch"><metadata>
      <title>\n${id}:  openssl security update (IMPORTANT)\n</title>
      <reference source="elsa" ref_id="${id}" ref_url="x"/><reference source="CVE" ref_id="CVE-2021-3449" ref_url="x"/>
      <advisory><severity>IMPORTANT</severity><issued date="2021-04-01"/><cve href="x">CVE-2021-3450</cve></advisory>
    </metadata>${criteria}</definition></definitions>
    ${parts('test', ({ comment }, i) => `<rpminfo_test id="t${i}" comment="${comment}" check="at least one"><object object_ref="o${i}"/><state state_ref="s${i}"/></rpminfo_test>`)}
    ${parts('object', ({ name }, i) => `<rpminfo_object id="o${i}"><name>${name}</name></rpminfo_object>`)}
    ${parts('state', ({ state }, i) => `<rpminfo_state id="s${i}">${state}</rpminfo_state>`)}
  </oval_definitions>`;
}

const release = (number: number): Test => ({
  comment: `Oracle Linux ${number} is installed`,
  name: 'oraclelinux-release',
  state: `<version operation="pattern match">^${number}</version>`,
});
const machine = (arch: string): Test => ({
  comment: `Oracle Linux arch is ${arch}`,
  name: 'oraclelinux-release',
  state: `<arch operation="pattern match">${arch}</arch>`,
});
const below = (name: string, evr: string): Test => ({
  comment: `${name} is earlier than ${evr}`,
  name,
  state: `<evr datatype="evr_string" operation="less than">${evr}</evr>`,
});
const signed = (name: string): Test => ({
  comment: `${name} is signed with the Oracle Linux 8 key`,
  name,
  state: '<signature_keyid operation="equals">82562ea9ad986da3</signature_keyid>',
});
const ksplice = (name: string): Test => ({
  comment: `${name} is ksplice-based`,
  name,
  state: '<release operation="pattern match">ksplice</release>',
});

const and = (...parts: string[]) => `<criteria operator="AND">${parts.join('')}</criteria>`;
const or = (...parts: string[]) => `<criteria operator="OR">${parts.join('')}</criteria>`;
const t = (index: number, comment = '') => `<criterion test_ref="t${index}" comment="${comment}"/>`;

async function linesOf(content: string): Promise<string[]> {
  const { advisories, rejected } = await readContent(oracleFeed, content, 'elsa');
  return [...advisories.flatMap(({ affected }) => inLines(affected)), ...rejected.map(({ reason }) => reason)];
}

describe('the errata of Oracle Linux', () => {
  it('are bulletins with the CVEs that they fix', async () => {
    const content = oval(and(t(0), or(and(t(1), t(2)))), [
      release(8),
      below('openssl', '1:1.1.1g-15.el8_3'),
      signed('openssl'),
    ]);
    const { advisories } = await readContent(oracleFeed, content, 'elsa');
    expect(advisories).toMatchObject([
      {
        id: 'ELSA-2021-9151',
        upstream: ['CVE-2021-3450', 'CVE-2021-3449'],
        summary: 'openssl security update (IMPORTANT)',
        severity: 'high',
        url: 'https://linux.oracle.com/errata/ELSA-2021-9151.html',
        modified: new Date('2021-04-01T00:00:00Z'),
      },
    ]);
    expect(inLines(advisories[0]?.affected ?? [])).toEqual(['Oracle Linux:8 binary openssl >=0 <1:1.1.1g-15.el8_3']);
  });

  it('keep what releases, architectures and modules have apart', async () => {
    const tests = [release(7), release(8), machine('x86_64'), machine('aarch64')];
    const fixes = [below('a', '0:1-7'), below('a', '0:1-8'), below('a', '0:1-8.4'), below('b', '0:2-1')];
    const criteria = or(
      and(t(0), and(t(2), or(and(t(4))))),
      and(
        t(1),
        and(
          t(9, 'Module nodejs:18 is enabled'),
          or(and(t(2), or(and(t(5)), and(t(7)))), and(t(3), or(and(t(6)), and(t(7))))),
        ),
      ),
    );
    expect(await linesOf(oval(criteria, [...tests, ...fixes]))).toEqual([
      'Oracle Linux:7 binary a [i386 i486 i586 i686 x86_64] >=0 <1-7',
      'Oracle Linux:8 binary a nodejs:18 [i386 i486 i586 i686 x86_64] >=0 <1-8',
      'Oracle Linux:8 binary a nodejs:18 [aarch64] >=0 <1-8.4',
      'Oracle Linux:8 binary b nodejs:18 >=0 <2-1',
    ]);
  });

  it('tell a flavour by the version to pass', async () => {
    const tests = [release(8), below('openssl', '2:1.1.1g-15.ksplice1.el8_3'), ksplice('openssl')];
    expect(await linesOf(oval(and(t(0), or(and(t(1), t(2)))), tests))).toEqual([
      'Oracle Linux:8 binary openssl >=0 <2:1.1.1g-15.ksplice1.el8_3',
    ]);
  });

  it('are read by their words where the file has no such test', async () => {
    const criteria = and(
      t(90, 'Oracle Linux 9 is installed'),
      or(and(t(91, 'gnutls is earlier than 10:3.6.16-4.el9_fips'), t(92, 'gnutls is fips patched'))),
    );
    expect(await linesOf(oval(criteria, []))).toEqual(['Oracle Linux:9 binary gnutls >=0 <10:3.6.16-4.el9_fips']);
  });

  it.each([
    ['negated criteria', `<criteria negate="true">${t(0)}</criteria>`, 'negated'],
    ['another operator', `<criteria operator="XOR">${t(0)}</criteria>`, 'XOR'],
    ['packages of no release', and(t(1)), 'which release'],
    ['a test that says nothing known', and(t(0), t(99, 'the moon is full')), 'the moon is full'],
    ['no criteria', '', 'one tree'],
    ['a version that is none', and(t(0), t(2)), 'version'],
    ['an extended definition', and(t(0), '<extend_definition definition_ref="x"/>'), 'extend_definition'],
  ])('with %s are named as not understood', async (_, criteria, reason) => {
    const tests = [release(8), below('a', '0:1-1'), below('a', 'new')];
    expect(await linesOf(oval(criteria, tests))).toEqual([expect.stringContaining(reason)]);
  });

  it('do not multiply without end', async () => {
    const some = or(...Array.from({ length: 100 }, () => t(1)));
    expect(await linesOf(oval(and(t(0), some, some, some, some), [release(8), below('a', '0:1-1')]))).toEqual([
      expect.stringContaining('too many alternatives'),
    ]);
  });

  it.each([
    '',
    '<html></html>',
    '<oval_definitions><definitions/></oval_definitions>',
    oval(and(t(0)), []).slice(0, -20),
  ])('are not in a file that is none', async (content) => {
    await expect(readContent(oracleFeed, content, 'elsa')).rejects.toMatchObject({ code: 'feed_source_invalid' });
  });
});
