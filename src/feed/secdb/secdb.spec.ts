import { describe, expect, it } from 'vitest';
import { readContent } from '../../../test/support/feed-records.js';
import type { AdvisoryFeedPlugin } from '../feed-plugin.js';
import { alpineFeed } from './alpine-feed.js';
import { chainguardFeed } from './chainguard-feed.js';
import { wolfiFeed } from './wolfi-feed.js';

const HEADER = { apkurl: '{{urlprefix}}/{{pkg.name}}-{{pkg.ver}}.apk', archs: ['x86_64'], reponame: 'main' };
const secdb = (packages: Record<string, unknown>) =>
  JSON.stringify({
    ...HEADER,
    packages: Object.entries(packages).map(([name, secfixes]) => ({ pkg: { name, secfixes } })),
  });
const read = (content: string, feed: AdvisoryFeedPlugin = alpineFeed, part = 'v3.19/main') =>
  readContent(feed, content, part);
const below = (...versions: string[]) =>
  versions.map((fixed) => ({ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }));

it('is one advisory for each vulnerability, with an entry for each package', async () => {
  const { advisories, rejected } = await read(
    secdb({
      zlib: { '1.2.12-r0': ['CVE-2018-25032'], '1.2.12-r2': ['CVE-2022-37434'] },
      rsync: { '3.2.4-r2': ['CVE-2022-37434 GHSA-aaaa-bbbb-cccc'], '0': ['CVE-2022-0001'] },
      xen: { '4.16-r0': ['XSA-207'] },
    }),
  );
  expect(rejected).toEqual([]);
  const common = { aliases: [], summary: '', severity: null, cvss: [], modified: new Date(0), withdrawn: null };
  const entry = (name: string, version: string) => ({
    ecosystem: 'Alpine:v3.19',
    name,
    ranges: below(version),
    versions: [],
    severity: null,
    cvss: [],
  });
  expect(advisories).toEqual([
    {
      ...common,
      id: 'ALPINE-CVE-2018-25032',
      upstream: ['CVE-2018-25032'],
      url: 'https://security.alpinelinux.org/vuln/CVE-2018-25032',
      affected: [entry('zlib', '1.2.12-r0')],
    },
    {
      ...common,
      id: 'ALPINE-CVE-2022-37434',
      aliases: ['GHSA-aaaa-bbbb-cccc'],
      upstream: ['CVE-2022-37434'],
      url: 'https://security.alpinelinux.org/vuln/CVE-2022-37434',
      affected: [entry('zlib', '1.2.12-r2'), entry('rsync', '3.2.4-r2')],
    },
    {
      ...common,
      id: 'ALPINE-CVE-2022-0001',
      upstream: ['CVE-2022-0001'],
      url: 'https://security.alpinelinux.org/vuln/CVE-2022-0001',
      affected: [{ ...entry('rsync', ''), ranges: [], status: 'not_affected' }],
    },
    { ...common, id: 'ALPINE-XSA-207', upstream: ['XSA-207'], affected: [entry('xen', '4.16-r0')] },
  ]);
});

it.each<[string, object, object]>([
  [
    'fixed twice counts as affected below both',
    { '2.4.2-r0': ['CVE-2017-1000'], '2.2.10-r0': ['CVE-2017-1000'] },
    { ranges: below('2.4.2-r0', '2.2.10-r0') },
  ],
  [
    'fixed twice in one version is so once',
    { '1-r0': ['CVE-2017-1000', 'CVE-2017-1000 (again)'] },
    { ranges: below('1-r0') },
  ],
  [
    'fixed and never there counts as affected',
    { '0': ['CVE-2017-1000'], '1-r0': ['CVE-2017-1000'] },
    { ranges: below('1-r0') },
  ],
  ['never there was never affected', { '0': ['CVE-2017-1000'] }, { ranges: [], status: 'not_affected' }],
  [
    'fixed in a version with odd characters keeps it',
    { '1.2.3_p1-1-r0': ['CVE-2017-1000'] },
    { ranges: below('1.2.3_p1-1-r0') },
  ],
])('a vulnerability that was %s', async (_, secfixes, expected) => {
  const { advisories } = await read(secdb({ pkg: secfixes }));
  expect(advisories).toHaveLength(1);
  expect(advisories[0]?.affected).toHaveLength(1);
  const { status } = advisories[0]?.affected[0] ?? {};
  expect({ ...advisories[0]?.affected[0], ...(status && { status }) }).toMatchObject(expected);
  expect(status).toBe('status' in expected ? expected.status : undefined);
});

it.each([
  [
    alpineFeed,
    'v3.19/community',
    'ALPINE-CVE-2017-1000',
    'Alpine:v3.19',
    undefined,
    'https://security.alpinelinux.org/vuln/CVE-2017-1000',
  ],
  [
    alpineFeed,
    'edge/main',
    'ALPINE-CVE-2017-1000',
    'Alpine:edge',
    undefined,
    'https://security.alpinelinux.org/vuln/CVE-2017-1000',
  ],
  [
    wolfiFeed,
    'security',
    'WOLFI-CVE-2017-1000',
    'Wolfi',
    'source',
    'https://images.chainguard.dev/security/CVE-2017-1000',
  ],
  [
    chainguardFeed,
    'security',
    'CHAINGUARD-CVE-2017-1000',
    'Chainguard',
    'source',
    'https://images.chainguard.dev/security/CVE-2017-1000',
  ],
])('names records and packages as %j does', async (feed, part, id, ecosystem, named, url) => {
  const { advisories } = await read(secdb({ pkg: { '1-r0': ['CVE-2017-1000'] } }), feed, part);
  expect(advisories).toMatchObject([{ id, url, upstream: ['CVE-2017-1000'] }]);
  expect(advisories[0]?.affected[0]).toMatchObject({ ecosystem, name: 'pkg' });
  expect(advisories[0]?.affected[0]?.named).toBe(named);
});

