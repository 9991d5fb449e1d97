import { describe, expect, it } from 'vitest';
import type { Finding } from '../model/finding.js';
import { countsText, findingsTable, printable } from './table.js';
import type { Wire } from './wire.js';

const finding = (change: Partial<Wire<Finding>>): Wire<Finding> => ({
  id: '1',
  fingerprint: 'f',
  kind: 'vulnerability',
  ruleId: 'CVE-2024-1',
  aliases: [],
  advisories: [],
  title: 'a title',
  severity: 'low',
  severitySource: null,
  cvss: null,
  ratings: [],
  risk: {
    score: 14,
    parts: { severity: 10, exploitation: 5, knownExploited: 0, exposure: 0.9 },
    epss: null,
    kev: null,
  },
  status: 'open',
  vex: null,
  target: { id: 't', kind: 'image', reference: 'r', name: null },
  package: { purl: 'pkg:apk/alpine/zlib@1.2.11-r1', name: 'zlib', version: '1.2.11-r1', source: null },
  fixedVersion: '1.2.11-r4',
  fixState: 'fixed',
  location: null,
  openedAt: '2026-03-01T00:00:00.000Z',
  closedAt: null,
  ...change,
});

describe('findingsTable', () => {
  it('is aligned and puts the worst first', () => {
    const table = findingsTable(
      [
        finding({ severity: 'low' }),
        finding({ ruleId: 'CVE-2024-2', risk: { ...finding({}).risk, score: 88 } }),
        finding({ severity: 'unknown', ruleId: 'CVE-2024-9', fixedVersion: null, status: 'undetermined' }),
        finding({ severity: 'critical', ruleId: 'CVE-2022-37434', title: 'x'.repeat(100) }),
      ],
      { colour: false, width: 100 },
    );
    expect(table).toBe(
      [
        'SEVERITY  RISK  ID                         PACKAGE  INSTALLED  FIXED      TITLE',
        `critical  14    CVE-2022-37434             zlib     1.2.11-r1  1.2.11-r4  ${'x'.repeat(25)}…`,
        'low       88    CVE-2024-2                 zlib     1.2.11-r1  1.2.11-r4  a title',
        'low       14    CVE-2024-1                 zlib     1.2.11-r1  1.2.11-r4  a title',
        'unknown   14    CVE-2024-9 (undetermined)  zlib     1.2.11-r1  -          a title',
      ].join('\n'),
    );
  });

  it('says where a problem of a host is', () => {
    const about = { package: null, fixedVersion: null, kind: 'misconfiguration' as const };
    const at = (resource: string | null, path: string | null, line: number | null = null) => ({
      ...about,
      location: { resource, path, line, layer: null },
    });
    const table = findingsTable(
      [
        finding({ ...at('container/web-10', null), ruleId: 'container-not-privileged' }),
        finding({ ...at('container/web-9', null), ruleId: 'container-not-privileged' }),
        finding({ ...at(null, `/srv/${'deep/'.repeat(10)}key.pem`, 3), ruleId: 'private-key' }),
        finding({}),
      ],
      { colour: false, width: 120 },
    );
    expect(table.split('\n').map((line) => line.slice(60).trim().replace(/ {2,}/g, '  '))).toEqual([
      'FIXED  WHERE  TITLE',
      ...['-  container/web-9  a title', '-  container/web-10  a title'],
      '-  …deep/deep/deep/deep/deep/deep/key.pem:3  a title',
      '1.2.11-r4  -  a title',
    ]);
  });

  it('colours the severity and nothing else', () => {
    const table = findingsTable([finding({ severity: 'high' })], { colour: true, width: 100 });
    expect(table.split('\n')[1]?.startsWith('\u001b[31mhigh\u001b[39m      14    CVE-2024-1')).toBe(true);
  });

  it('lets no name drive the terminal', () => {
    const table = findingsTable([finding({ title: 'a\u001b[2Jb\nc' })], { colour: false, width: 100 });
    expect(table).toContain('a [2Jb c');
    expect(printable('x\u202ey')).toBe('x y');
  });
});

describe('countsText', () => {
  it('leaves out what is not there', () => {
    expect(countsText({ critical: 1, high: 0, medium: 0, low: 12, unknown: 0 })).toBe('1 critical, 12 low');
    expect(countsText({ critical: 0, high: 0, medium: 0, low: 0, unknown: 0 })).toBe('none');
  });
});
