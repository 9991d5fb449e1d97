import { describe, expect, it } from 'vitest';
import { readContent } from '../../../test/support/feed-records.js';
import { debianFeed } from './debian-feed.js';

const read = (...lines: string[]) => readContent(debianFeed, `${lines.join('\n')}\n`, 'DSA');
const HEADER = '[21 Nov 2005] DSA-903-1 unzip - race condition';

it('reads a bulletin', async () => {
  const { advisories, rejected } = await read(
    '[29 Mar 2023] DSA-5380-1 xorg-server - security update',
    '\t{CVE-2023-1393 CVE-2023-1394}',
    '\t[bullseye] - xorg-server 2:1.20.11-1+deb11u6',
    '\tNOTE: fixed in testing at time of DSA',
  );
  expect(rejected).toEqual([]);
  expect(advisories).toEqual([
    {
      id: 'DSA-5380-1',
      aliases: [],
      upstream: ['CVE-2023-1393', 'CVE-2023-1394'],
      summary: 'xorg-server - security update',
      severity: null,
      cvss: [],
      url: 'https://security-tracker.debian.org/tracker/DSA-5380-1',
      modified: new Date('2023-03-29T00:00:00Z'),
      withdrawn: null,
      affected: [
        {
          ecosystem: 'Debian:11',
          name: 'xorg-server',
          ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2:1.20.11-1+deb11u6' }] }],
          versions: [],
          severity: null,
          cvss: [],
        },
      ],
    },
  ]);
});

const every = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }];

describe('a line about a package', () => {
  it.each([
    [
      '[sarge] - unzip <not-affected> (Vulnerable code not present)',
      { ecosystem: 'Debian:3.1', status: 'not_affected', ranges: [] },
    ],
    ['[squeeze] - unzip <end-of-life>', { ecosystem: 'Debian:6', ranges: every, fixState: 'end_of_life' }],
    ['[wheezy] - unzip <unfixed> (high)', { ecosystem: 'Debian:7', ranges: every, severity: 'high' }],
    ['[wheezy] - unzip <removed>', { ranges: every }],
    ['[wheezy] - unzip', { ranges: every }],
    ['[wheezy] - unzip <undetermined>', { status: 'undetermined', ranges: [] }],
    ['[wheezy] - unzip <ignored> (Minor issue)', { ranges: every, fixState: 'wont_fix' }],
    ['[wheezy] - unzip <no-dsa> (Minor issue)', { ranges: every, fixState: 'deferred' }],
    ['[wheezy] - unzip <postponed> (Minor issue)', { ranges: every, fixState: 'deferred' }],
    [
      '[wheezy] -  unzip   6.0~rc1-4+deb7u1  (bug #1; bug #2; medium)',
      { ranges: [{ events: [{}, { fixed: '6.0~rc1-4+deb7u1' }] }], severity: 'medium' },
    ],
  ])('%s', async (line, expected) => {
    const { advisories, rejected } = await read(HEADER, `        ${line}`);
    expect(rejected).toEqual([]);
    expect(advisories[0]?.affected).toMatchObject([{ name: 'unzip', ...expected }]);
  });

  it.each([
    '- unzip 1.0',
    '[wheezy] unzip 1.0',
    '[wheezy] - unzip <gone>',
    '[wheezy] - unzip 1.0 2.0',
    '[zurg] - unzip 1.0',
    'what is this',
  ])('that cannot be read is named, and the rest is kept: %s', async (line) => {
    const { advisories, rejected } = await read(HEADER, `\t${line}`, '\t[sarge] - unzip 5.52-1sarge2');
    expect(rejected).toEqual([{ entry: `line 2, DSA-903-1: ${line}`, reason: expect.any(String) }]);
    expect(advisories[0]?.affected).toHaveLength(1);
  });
});

it.each([
  ['[05 Aug 2002] DSA-140 libpng - buffer overflow', 'DSA-140', '2002-08-05'],
  ['[26 Jun 2008] DSA-1599-1 dbus', 'DSA-1599-1', '2008-06-26'],
  ['[02 Jun 2014] DLA-0001-1 gnutls26 - security update', 'DLA-0001-1', '2014-06-02'],
  ['[August 26th, 2005] DTSA-1-1 kismet - remote code execution', 'DTSA-1-1', '2005-08-26'],
  ['[Nov 3rd, 2005] DTSA-22-1 uim - local privilege escalation', 'DTSA-22-1', '2005-11-03'],
])('reads the header %s', async (header, id, day) => {
  const { advisories } = await read(header, '\t[etch] - x 1');
  expect(advisories).toMatchObject([{ id, modified: new Date(day) }]);
});

it.each([
  '[21 Foo 2005] DSA-903-1 unzip',
  'DSA-903-1 unzip',
  '[21 Nov 2005] RHSA-903-1 unzip',
  '[21 Nov 2005] DSA-903-1-1 unzip',
])('names a header that cannot be read, and what belongs to it: %s', async (header) => {
  const { advisories, rejected } = await read(HEADER, '\t[sarge] - unzip 1', header, '\t[sarge] - other 1');
  expect(advisories.map(({ affected }) => affected.length)).toEqual([1]);
  expect(rejected).toHaveLength(2);
});

it('has no bulletin of an announcement', async () => {
  const { advisories, rejected } = await read(
    '[07 Jun 2015] DSA-3281-1 Debian Security Team PGP/GPG key change notice',
    '[18 Apr 2018] DSA-4205-1 jessie end-of-life',
    '\tNOTE: end of security support for jessie',
  );
  expect({ advisories, rejected }).toEqual({ advisories: [], rejected: [] });
});

it('keeps a bulletin without CVE, and takes no other cross reference for one', async () => {
  const { advisories } = await read(
    '[17 Mar 2023] DSA-5356-2 sox - regression update',
    '\t{DSA-5356-1 VU#123456}',
    '\t[bullseye] - sox 14.4.2+git20190427-2+deb11u2',
  );
  expect(advisories).toMatchObject([{ id: 'DSA-5356-2', upstream: [], affected: [{ name: 'sox' }] }]);
});

it('joins a bulletin that comes twice, as ids of a part are unique', async () => {
  const { advisories } = await read(
    HEADER,
    '\t{CVE-2005-1000}',
    '\t[sarge] - a 1',
    HEADER,
    '\t{CVE-2005-2000}',
    '\t[sarge] - b 1',
  );
  expect(advisories).toMatchObject([
    { upstream: ['CVE-2005-1000', 'CVE-2005-2000'], affected: [{ name: 'a' }, { name: 'b' }] },
  ]);
});

it('passes over marks of editors and ends of lines of other systems', async () => {
  const { advisories, rejected } = await read(
    'STOP: x',
    'begin claimed by x',
    '--',
    '',
    `${HEADER}\r`,
    '\t[sarge] - unzip 1\r',
  );
  expect(rejected).toEqual([]);
  expect(advisories).toMatchObject([{ affected: [{ ranges: [{ events: [{}, { fixed: '1' }] }] }] }]);
});

it.each([
  ['HTML', '<!DOCTYPE html>\n<html>\n  <body>\n'],
  ['empty', ''],
  ['not UTF-8', Buffer.from(`${HEADER}\xff`, 'latin1')],
  ['one line without end', 'x'.repeat(3_000_000)],
])('refuses a file that is no such list: %s', async (_, content) => {
  await expect(readContent(debianFeed, content, 'DLA')).rejects.toMatchObject({ code: 'feed_source_invalid' });
});
