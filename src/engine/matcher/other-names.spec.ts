import { describe, expect, it } from 'vitest';
import { deb, judged, record } from '../../../test/support/judging.js';
import type { Package } from '../../model/package.js';

const PURL = 'pkg:maven/thing/thing@1.0';

function maven(name: string, version: string, isGuessed: boolean): Package {
  const purl = `pkg:maven/${name.replace(':', '/')}@${version}`;
  const found = { ...deb(name, version), purl, type: 'maven' as const, ecosystem: 'Maven', architecture: null };
  return isGuessed ? { ...found, isGroupGuessed: true } : found;
}

const about = (id: string, name: string, fixed: string | null = '2.0') =>
  record(id, { affected: [{ ecosystem: 'Maven', name, fixed }] });

describe('a Maven project whose group was guessed', () => {
  const guessed = maven('thing:thing', '1.0', true);

  it('is told to be vulnerable if its artifact is that of another group', async () => {
    const advisories = [
      about('GHSA-1', 'org.acme:thing'),
      about('GHSA-2', 'org.acme:thing'),
      about('GHSA-3', 'x:thing'),
    ];
    expect(await judged(advisories, [guessed])).toEqual({
      judgements: [],
      gaps: [
        {
          code: 'name_undetermined',
          subject: PURL,
          message:
            'The group of thing:thing 1.0 is a guess, as the archive does not tell it. It is affected by ' +
            'GHSA-1 if it is org.acme:thing, and 2 more. Check by hand what it is.',
        },
      ],
      undecided: ['GHSA-1', 'GHSA-2', 'GHSA-3'].map((ruleId) => ({ kind: 'vulnerability', ruleId, purl: PURL })),
    });
  });

  it('may be vulnerable too where a version cannot be ordered', async () => {
    const odd = record('GHSA-1', {
      affected: [
        {
          ecosystem: 'Maven',
          name: 'org.acme:thing',
          ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '' }] }],
        },
      ],
    });
    expect((await judged([odd], [guessed])).gaps).toMatchObject([{ code: 'name_undetermined', subject: PURL }]);
  });

  it.each([
    ['nobody knows of trouble with its artifact', [about('GHSA-1', 'org.acme:other')]],
    ['its version is fixed whatever its group is', [about('GHSA-1', 'org.acme:thing', '1.0')]],
    [
      'advisories name the guess, which was right then',
      [about('GHSA-1', 'org.acme:thing'), about('GHSA-2', 'thing:thing', '0.9')],
    ],
  ])('is silent where %s', async (_why, advisories) => {
    expect(await judged(advisories, [guessed])).toEqual({ judgements: [], gaps: [], undecided: [] });
  });

  it('is judged by the guess as any other project', async () => {
    const { judgements, gaps } = await judged([about('GHSA-1', 'thing:thing'), about('GHSA-2', 'x:thing')], [guessed]);
    expect(judgements.map(({ ruleId }) => ruleId)).toEqual(['GHSA-1']);
    expect(gaps).toEqual([]);
  });
});

describe('a Maven project that tells its group', () => {
  it('is not taken for another', async () => {
    expect(await judged([about('GHSA-1', 'org.acme:thing')], [maven('thing:thing', '1.0', false)])).toEqual({
      judgements: [],
      gaps: [],
      undecided: [],
    });
  });
});