describe('YAML', () => {
  it('reads the same, with every version as text', async () => {
    const yaml = [
      'distroversion: v3.9',
      'reponame: main',
      "apkurl: '{{urlprefix}}/{{pkg.name}}-{{pkg.ver}}.apk'",
      'packages:',
      '- pkg:',
      '    name: zlib',
      '    secfixes:',
      '      1.10:',
      '      - CVE-2018-25032',
      '      0:',
      '      - CVE-2017-1000 (+ regression fix)',
      '      2-r0:',
      '  # nothing yet',
      '- pkg: {name: empty, secfixes: {}}',
    ].join('\n');
    const { advisories, rejected } = await read(`---\n${yaml}\n`, alpineFeed, 'v3.9/main');
    expect(rejected).toEqual([]);
    expect(advisories.map(({ id, affected }) => [id, affected[0]?.ranges, affected[0]?.status])).toEqual(
      [
        ['ALPINE-CVE-2017-1000', [], 'not_affected'],
        ['ALPINE-CVE-2018-25032', below('1.10'), undefined],
      ].toSorted(
        (a, b) => advisories.findIndex(({ id }) => id === a[0]) - advisories.findIndex(({ id }) => id === b[0]),
      ),
    );
  });

  it.each([
    ['aliases that unfold', 'apkurl: x\na: &a [x]\npackages: [*a, *a]\n'],
    ['deep nesting', `packages: ${'['.repeat(100_000)}`],
    ['a broken line', 'apkurl: x\npackages:\n- pkg: {name: [}\n'],
  ])('is refused with %s', async (_, yaml) => {
    await expect(read(yaml)).rejects.toMatchObject({ code: 'feed_source_invalid' });
  });

  it('is refused when it is larger than any', async () => {
    await expect(read(`apkurl: x\n${'# x\n'.repeat(600_000)}`)).rejects.toMatchObject({ code: 'limit_exceeded' });
  });
});

describe('a bad record', () => {
  it.each([
    ['a package without a name', { pkg: { secfixes: {} } }],
    ['a name with spaces', { pkg: { name: 'a b', secfixes: {} } }],
    ['a name without end', { pkg: { name: 'x'.repeat(300), secfixes: {} } }],
    ['a version without end', { pkg: { name: 'x', secfixes: { ['1'.repeat(300)]: ['CVE-2017-2000'] } } }],
    ['numbers for ids', { pkg: { name: 'x', secfixes: { '1': [1] } } }],
    ['no secfixes', { pkg: { name: 'x' } }],
    ['no package', {}],
    ['nothing', null],
    ['an id that is none', { pkg: { name: 'x', secfixes: { '1-r0': ['fixes a bug'] } } }],
  ])('with %s is named, and the rest is read', async (_, bad) => {
    const good = { pkg: { name: 'good', secfixes: { '1-r0': ['CVE-2017-1000'] } } };
    const { advisories, rejected } = await read(JSON.stringify({ ...HEADER, packages: [bad, good] }));
    expect(advisories).toHaveLength(1);
    expect(rejected).toHaveLength(1);
  });

  it('loses one line of a package, not the others', async () => {
    const { advisories, rejected } = await read(secdb({ x: { '1-r0': ['?', 'CVE-2017-1000'] } }));
    expect(rejected).toEqual([{ entry: 'x 1-r0: ?', reason: expect.any(String) }]);
    expect(advisories).toHaveLength(1);
  });

  it('is not what Lua writes for an empty table', async () => {
    const { advisories, rejected } = await read(secdb({ a: [], b: { '1-r0': [] }, c: null, d: { '1-r0': null } }));
    expect({ advisories, rejected }).toEqual({ advisories: [], rejected: [] });
  });

  it('does no harm by keys of prototypes', async () => {
    const { advisories } = await read(secdb({ constructor: { '1-r0': ['CVE-2017-1000'] } }));
    expect(advisories[0]?.affected[0]?.name).toBe('constructor');
  });
});

describe('a file', () => {
  it.each([
    ['without any package', { ...HEADER, packages: [] }],
    ['without a list of packages', { ...HEADER, packages: null }],
  ])('%s is one of a release that has no fixes yet', async (_, json) => {
    expect(await read(JSON.stringify(json))).toEqual({ advisories: [], rejected: [] });
  });

  it.each([
    ['HTML', '<!DOCTYPE html><html></html>'],
    ['empty', ''],
    ['an object of something else', '{"error": "not found"}'],
    ['packages by name', '{"packages": {"zlib": {"1": ["CVE-2017-1000"]}}}'],
    ['of bad records alone', '{"packages": [1, 2]}'],
    ['truncated', secdb({ zlib: { '1': ['CVE-2017-1000'] } }).slice(0, -3)],
    ['not UTF-8', Buffer.from('{"apkurl": "\xff", "packages": []}', 'latin1').toString('latin1')],
  ])('that is none is refused: %s', async (name, content) => {
    const bytes = name === 'not UTF-8' ? Buffer.from(content, 'latin1') : content;
    await expect(readContent(alpineFeed, bytes, 'v3.19/main')).rejects.toMatchObject({ code: 'feed_source_invalid' });
  });
});
