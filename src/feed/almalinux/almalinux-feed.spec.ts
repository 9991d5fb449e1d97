import { describe, expect, it } from 'vitest';
import { inLines, readContent } from '../../../test/support/feed-records.js';
import { almalinuxFeed } from './almalinux-feed.js';

const rpm = (name: string, version: string, release: string, arch = 'x86_64', epoch: string | number = '0') => ({
  name,
  epoch,
  version,
  release,
  arch,
  filename: 'x.rpm',
});
const FULL = {
  id: 'ALSA-2023:1583',
  updated_date: 1680616001,
  issued_date: 1680566400,
  type: 'security',
  severity: 'Important',
  title: 'Important: nodejs:18 security update',
  references: [
    { id: 'CVE-2023-23918', type: 'cve', href: 'x' },
    { id: 'RHSA-2023:1583', type: 'rhsa' },
  ],
  packages: [
    rpm('nodejs', '18.14.2', '2.module_el8.7.0+3505', 'x86_64', 1),
    rpm('nodejs', '18.14.2', '2.module_el8.7.0+3505', 'aarch64', '1'),
    rpm('nodejs-packaging', '2021.06', '4.module_el8.7.0+3505', 'noarch'),
    rpm('plain', '1', '1.el8'),
    rpm('nodejs', '18.14.2', '2.module_el8.7.0+3505', 'src', 1),
  ],
  modules: [{ name: 'nodejs', stream: '18', version: '80', context: 'c', arch: 'x86_64' }],
};
const OLD = {
  updateinfo_id: 'ALSA-2021:3076',
  type: 'security',
  severity: 'Moderate',
  title: 't',
  issued_date: { $date: 1628596858000 },
  pkglist: {
    packages: [rpm('golang', '1.15.14', '1.module_el8.4.0+2519')],
    module: { name: 'go-toolset', stream: 'rhel8', version: 804002021, context: 'x' },
  },
  references: [{ id: 'CVE-2021-27918', type: 'cve' }],
};

describe('the errata of AlmaLinux', () => {
  it('list binaries; those of a module say which', async () => {
    const { advisories } = await readContent(almalinuxFeed, JSON.stringify({ data: [FULL] }), '8');
    expect(advisories).toMatchObject([
      {
        id: 'ALSA-2023:1583',
        upstream: ['CVE-2023-23918'],
        severity: 'high',
        url: 'https://errata.almalinux.org/8/ALSA-2023-1583.html',
        modified: new Date(1680616001000),
      },
    ]);
    expect(inLines(advisories[0]?.affected ?? [])).toEqual([
      'AlmaLinux:8 binary nodejs nodejs:18 >=0 <1:18.14.2-2.module_el8.7.0+3505',
      'AlmaLinux:8 binary nodejs-packaging nodejs:18 >=0 <2021.06-4.module_el8.7.0+3505',
      'AlmaLinux:8 binary plain >=0 <1-1.el8',
    ]);
  });

  it('are read from the older form too', async () => {
    const { advisories } = await readContent(almalinuxFeed, ` \n${JSON.stringify([OLD])}`, '8');
    expect(advisories).toMatchObject([{ id: 'ALSA-2021:3076', severity: 'medium', modified: new Date(1628596858000) }]);
    expect(inLines(advisories[0]?.affected ?? [])).toEqual([
      'AlmaLinux:8 binary golang go-toolset:rhel8 >=0 <1.15.14-1.module_el8.4.0+2519',
    ]);
  });

  it('do not guess of which of two modules a package is', async () => {
    const modules = [...FULL.modules, { name: 'nodejs', stream: '20' }];
    const { advisories } = await readContent(almalinuxFeed, JSON.stringify({ data: [{ ...FULL, modules }] }), '8');
    expect(advisories[0]?.affected.map(({ module }) => module)).toEqual([undefined, undefined, undefined]);
  });

  it('land beside ones that are broken, which are named', async () => {
    const data = [null, 7, { ...FULL, id: 'ALSA-1', packages: [{ name: 'x' }] }, { ...FULL, id: 'a b' }, FULL];
    const { advisories, rejected } = await readContent(almalinuxFeed, JSON.stringify({ data }), '8');
    expect(advisories).toHaveLength(1);
    expect(rejected.map(({ entry }) => entry)).toEqual(['erratum 1', 'erratum 2', 'ALSA-1', 'a b']);
    expect(rejected[2]?.reason).toContain('packages.0.version');
  });

  it('leave out what is not about security', async () => {
    const bug = { ...FULL, id: 'ALBA-1', type: 'bugfix', references: [] };
    expect(await readContent(almalinuxFeed, JSON.stringify([bug]), '8')).toEqual({ advisories: [], rejected: [] });
  });

  it.each(['<html>', '{"data":[', '{"data":[]}', '[]', '', '{"data":[{"id":"x"}', '{"data":[1]} trailing'])(
    'are not in %j',
    async (content) => {
      await expect(readContent(almalinuxFeed, content, '8')).rejects.toMatchObject({ code: 'feed_source_invalid' });
    },
  );
});
