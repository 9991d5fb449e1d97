import { describe, expect, it } from 'vitest';
import { inLines, readContent } from '../../../test/support/feed-records.js';
import { suseFeed } from './suse-feed.js';
import { ecosystemOfProduct } from './suse-product.js';

const STATES = {
  below:
    '<arch operation="pattern match">(aarch64|ppc64le|s390x|x86_64)</arch><evr operation="less than">0:1.2-150.3.1</evr>',
  belowByNumber: '<evr operation="6">0:1.2-150.3.1</evr>',
  everyVersion: '<evr operation="greater than">0:0-0</evr>',
  noVersion: '<version operation="equals">0</version>',
  odd: '<evr operation="equals">0:1-1</evr>',
};

/** One definition, for SLES 15 SP5 unless told, with a test for each package. */
function oval(
  packages: readonly [name: string, state: keyof typeof STATES][],
  product = 'SUSE Linux Enterprise Server 15 SP5',
) {
  const criteria = packages.map(([name], i) => `<criterion test_ref="t${i}" comment="${name}-1 is installed"/>`);
  return `<oval_definitions><definitions><definition id="d" class="vulnerability"><metadata><title>CVE-2024-0001</title>
    <description> A fault. </description><advisory from="security@suse.de"><issued date="2024-01-01"/><updated date="2024-02-03"/>
    <severity>Moderate</severity><cve impact="low" cvss3="3.7/CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:L/A:N" href="https://www.suse.com/security/cve/CVE-2024-0001/">CVE-2024-0001</cve>
    <cve cvss3="9.8/CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" href="https://nvd.nist.gov/vuln/detail/CVE-2024-0001">at NVD</cve></advisory></metadata>
    <criteria operator="AND"><criteria operator="OR"><criterion test_ref="p0" comment="${product} is installed"/>
      <criterion test_ref="p1" comment="SUSE Manager Server 4.3 is installed"/></criteria>
      <criteria operator="OR">${criteria.join('')}</criteria></criteria></definition></definitions>
    <tests>${packages.map(([, state], i) => `<rpminfo_test id="t${i}"><object object_ref="o${i}"/><state state_ref="${state}"/></rpminfo_test>`).join('')}</tests>
    <objects>${packages.map(([name], i) => `<rpminfo_object id="o${i}"><name>${name}</name></rpminfo_object>`).join('')}</objects>
    <states>${Object.entries(STATES)
      .map(([id, state]) => `<rpminfo_state id="${id}">${state}</rpminfo_state>`)
      .join('')}</states>
  </oval_definitions>`;
}

describe("SUSE's judgement of a CVE", () => {
  it('rates it, by SUSE and not by NVD', async () => {
    const { advisories } = await readContent(suseFeed, oval([['a', 'below']]), 'suse.linux.enterprise.server.15');
    expect(advisories).toMatchObject([
      {
        id: 'SUSE-CVE-2024-0001',
        upstream: ['CVE-2024-0001'],
        summary: 'A fault.',
        severity: 'medium',
        cvss: [{ score: 3.7, source: 'SUSE-CVE-2024-0001' }],
        modified: new Date('2024-02-03T00:00:00Z'),
        url: 'https://www.suse.com/security/cve/CVE-2024-0001',
      },
    ]);
  });

  it.each([
    ['below', 'SUSE Linux Enterprise:15.5 binary a >=0 <1.2-150.3.1'],
    ['belowByNumber', 'SUSE Linux Enterprise:15.5 binary a >=0 <1.2-150.3.1'],
    ['everyVersion', 'SUSE Linux Enterprise:15.5 binary a >=0'],
    ['noVersion', 'SUSE Linux Enterprise:15.5 binary a not_affected'],
  ] as const)('by a test of %s', async (state, line) => {
    const { advisories } = await readContent(suseFeed, oval([['a', state]]), 'x');
    expect(inLines(advisories[0]?.affected ?? [])).toEqual([line]);
  });

  it('believes that a package is affected when it also says that it is not', async () => {
    const { advisories } = await readContent(
      suseFeed,
      oval([
        ['a', 'noVersion'],
        ['a', 'below'],
        ['b', 'noVersion'],
      ]),
      'x',
    );
    expect(inLines(advisories[0]?.affected ?? [])).toEqual([
      'SUSE Linux Enterprise:15.5 binary a >=0 <1.2-150.3.1',
      'SUSE Linux Enterprise:15.5 binary b not_affected',
    ]);
  });

  it('is named where it cannot be understood', async () => {
    const { advisories, rejected } = await readContent(suseFeed, oval([['a', 'odd']]), 'x');
    expect(advisories).toEqual([]);
    expect(rejected).toEqual([
      { entry: 'CVE-2024-0001', reason: 'cannot express "a-1 is installed"', id: 'SUSE-CVE-2024-0001' },
    ]);
  });

  it.each([
    ['SUSE Linux Enterprise Server 15 SP5', 'SUSE Linux Enterprise:15.5'],
    ['SUSE Linux Enterprise Module for Basesystem 15 SP5', 'SUSE Linux Enterprise:15.5'],
    ['SUSE Linux Enterprise Module for Basesystem 15', 'SUSE Linux Enterprise:15'],
    ['SUSE Linux Enterprise Server 15-LTSS', 'SUSE Linux Enterprise:15'],
    ['SUSE Linux Enterprise Server 15 SP1-BCL', 'SUSE Linux Enterprise:15.1'],
    ['SUSE Linux Enterprise Server for SAP Applications 15 SP1', 'SUSE Linux Enterprise:15.1'],
    ['SUSE Linux Enterprise Server 12 SP5-LTSS Extended Security', 'SUSE Linux Enterprise:12.5'],
    ['SUSE Linux Enterprise Server 16.0', 'SUSE Linux Enterprise:16.0'],
    ['SUSE Linux Enterprise Module for Python 3 15 SP5', 'SUSE Linux Enterprise:15.5'],
    ['SUSE Linux Enterprise Workstation Extension 15 SP3', 'SUSE Linux Enterprise:15.3'],
    ['SUSE Package Hub 15 SP5', 'SUSE Linux Enterprise:15.5'],
    ['SUSE Package Hub for SUSE Linux Enterprise 12', 'SUSE Linux Enterprise:12'],
    ['SUSE Linux Enterprise Micro 5.3', 'SUSE Linux Enterprise Micro:5.3'],
    ['SUSE Linux Micro 6.0', 'SUSE Linux Enterprise Micro:6.0'],
    ['openSUSE Leap 15.5', 'openSUSE:Leap 15.5'],
    ['openSUSE Leap Micro 5.5', 'openSUSE:Leap Micro 5.5'],
    ['openSUSE Tumbleweed', 'openSUSE:Tumbleweed'],
    ['SUSE Manager Server 4.3', null],
    ['SUSE Enterprise Storage 7', null],
    ['SUSE OpenStack Cloud 9', null],
  ])('of %s is filed under %s', (product, ecosystem) => {
    expect(ecosystemOfProduct(product)).toBe(ecosystem);
  });
});
