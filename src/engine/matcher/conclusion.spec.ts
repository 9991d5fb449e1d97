import { describe, expect, it } from 'vitest';
import { judged, npm, only, record } from '../../../test/support/judging.js';

describe('several records', () => {
  it('makes a finding of each upstream vulnerability of a bulletin, and one of a CVE in several records', async () => {
    const upstream = Array.from({ length: 10 }, (_, i) => `CVE-2024-${i + 1}`);
    const { judgements } = await judged([
      record('DSA-1-1', { upstream, affected: [{ fixed: '5.36.0-8' }] }),
      record('DEBIAN-CVE-2024-1', { upstream: ['CVE-2024-1'], affected: [{ fixed: '5.36.0-8' }] }),
    ]);
    expect(judgements.map((j) => j.ruleId)).toEqual([...upstream].sort());
    expect(judgements[0]?.aliases).toEqual(['DEBIAN-CVE-2024-1', 'DSA-1-1']);
    expect(judgements[0]?.advisories).toEqual(['DEBIAN-CVE-2024-1']);
  });

  it("lets a distribution's record of the CVE beat its bulletins", async () => {
    const bulletin = record('DSA-1-1', { upstream: ['CVE-2024-1'], affected: [{ fixed: '5.36.0-7' }] });
    const open = record('DEBIAN-CVE-2024-1', { upstream: ['CVE-2024-1'], affected: [{ fixed: null }] });
    expect(await only([bulletin, open])).toMatchObject({ status: 'open', fixedVersion: null, fixState: 'not_fixed' });

    const late = record('DLA-1-1', { upstream: ['CVE-2024-1'], affected: [{ fixed: '9' }] });
    const fixed = record('DEBIAN-CVE-2024-1', { upstream: ['CVE-2024-1'], affected: [{ fixed: '5.36.0-7' }] });
    expect(await judged([late, fixed])).toEqual({ judgements: [], gaps: [], undecided: [] });
  });

  it('counts a CVE as fixed by the first of several bulletins', async () => {
    const first = (fixed: string) => record('DSA-1-1', { upstream: ['CVE-2024-1'], affected: [{ fixed }] });
    const regression = record('DSA-1-2', { upstream: ['CVE-2024-1'], affected: [{ fixed: '5.36.0-9' }] });
    expect(await judged([first('5.36.0-7'), regression])).toEqual({ judgements: [], gaps: [], undecided: [] });
    expect(await only([first('5.36.0-8'), regression])).toMatchObject({
      fixedVersion: '5.36.0-8',
      advisories: ['DSA-1-1', 'DSA-1-2'],
    });
  });

  it('does not take a bulletin about later versions for a fix', async () => {
    const later = record('DSA-2-1', {
      upstream: ['CVE-2024-1'],
      affected: [{ ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '6' }, { fixed: '6.1' }] }] }],
    });
    const open = record('DSA-1-1', { upstream: ['CVE-2024-1'], affected: [{ fixed: '5.36.0-8' }] });
    expect(await only([later, open])).toMatchObject({ fixedVersion: '5.36.0-8', advisories: ['DSA-1-1'] });
  });

  it('makes one finding of records that share an alias, with the smallest fix', async () => {
    const judgement = await only(
      [
        record('GHSA-a', { aliases: ['CVE-2024-1'], affected: [{ ecosystem: 'npm', name: 'ms', fixed: '2.0.0' }] }),
        record('RETIRE-1', { aliases: ['CVE-2024-1'], affected: [{ ecosystem: 'npm', name: 'ms', fixed: '1.5.0' }] }),
        record('OTHER-1', { aliases: ['CVE-2024-1'], affected: [{ ecosystem: 'npm', name: 'ms', fixed: '0.5.0' }] }),
      ],
      [npm('ms', '1.0.0')],
    );
    expect(judgement).toMatchObject({
      ruleId: 'CVE-2024-1',
      aliases: ['GHSA-a', 'OTHER-1', 'RETIRE-1'],
      advisories: ['GHSA-a', 'RETIRE-1'],
      fixedVersion: '1.5.0',
    });
  });

  it('makes two findings of two versions of one package', async () => {
    const advisory = record('GHSA-a', { affected: [{ ecosystem: 'npm', name: 'ms', fixed: '3.0.0' }] });
    const { judgements } = await judged([advisory], [npm('ms', '1.0.0'), npm('ms', '2.0.0')]);
    expect(judgements.map((j) => j.package?.version)).toEqual(['1.0.0', '2.0.0']);
    expect(new Set(judgements.map((j) => j.fingerprint)).size).toBe(2);
  });

  it('joins several entries of a record for one package', async () => {
    const advisory = record('GHSA-a', {
      affected: [
        { fixed: '1', severity: 'low' },
        { fixed: '5.36.0-8', severity: 'high' },
      ],
    });
    expect(await only([advisory])).toMatchObject({ fixedVersion: '5.36.0-8', severity: 'high' });
  });

  it('says that a release gets no fix any more', async () => {
    const advisory = record('DEBIAN-CVE-2024-1', {
      upstream: ['CVE-2024-1'],
      affected: [{ fixed: null, fixState: 'end_of_life' }],
    });
    expect(await only([advisory])).toMatchObject({ fixedVersion: null, fixState: 'end_of_life' });
  });
});

describe('the title', () => {
  const about = (id: string, summary: string, upstream: string[] = ['CVE-2024-1']) =>
    record(id, { summary, upstream, affected: [{ fixed: null }] });

  it('is that of the record that is about the least else', async () => {
    const { judgements } = await judged([
      about('DSA-1-1', 'perl - update', ['CVE-2024-1', 'CVE-2024-2']),
      about('DLA-1-1', 'one fault'),
    ]);
    expect(judgements.map((j) => j.title)).toEqual(['one fault', 'perl - update']);
  });

  it('names vulnerability and package where no record has one', async () => {
    expect((await only([about('DSA-1-1', 'DSA-1-1')])).title).toBe('CVE-2024-1 in perl');
  });
});
