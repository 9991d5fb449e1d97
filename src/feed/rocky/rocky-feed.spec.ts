import { describe, expect, it } from 'vitest';
import { inLines, readContent, sourceOf } from '../../../test/support/feed-records.js';
import { rockyFeed } from './rocky-feed.js';

const XML = `<?xml version="1.0" encoding="UTF-8"?><updates>
<update from="releng@rockylinux.org" status="final" type="security" version="2">
  <id>RLSA-2021:1979</id><title>Important: squid:4 security update</title><issued date="2021-07-22 03:16:49"/>
  <updated date="2021-05-18 00:00:00"/><rights>x</rights><severity>Important</severity>
  <references><reference href="https://access.redhat.com/x" id="CVE-2020-25097" type="cve" title="y"/></references>
  <pkglist><collection short="rocky"><name>rocky</name>
    <module name="squid" stream="4" version="8060020220628150300" context="d63f516d" arch="x86_64"/>
    <package name="squid" version="4.15" release="3.module+el8.5.0+738" epoch="7" arch="x86_64" src="squid.src.rpm"><filename>f</filename></package>
    <package name="squid-doc" version="4.15" release="3.module+el8.5.0+738" epoch="7" arch="noarch"><filename>f</filename></package>
  </collection></pkglist></update>
<update type="bugfix"><id>RLBA-2021:1</id><title>t</title><pkglist><collection><package name="a" version="1" release="1" epoch="0" arch="x86_64"/></collection></pkglist></update>
<update type="enhancement"><id>RLEA-2021:2</id><title>Low: t</title><references><reference id="CVE-2021-1234" type="cve"/></references>
  <pkglist><collection><package name="a" version="1" release="1" epoch="0" arch="i686"/></collection></pkglist></update>
</updates>`;

describe('the errata of Rocky Linux', () => {
  it('list binaries with their module and the architecture of the repository', async () => {
    const { advisories, rejected } = await readContent(rockyFeed, XML, '8/AppStream/x86_64');
    expect(rejected).toEqual([]);
    expect(advisories.map(({ id, upstream, severity }) => ({ id, upstream, severity }))).toEqual([
      { id: 'RLSA-2021:1979', upstream: ['CVE-2020-25097'], severity: 'high' },
      { id: 'RLEA-2021:2', upstream: ['CVE-2021-1234'], severity: 'low' },
    ]);
    expect(advisories.flatMap(({ affected }) => inLines(affected))).toEqual([
      'Rocky Linux:8 binary squid squid:4 [riscv64 x86_64] >=0 <7:4.15-3.module+el8.5.0+738',
      'Rocky Linux:8 binary squid-doc squid:4 >=0 <7:4.15-3.module+el8.5.0+738',
      'Rocky Linux:8 binary a [i686] >=0 <1-1',
    ]);
  });

  it('are read of every repository that the source has', async () => {
    const index = '<repomd><data type="updateinfo"><location href="repodata/u.xml.gz"/></data></repomd>';
    const machines = { 8: ['x86_64', 'aarch64'], 9: ['x86_64', 'aarch64', 'ppc64le', 's390x'] };
    const has = Object.entries({ ...machines, 10: machines[9] }).flatMap(([release, architectures]) =>
      ['BaseOS', 'AppStream'].flatMap((name) =>
        architectures.map((architecture) => `${release}/${name}/${architecture}`),
      ),
    );
    has.push('9/CRB/s390x');
    const files = Object.fromEntries(has.map((part) => [`${part}/os/repodata/repomd.xml`, index]));
    const signal = new AbortController().signal;
    const found = await rockyFeed.files(sourceOf(files), signal);
    expect(found.map(({ part }) => part).sort()).toEqual(has.sort());
    expect(found[0]?.path).toBe('8/BaseOS/x86_64/os/repodata/u.xml.gz');
    // Without its list, an architecture would have no advisories.
    delete files['9/AppStream/aarch64/os/repodata/repomd.xml'];
    await expect(rockyFeed.files(sourceOf(files), signal)).rejects.toMatchObject({ code: 'feed_source_unreachable' });
  });
});
