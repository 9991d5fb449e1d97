import { describe, expect, it } from 'vitest';
import { spellings } from './advisory-id.js';

describe('spellings', () => {
  it.each([
    ['cve-2021-23337', 'CVE-2021-23337'],
    ['CVE-2021-23337', 'DEBIAN-CVE-2021-23337'],
    ['ghsa-35JH-r3h4-6jhm', 'GHSA-35jh-r3h4-6jhm'],
    ['GHSA-35JH-R3H4-6JHM', 'GHSA-35jh-r3h4-6jhm'],
    ['dsa-5000-1', 'DSA-5000-1'],
    ['rhsa-2024:1234', 'RHSA-2024:1234'],
    ['opensuse-su-2024:1234-1', 'openSUSE-SU-2024:1234-1'],
    ['pysec-2021-1', 'PYSEC-2021-1'],
    ['alpine-cve-2020-1967', 'ALPINE-CVE-2020-1967'],
    ['RETIRE-ef3a2f87ea9b', 'RETIRE-ef3a2f87ea9b'],
    ['retire-ef3a2f87ea9b', 'RETIRE-ef3a2f87ea9b'],
    [' CVE-2021-1 ', 'CVE-2021-1'],
  ])('finds by %j what a record calls %s', (typed, written) => {
    expect(spellings(typed)).toContain(written);
  });

  it('stays few, whatever is typed', () => {
    for (const text of ['', '-', 'x', 'a-'.repeat(60), '%', "' OR 1=1 --"])
      expect(spellings(text).length).toBeLessThan(12);
  });
});
