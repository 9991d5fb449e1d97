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

it('is of no use where no fix is without the name of its release', async () => {
  const named = [bulletin('DSA-1-1', 'CVE-2024-1', '1-1+deb12u1'), bulletin('DSA-2-1', 'CVE-2024-2', '3-1~deb12u1')];
  const { judgements } = await judged(named, [deb('linux', '2-1')]);
  expect(judgements.map(({ ruleId, status }) => `${ruleId} ${status}`)).toEqual([
    'CVE-2024-1 undetermined',
    'CVE-2024-2 open',
  ]);
});
