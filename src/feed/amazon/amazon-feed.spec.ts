import { describe, expect, it } from 'vitest';
import { inLines, readContent, sourceOf } from '../../../test/support/feed-records.js';
import { amazonFeed } from './amazon-feed.js';

const update = (id: string, packages: string, extra = '') => `
  <update author="linux-security@amazon.com" from="linux-security@amazon.com" status="final" type="security" version="1.4">
    <id>${id}</id><title>Amazon Linux 2 - ${id}: important priority package update for nginx</title>
    <issued date="2021-08-13 17:31"/><updated date="2021-08-16 20:04"/><severity>important</severity>
    <references><reference href="http://cve.mitre.org/x" id="CVE-2021-22543" title="" type="cve"/>
      <reference href="x" id="1965461" type="bugzilla"/></references>${extra}
    <pkglist><collection short="amazon-linux-2---core"><name>Amazon Linux 2</name>${packages}</collection></pkglist>
  </update>`;
const rpm = (name: string, evr: [epoch: string, version: string, release: string], arch: string) =>
  `<package arch="${arch}" epoch="${evr[0]}" name="${name}" release="${evr[2]}" version="${evr[1]}"><filename>x</filename></package>`;
const updates = (...all: string[]) => `<?xml version="1.0" ?><updates>${all.join('')}</updates>`;

const INDEX =
  '<repomd><data type="primary"><location href="repodata/p.xml.gz"/></data><data type="updateinfo"><location href="repodata/updateinfo.xml.gz"/></data></repomd>';

describe('the advisories of Amazon Linux', () => {
  it('list binaries, which are meant on every architecture that has the same version', async () => {
    const packages = ['x86_64', 'aarch64', 'src'].map((arch) =>
      rpm('kernel', ['0', '4.14.243', '185.433.amzn2'], arch),
    );
    const { advisories } = await readContent(
      amazonFeed,
      updates(update('ALAS2-2021-1699', packages.join(''))),
      '2/core',
    );
    expect(advisories).toMatchObject([
      {
        id: 'ALAS2-2021-1699',
        upstream: ['CVE-2021-22543'],
        severity: 'high',
        url: 'https://alas.aws.amazon.com/AL2/ALAS-2021-1699.html',
        modified: new Date('2021-08-16T20:04:00Z'),
      },
    ]);
    expect(inLines(advisories[0]?.affected ?? [])).toEqual([
      'Amazon Linux:2 binary kernel >=0 <4.14.243-185.433.amzn2',
    ]);
  });

  it.each([
    ['2/extras/kernel-5.10', 'kernel', ['0', '5.10.50', '44.132.amzn2'], '>=5.10 <5.10.50-44.132.amzn2'],
    ['2/extras/nginx1', 'nginx', ['1', '1.20.0', '2.amzn2'], '>=1:1 <1:1.20.0-2.amzn2'],
    ['2/extras/postgresql14', 'postgresql', ['0', '14.3', '2.amzn2'], '>=14 <14.3-2.amzn2'],
    ['2/extras/docker', 'docker', ['0', '20.10.7', '1.amzn2'], '>=0 <20.10.7-1.amzn2'],
    ['2/extras/java-openjdk11', 'java-11-openjdk', ['1', '11.0.12', '7.amzn2'], '>=1:11 <1:11.0.12-7.amzn2'],
    ['2/extras/redis6', 'redis', ['0', '62.0', '1'], '>=0 <62.0-1'],
  ] as const)('of %s are about its own line of versions', async (part, name, [epoch, version, release], range) => {
    const xml = updates(update('ALAS2X-2021-001', rpm(name, [epoch, version, release], 'x86_64')));
    const { advisories } = await readContent(amazonFeed, xml, part);
    expect(inLines(advisories[0]?.affected ?? [])).toEqual([`Amazon Linux:2 binary ${name} ${range}`]);
  });

  it('land beside one that is broken, which is named', async () => {
    const xml = updates(
      update('ALAS2-1', rpm('a', ['0', '', '1'], 'x86_64')),
      update('', rpm('a', ['0', '1', '1'], 'x86_64')),
      update('ALAS2-2', rpm('a', ['0', '1', '1'], 'x86_64')),
    );
    const { advisories, rejected } = await readContent(amazonFeed, xml, '2/core');
    expect(advisories.map(({ id }) => id)).toEqual(['ALAS2-2']);
    expect(rejected.map(({ entry }) => entry)).toEqual(['ALAS2-1', 'update 2']);
  });

  it.each(['<updates/>', '<html></html>', '{}'])('are not in %s', async (xml) => {
    await expect(readContent(amazonFeed, xml, '2/core')).rejects.toMatchObject({ code: 'feed_source_invalid' });
  });

  it('are found by the lists of mirrors, below the source wherever the mirror is', async () => {
    const source = sourceOf({
      '2/core/latest/x86_64/mirror.list': 'https://cdn.amazonlinux.com/2/core/2.0/x86_64/abc\n',
      '2/core/2.0/x86_64/abc/repodata/repomd.xml': INDEX,
      'al2023/core/mirrors/latest/x86_64/mirror.list': 'https://cdn.amazonlinux.com/al2023/core/guids/d/x86_64/\n',
      'al2023/core/guids/d/x86_64/repodata/repomd.xml': INDEX,
      '2/extras/docker/latest/x86_64/mirror.list': '<html>',
      '2018.03/updates/x86_64/mirror.list': 'http://packages.us-east-1.amazonaws.com/2018.03/updates/a/$basearch',
      '2018.03/updates/a/x86_64/repodata/repomd.xml': INDEX,
    });
    const files = await amazonFeed.files(source, new AbortController().signal);
    expect(files.map(({ part, path }) => `${part} ${path}`)).toEqual([
      '1/core 2018.03/updates/a/x86_64/repodata/updateinfo.xml.gz',
      '2/core 2/core/2.0/x86_64/abc/repodata/updateinfo.xml.gz',
      '2023/core al2023/core/guids/d/x86_64/repodata/updateinfo.xml.gz',
      // What is there and cannot be read fails as a part of its own.
      '2/extras/docker 2/extras/docker/latest/x86_64/mirror.list',
    ]);
  });

  it.each([
    ['a path out of the source', 'https://cdn.amazonlinux.com/../../etc/', INDEX],
    ['no URL', '<html>', INDEX],
    ['an index that is none', 'https://cdn.amazonlinux.com/2/core/a/', '<html>'],
    [
      'an index that leads elsewhere',
      'https://cdn.amazonlinux.com/2/core/a/',
      INDEX.replace('repodata/updateinfo', '../../x'),
    ],
  ])('are not taken from %s', async (_, list, index) => {
    const source = sourceOf({ '2/core/latest/x86_64/mirror.list': list, '2/core/a/repodata/repomd.xml': index });
    await expect(amazonFeed.files(source, new AbortController().signal)).rejects.toMatchObject({
      code: 'feed_source_invalid',
    });
  });
});
