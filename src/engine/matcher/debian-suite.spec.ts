import { expect, it } from 'vitest';
import { deb, judged, record } from '../../../test/support/judging.js';

const bulletin = (id: string, cve: string, fixed: string) =>
  record(id, { upstream: [cve], affected: [{ name: 'linux', fixed }] });

/** The release names itself in the first of its fixes, and not in the second. */
const BULLETINS = [
  bulletin('DSA-1-1', 'CVE-2024-1', '6.1.76-1+deb12u1'),
  bulletin('DSA-2-1', 'CVE-2024-2', '6.1.99-1'),
];

it.each([
  ['6.1.70-1', ['CVE-2024-1 open', 'CVE-2024-2 open']],
  ['6.1.90-1', ['CVE-2024-2 open']],
  ['6.1.99-1', []],
  ['6.1.99-1+deb12u1', []],
  // Above all that the release is known to have got.
  ['6.8.9-1', ['CVE-2024-1 undetermined']],
  ['6.1.90-1~bpo12+1', ['CVE-2024-1 undetermined', 'CVE-2024-2 open']],
  ['6.1.90-1+deb13u1', ['CVE-2024-1 undetermined', 'CVE-2024-2 open']],
])('a kernel %s of a release that gets versions without its name: %j', async (version, expected) => {
  const { judgements } = await judged(BULLETINS, [deb('linux', version)]);
  expect(judgements.map(({ ruleId, status }) => `${ruleId} ${status}`)).toEqual(expected);
});

it.each([
  // A word that ends as the name of an old release does is none.
  ['1.5+stretch1-1', '1.0-1+deb12u1', 'undetermined'],
  ['1.5+git-fetch2-1', '1.0-1+deb12u1', 'undetermined'],
  ['3.0.4-3wheezy6', '3.0.4-2+deb12u1', null],
  // The mark of a release without a sign before it.
  ['1.0-3', '1.0-2deb12u1', 'undetermined'],
  ['1.0-2deb12u2', '1.0-2deb12u1', null],
  // Built again for the same release, by hand or by the archive.
  ['1.0-2+deb12u1+b1', '1.0-2+deb12u1', null],
  ['1.0-2+deb12u1~bpo11+1', '1.0-2+deb12u1', 'open'],
])('a version %s against the fix %s of the release: %s', async (version, fixed, expected) => {
  const { judgements } = await judged([bulletin('DSA-1-1', 'CVE-2024-1', fixed)], [deb('linux', version)]);
  expect(judgements.map(({ status }) => status)).toEqual(expected === null ? [] : [expected]);
});

it.each([
  // Above what the next release got from its security team, which shows no more than being above that of this one.
  ['2.0-3', [], 'undetermined'],
  ['2.0-3', [{ ecosystem: 'Debian:14', fixed: '2.0-4' }], 'open'],
  ['2.0-4', [{ ecosystem: 'Debian:14', fixed: '2.0-4' }], null],
  ['2.0-2+deb13u1', [], null],
  ['2.0-2+deb13u1~bpo12+1', [], null],
  ['2.0-2~bpo12+1', [], 'open'],
])('a version %s of a suite behind the next release, of which %j is said: %s', async (version, later, expected) => {
  const entries = [{ fixed: '1.0-2+deb12u1' }, { ecosystem: 'Debian:13', fixed: '2.0-2+deb13u1' }, ...later];
  const affected = entries.map((entry) => ({ name: 'linux', ...entry }));
  const advisory = record('DEBIAN-CVE-2024-1', { upstream: ['CVE-2024-1'], affected });
  const { judgements } = await judged([advisory], [deb('linux', version)]);
  expect(judgements.map(({ status }) => status)).toEqual(expected === null ? [] : [expected]);
});

it('is of no use where no fix is without the name of its release', async () => {
  const named = [bulletin('DSA-1-1', 'CVE-2024-1', '1-1+deb12u1'), bulletin('DSA-2-1', 'CVE-2024-2', '3-1~deb12u1')];
  const { judgements } = await judged(named, [deb('linux', '2-1')]);
  expect(judgements.map(({ ruleId, status }) => `${ruleId} ${status}`)).toEqual([
    'CVE-2024-1 undetermined',
    'CVE-2024-2 open',
  ]);
});
