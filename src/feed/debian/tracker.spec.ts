import { describe, expect, it } from 'vitest';
import { readContent } from '../../../test/support/feed-records.js';
import type { AffectedPackage } from '../../model/advisory.js';
import { debianFeed } from './debian-feed.js';

const read = (tracker: unknown) => readContent(debianFeed, JSON.stringify(tracker), 'tracker');

async function judged(release: object): Promise<Omit<AffectedPackage, 'ecosystem' | 'name' | 'versions' | 'cvss'>> {
  const { advisories } = await read({ curl: { 'CVE-2024-1000': { releases: { bookworm: release } } } });
  const [entry] = advisories.flatMap(({ affected }) => affected);
  if (!entry) throw new Error('nothing was read');
  const { ecosystem, name, versions, cvss, ...rest } = entry;
  expect({ ecosystem, name, versions, cvss }).toEqual({ ecosystem: 'Debian:12', name: 'curl', versions: [], cvss: [] });
  return rest;
}

const every = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }];
const below = (...versions: string[]) =>
  versions.map((fixed) => ({ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }));

describe('an issue in a release', () => {
  const repositories = { bookworm: '1.2-3', 'bookworm-security': '1.2-3+deb12u1' };

  it.each([
    [
      'is fixed from a version on',
      { status: 'resolved', fixed_version: '1:2.3-4~deb12u1' },
      { ranges: below('1:2.3-4~deb12u1') },
    ],
    [
      'was never there when fixed in "0"',
      { status: 'resolved', fixed_version: '0', urgency: 'unimportant' },
      { ranges: [], status: 'not_affected' },
    ],
    [
      'is fixed in what the release has where no version is told',
      { status: 'resolved' },
      { ranges: below('1.2-3', '1.2-3+deb12u1') },
    ],
    [
      'is fixed in what the release has where the version is not determined',
      { status: 'resolved', fixed_version: 'undetermined' },
      { ranges: below('1.2-3', '1.2-3+deb12u1') },
    ],
    [
      'is not decided when fixed nobody knows where',
      { status: 'resolved', repositories: {} },
      { ranges: [], status: 'undetermined' },
    ],
    ['is open', { status: 'open' }, { ranges: every }],
    ['is open whatever version is told', { status: 'open', fixed_version: '0' }, { ranges: every }],
    [
      'gets no fix when ignored',
      { status: 'open', nodsa: 'Minor issue', nodsa_reason: 'ignored' },
      { ranges: every, fixState: 'wont_fix' },
    ],
    [
      'gets a later fix when postponed',
      { status: 'open', nodsa: 'Minor issue', nodsa_reason: 'postponed' },
      { ranges: every, fixState: 'deferred' },
    ],
    [
      'gets no bulletin of its own with no-dsa',
      { status: 'open', nodsa: 'Minor issue', nodsa_reason: '' },
      { ranges: every, fixState: 'deferred' },
    ],
    [
      'gets no bulletin of its own with no-dsa, without a reason',
      { status: 'open', nodsa: 'Minor issue' },
      { ranges: every, fixState: 'deferred' },
    ],
    [
      'gets no fix any more at the end of life',
      { status: 'open', urgency: 'end-of-life', nodsa: 'EOL' },
      { ranges: every, fixState: 'end_of_life' },
    ],
    ['is not determined', { status: 'undetermined' }, { ranges: [], status: 'undetermined' }],
    ['is not determined by a word that is not known', { status: 'deferred' }, { ranges: [], status: 'undetermined' }],
  ])('%s', async (_, release, expected) => {
    expect(await judged({ repositories, ...release })).toEqual({ severity: null, ...expected });
  });

  it.each([
    ['high', 'high'],
    ['high**', 'high'],
    ['medium*', 'medium'],
    ['low**', 'low'],
    ['unimportant', 'low'],
    ['not yet assigned', null],
    ['end-of-life', null],
    ['', null],
  ])('with the urgency %j is rated %j', async (urgency, severity) => {
    expect(await judged({ status: 'open', urgency })).toMatchObject({ severity });
    expect(await judged({ status: 'resolved', fixed_version: '1', urgency })).toMatchObject({ severity });
    expect(await judged({ status: 'undetermined', urgency })).toMatchObject({ severity });
  });
});

