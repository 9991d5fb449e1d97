import { describe, expect, it } from 'vitest';
import { cvss, judged, only, record } from '../../../test/support/judging.js';
import type { Advisory, AffectedPackage } from '../../model/advisory.js';

describe('the severity', () => {
  const V4 = cvss('4.0', 9.3);
  const V31 = cvss('3.1', 7.5);
  const V2 = cvss('2.0', 5);
  const severity = async (...advisories: Advisory[]) => {
    const { severity: word, severitySource, cvss: rating } = await only(advisories);
    return [word, severitySource, rating];
  };
  const perl = (fields: Partial<AffectedPackage> = {}) => [{ fixed: null, ...fields }];
  const elsewhere = [{ ecosystem: 'Go', name: 'x' }];

  it("is the vendor's word for the package, then for the record, then by the newest CVSS", async () => {
    const upstream = ['CVE-2024-1'];
    expect(
      await severity(
        record('UBUNTU-CVE-2024-1', { upstream, severity: 'high', cvss: [V31], affected: perl({ severity: 'low' }) }),
      ),
    ).toEqual(['low', 'ubuntu', V31]);
    expect(await severity(record('GHSA-a', { severity: 'medium', cvss: [V31, V4], affected: perl() }))).toEqual([
      'medium',
      'github',
      V4,
    ]);
    expect(await severity(record('PYSEC-1', { cvss: [V2, V31], affected: perl() }))).toEqual(['high', 'cvss', V31]);
    expect(await severity(record('PYSEC-1', { affected: perl({ cvss: [V2] }) }))).toEqual(['medium', 'cvss', V2]);
    expect(await severity(record('PYSEC-1', { affected: perl() }))).toEqual(['unknown', null, null]);
  });

  it('borrows CVSS, and at last the word, from records about the same vulnerability that name other packages', async () => {
    const mine = record('DSA-1-1', { upstream: ['CVE-2024-1'], affected: perl() });
    const scored = record('GHSA-a', {
      aliases: ['CVE-2024-1'],
      severity: 'critical',
      cvss: [V31],
      affected: elsewhere,
    });
    expect(await severity(mine, scored)).toEqual(['high', 'cvss', V31]);
    expect(await severity(mine, { ...scored, cvss: [] })).toEqual(['critical', 'github', null]);
  });

  it('never takes the CVSS of a bulletin about several vulnerabilities', async () => {
    const bulletin = record('USN-1-1', { upstream: ['CVE-2024-1', 'CVE-2024-2'], cvss: [V4], affected: elsewhere });
    const mine = record('UBUNTU-CVE-2024-1', { upstream: ['CVE-2024-1'], affected: perl() });
    expect(await severity(mine, bulletin)).toEqual(['unknown', null, null]);
    const { judgements } = await judged([{ ...bulletin, affected: mine.affected }]);
    expect(judgements.map((j) => j.cvss)).toEqual([null, null]);
  });

  it('is of the record that decides before others', async () => {
    const bulletin = record('DSA-1-1', { upstream: ['CVE-2024-1'], severity: 'critical', affected: perl() });
    const perCve = record('DEBIAN-CVE-2024-1', { upstream: ['CVE-2024-1'], affected: perl({ severity: 'low' }) });
    expect(await severity(bulletin, perCve)).toEqual(['low', 'debian', null]);
    expect(
      await severity(bulletin, { ...perCve, affected: perCve.affected.map((a) => ({ ...a, severity: null })) }),
    ).toEqual(['critical', 'debian', null]);
  });
});