it('is one advisory for each issue, with an entry for each package and release', async () => {
  const fixed = (fixed_version: string) => ({ status: 'resolved', fixed_version, urgency: 'not yet assigned' });
  const { advisories, rejected } = await read({
    curl: {
      'CVE-2024-1000': {
        description: 'A  flaw\nin \u0000curl.',
        debianbug: 1,
        scope: 'remote',
        releases: { bullseye: fixed('1'), bookworm: fixed('2') },
      },
    },
    openssl: {
      'CVE-2024-1000': { description: 'again', releases: { bookworm: fixed('3') } },
      'TEMP-0000000-A1B2C3': { releases: { bookworm: fixed('4') } },
    },
  });
  expect(rejected).toEqual([]);
  const entry = (ecosystem: string, name: string, version: string) => ({
    ecosystem,
    name,
    ranges: below(version),
    versions: [],
    severity: null,
    cvss: [],
  });
  const common = { aliases: [], severity: null, cvss: [], modified: new Date(0), withdrawn: null };
  expect(advisories).toEqual([
    {
      ...common,
      id: 'DEBIAN-CVE-2024-1000',
      upstream: ['CVE-2024-1000'],
      summary: 'A flaw in curl.',
      url: 'https://security-tracker.debian.org/tracker/CVE-2024-1000',
      affected: [entry('Debian:11', 'curl', '1'), entry('Debian:12', 'curl', '2'), entry('Debian:12', 'openssl', '3')],
    },
    {
      ...common,
      id: 'DEBIAN-TEMP-0000000-A1B2C3',
      upstream: ['TEMP-0000000-A1B2C3'],
      summary: '',
      url: 'https://security-tracker.debian.org/tracker/TEMP-0000000-A1B2C3',
      affected: [entry('Debian:12', 'openssl', '4')],
    },
  ]);
});

it('cuts a long description at a word', async () => {
  const description = 'some words '.repeat(100);
  const { advisories } = await read({ curl: { 'CVE-2024-1000': { description, releases: {} } } });
  expect(advisories[0]?.summary).toMatch(/^(some words )+some( words)?…$/);
  expect(advisories[0]?.summary.length).toBeLessThanOrEqual(300);
});

describe('testing and unstable, which are one ecosystem', () => {
  const RELEASES = {
    fixed: { status: 'resolved', fixed_version: '5' },
    earlier: { status: 'resolved', fixed_version: '4' },
    never: { status: 'resolved', fixed_version: '0' },
    open: { status: 'open' },
    ignored: { status: 'open', nodsa: 'x', nodsa_reason: 'ignored' },
    unknown: { status: 'undetermined' },
  };
  it.each<[keyof typeof RELEASES | null, keyof typeof RELEASES | null, object]>([
    ['fixed', 'fixed', { ranges: below('5') }],
    ['earlier', 'fixed', { ranges: below('4', '5') }],
    ['open', 'fixed', { ranges: below('5') }],
    ['never', 'fixed', { ranges: below('5') }],
    ['unknown', 'fixed', { ranges: below('5') }],
    ['fixed', 'open', { ranges: every }],
    ['ignored', 'open', { ranges: every, fixState: 'wont_fix' }],
    ['never', 'open', { ranges: every }],
    ['open', 'never', { ranges: every }],
    ['fixed', 'never', { ranges: below('5') }],
    ['never', 'never', { status: 'not_affected' }],
    ['never', 'unknown', { status: 'undetermined' }],
    ['open', 'unknown', { ranges: every }],
    ['fixed', 'unknown', { ranges: below('5') }],
    ['fixed', null, { ranges: below('5') }],
    [null, 'open', { ranges: every }],
    [null, 'never', { status: 'not_affected' }],
  ])('%s in testing and %s in unstable', async (testing, unstable, expected) => {
    const { advisories, rejected } = await read({
      curl: {
        'CVE-2024-1000': {
          releases: {
            trixie: RELEASES.open,
            ...(testing && { forky: RELEASES[testing] }),
            ...(unstable && { sid: RELEASES[unstable] }),
          },
        },
      },
      // Says which release is testing.
      other: { 'CVE-2024-2000': { releases: { forky: RELEASES.open } } },
    });
    expect(rejected).toEqual([]);
    const entries = advisories[0]?.affected;
    expect(entries?.map(({ ecosystem }) => ecosystem)).toEqual(['Debian:13', 'Debian:14']);
    expect(entries?.[0]).toMatchObject({ ranges: every });
    expect(entries?.[1]).toMatchObject(expected);
    expect(entries?.[1]?.fixState).toBe('fixState' in expected ? expected.fixState : undefined);
  });

  it('are not taken for a stable release while a release is named that is not known', async () => {
    const { advisories, rejected } = await read({
      curl: {
        'CVE-2024-1000': { releases: { duke: { status: 'open' }, zurg: { status: 'open' }, sid: { status: 'open' } } },
      },
    });
    expect(rejected).toEqual([{ entry: 'release zurg', reason: expect.stringContaining('no number is known') }]);
    expect(advisories[0]?.affected.map(({ ecosystem }) => ecosystem)).toEqual(['Debian:15']);
  });

  it('leave experimental out, which no image is of', async () => {
    const { advisories, rejected } = await read({
      curl: { 'CVE-2024-1000': { releases: { experimental: { status: 'open' }, bookworm: { status: 'open' } } } },
    });
    expect(rejected).toEqual([]);
    expect(advisories[0]?.affected).toHaveLength(1);
  });
});

describe('a bad record', () => {
  const good = { releases: { bookworm: { status: 'open' } } };
  it.each([
    ['an id that is none', 'curl', 'CVE-2024-1', good],
    ['an id like a path', 'curl', '../CVE-2024-1000', good],
    ['a package without a name', '', 'CVE-2024-1000', good],
    ['a package with a long name', 'x'.repeat(300), 'CVE-2024-1000', good],
    ['a package with odd characters', 'cu\u0000rl', 'CVE-2024-1000', good],
    ['no releases', 'curl', 'CVE-2024-1000', {}],
    ['releases in a list', 'curl', 'CVE-2024-1000', { releases: [] }],
    ['a release without a status', 'curl', 'CVE-2024-1000', { releases: { bookworm: {} } }],
    [
      'a version that is a number',
      'curl',
      'CVE-2024-1000',
      { releases: { bookworm: { status: 'resolved', fixed_version: 1 } } },
    ],
    [
      'a version of two words',
      'curl',
      'CVE-2024-1000',
      { releases: { bookworm: { status: 'resolved', fixed_version: '1 2' } } },
    ],
    [
      'a version without end',
      'curl',
      'CVE-2024-1000',
      { releases: { bookworm: { status: 'resolved', fixed_version: '1'.repeat(2000) } } },
    ],
    ['text', 'curl', 'CVE-2024-1000', 'none'],
    ['nothing', 'curl', 'CVE-2024-1000', null],
  ])('with %s is named, and the rest is read', async (_, name, id, issue) => {
    const { advisories, rejected } = await read({ [name]: { [id]: issue }, other: { 'CVE-2024-2000': good } });
    expect(advisories.map((advisory) => advisory.id)).toEqual(['DEBIAN-CVE-2024-2000']);
    expect(rejected).toHaveLength(1);
    expect(rejected[0]?.entry.length).toBeLessThanOrEqual(200);
  });

  it('does no harm by keys of prototypes', async () => {
    const { advisories } = await readContent(
      debianFeed,
      '{"__proto__":{"CVE-2024-1000":{"releases":{"bookworm":{"status":"open"}}}},"constructor":{"__proto__":{"polluted":1},"CVE-2024-1000":{"releases":{"bookworm":{"status":"open"}}}}}',
      'tracker',
    );
    expect(advisories[0]?.affected.map(({ name }) => name)).toEqual(['__proto__', 'constructor']);
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('a file that is not the tracker', () => {
  it.each([
    ['HTML', '<!DOCTYPE html><html></html>'],
    ['empty', ''],
    ['a list', '[1, 2]'],
    ['an empty object', '{}'],
    ['an error', '{"error": {"message": "not found"}}'],
    ['truncated', '{"curl": {"CVE-2024-1000": {"releases": {"bookworm": {"status": "open"}}}}, "openssl": {'],
    ['followed by something else', '{"curl": {"CVE-2024-1000": {"releases": {}}}} {"x": 1}'],
    ['not UTF-8', Buffer.from('{"curl": {"CVE-2024-1000": {"description": "\xff", "releases": {}}}}', 'latin1')],
  ])('is refused: %s', async (_, content) => {
    await expect(readContent(debianFeed, content, 'tracker')).rejects.toMatchObject({ code: 'feed_source_invalid' });
  });

  it('is refused when it has one value without end', async () => {
    const content = `{"curl": {"CVE-2024-1000": {"description": "${'x'.repeat(17 * 2 ** 20)}", "releases": {}}}}`;
    await expect(readContent(debianFeed, content, 'tracker')).rejects.toMatchObject({ code: 'limit_exceeded' });
  });
});

it('reads a file with a byte order mark and space around', async () => {
  const content = '\ufeff \n{"curl": {"CVE-2024-1000": {"releases": {"bookworm": {"status": "open"}}}}}\n\n';
  expect((await readContent(debianFeed, content, 'tracker')).advisories).toHaveLength(1);
});
