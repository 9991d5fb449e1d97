import { describe, expect, it } from 'vitest';
import { describeFault } from '../record-fault.js';
import { parseOsv } from './osv-schema.js';

const MINIMAL = { id: 'GHSA-aaaa-bbbb-cccc', modified: '2024-01-02T03:04:05Z' };
const V31 = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
const V40 = 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N';

function affected(fields: object) {
  return parseOsv({ ...MINIMAL, affected: [{ package: { ecosystem: 'Debian:12', name: 'perl' }, ...fields }] })
    .affected[0];
}

describe('parseOsv', () => {
  it('reads a record with nothing but what the schema requires', () => {
    expect(parseOsv(MINIMAL)).toEqual({
      id: 'GHSA-aaaa-bbbb-cccc',
      aliases: [],
      upstream: [],
      summary: '',
      severity: null,
      cvss: [],
      modified: new Date('2024-01-02T03:04:05Z'),
      withdrawn: null,
      affected: [],
    });
  });

  it('reads names, times and affected packages, and drops what it does not need', () => {
    const advisory = parseOsv({
      ...MINIMAL,
      schema_version: '1.6.0',
      modified: '0001-01-01T00:00:00Z',
      withdrawn: '2021-07-16T01:31:33.917972Z',
      aliases: ['CVE-2024-1', 'CVE-2024-1'],
      upstream: null,
      summary: 'A fault',
      details: 'long',
      references: null,
      database_specific: null,
      affected: [
        {
          package: { ecosystem: 'npm', name: '@scope/a', purl: 'pkg:npm/%40scope/a' },
          ranges: [
            {
              type: 'SEMVER',
              events: [
                { introduced: '0' },
                { fixed: '1.2.3' },
                { introduced: '2.0.0' },
                { last_affected: '2.1.0' },
                { limit: '3' },
              ],
            },
            { type: 'GIT', repo: 'https://example.org/a', events: [{ introduced: '0' }] },
            { type: 'FUTURE', events: [{ begun: true }] },
          ],
          versions: ['1.0.0', '1.0.0'],
          database_specific: { source: 'x' },
        },
        { ranges: [{ type: 'GIT', events: [{ introduced: '0' }] }] },
      ],
    });
    expect(advisory).toMatchObject({ aliases: ['CVE-2024-1'], upstream: [], summary: 'A fault', severity: null });
    expect(advisory.modified.toISOString()).toBe('0001-01-01T00:00:00.000Z');
    expect(advisory.withdrawn?.toISOString()).toBe('2021-07-16T01:31:33.917Z');
    expect(advisory.affected).toEqual([
      {
        ecosystem: 'npm',
        name: '@scope/a',
        ranges: [
          {
            type: 'SEMVER',
            events: [
              { introduced: '0' },
              { fixed: '1.2.3' },
              { introduced: '2.0.0' },
              { last_affected: '2.1.0' },
              { limit: '3' },
            ],
          },
        ],
        versions: ['1.0.0'],
        severity: null,
        cvss: [],
      },
    ]);
  });

  it.each([
    ['critical', 'critical'],
    ['CRITICAL', 'critical'],
    ['emergency', 'critical'],
    ['HIGH', 'high'],
    ['high**', 'high'],
    ['MODERATE', 'medium'],
    ['MEDIUM', 'medium'],
    ['low', 'low'],
    ['negligible', 'low'],
    ['unimportant', 'low'],
    ['not yet assigned', null],
    ['untriaged', null],
    ['end-of-life', null],
    ['', null],
    [7, null],
  ])('rates %j as %j, wherever a database writes it', (word, expected) => {
    expect(parseOsv({ ...MINIMAL, database_specific: { severity: word } }).severity).toBe(expected);
    expect(affected({ ecosystem_specific: { urgency: word } })?.severity).toBe(expected);
    expect(affected({ ecosystem_specific: { severity: word } })?.severity).toBe(expected);
    expect(affected({ database_specific: { severity: word } })?.severity).toBe(expected);
  });

  it("reads Ubuntu's word from severity, of the record and of a package", () => {
    const severity = [
      { type: 'CVSS_V3', score: V31 },
      { type: 'Ubuntu', score: 'negligible' },
    ];
    expect(parseOsv({ ...MINIMAL, severity })).toMatchObject({
      severity: 'low',
      cvss: [{ version: '3.1', score: 9.8 }],
    });
    expect(affected({ severity })).toMatchObject({ severity: 'low', cvss: [{ version: '3.1', score: 9.8 }] });
  });

  it('notes that a release gets no fix any more', () => {
    expect(affected({ ecosystem_specific: { urgency: 'end-of-life' } })?.fixState).toBe('end_of_life');
    expect(affected({ ecosystem_specific: { urgency: 'low' } })).not.toHaveProperty('fixState');
  });

  it('scores vectors of CVSS 2.0 to 4.0 and drops those that are invalid or of an unknown kind', () => {
    const { cvss } = parseOsv({
      ...MINIMAL,
      severity: [
        { type: 'CVSS_V2', score: '(AV:N/AC:L/Au:N/C:P/I:P/A:P)' },
        { type: 'CVSS_V3', score: 'CVSS:3.0/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N' },
        { type: 'CVSS_V3', score: V31 },
        { type: 'CVSS_V4', score: V40 },
        { type: 'CVSS_V3', score: 'CVSS:3.1/AV:X' },
        { type: 'CVSS_V4', score: '9.8' },
        { type: 'CVSS_V5', score: 'CVSS:5.0/X' },
      ],
    });
    expect(cvss).toEqual([
      { version: '2.0', vector: 'AV:N/AC:L/Au:N/C:P/I:P/A:P', score: 7.5, source: MINIMAL.id },
      { version: '3.0', vector: 'CVSS:3.0/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N', score: 5.5, source: MINIMAL.id },
      { version: '3.1', vector: V31, score: 9.8, source: MINIMAL.id },
      { version: '4.0', vector: V40, score: 9.3, source: MINIMAL.id },
    ]);
  });

  it('takes what an old bulletin of a distribution lists as related for what it is about', () => {
    const upstream = (fields: object) =>
      parseOsv({ ...MINIMAL, related: ['CVE-2024-1', 'ALBA-2024:2'], ...fields }).upstream;
    expect(upstream({ id: 'ALSA-2024:1' })).toEqual(['CVE-2024-1']);
    expect(upstream({ id: 'RLSA-2024:1', upstream: [] })).toEqual(['CVE-2024-1']);
    expect(upstream({ id: 'ALSA-2024:1', upstream: ['CVE-2024-3'] })).toEqual(['CVE-2024-3']);
    expect(upstream({ id: 'ALSA-2024:1', aliases: ['CVE-2024-3'] })).toEqual([]);
    expect(upstream({ id: 'UBUNTU-CVE-2024-3' })).toEqual([]);
    expect(upstream({})).toEqual([]);
    expect(upstream({ id: 'ALSA-2024:1', related: 'CVE-2024-1' })).toEqual([]);
  });

  it("keeps what Ubuntu Pro alone fixes under the ecosystem that Canonical's records name", () => {
    const ecosystems = ['Ubuntu:Pro:16.04:LTS', 'Ubuntu:Pro:FIPS-updates:20.04:LTS', 'Ubuntu:22.04:LTS'];
    const range = { type: 'ECOSYSTEM', events: [{ introduced: '0' }] };
    const record = ecosystems.map((ecosystem) => ({ package: { ecosystem, name: 'wayland' }, ranges: [range] }));
    expect(parseOsv({ ...MINIMAL, affected: record }).affected.map(({ ecosystem }) => ecosystem)).toEqual(ecosystems);
  });

  it.each([
    ['not an object', [], 'record: '],
    ['no id', { modified: MINIMAL.modified }, 'id: '],
    ['an empty id', { ...MINIMAL, id: '' }, 'id: '],
    ['an id that no index can hold', { ...MINIMAL, id: 'x'.repeat(3000) }, 'id: '],
    ['no time', { id: 'X-1' }, 'modified: '],
    [
      'a time that is none',
      { ...MINIMAL, modified: 'yesterday' },
      'modified: expected an RFC 3339 time, got "yesterday"',
    ],
    ['aliases that are no list', { ...MINIMAL, aliases: 'CVE-2024-1' }, 'aliases: '],
    [
      'a package without a name',
      { ...MINIMAL, affected: [{ package: { ecosystem: 'npm' } }] },
      'affected.0.package.name: ',
    ],
  ])('refuses %s and says where the fault is', (_, record, fault) => {
    let thrown: unknown;
    try {
      parseOsv(record);
    } catch (error) {
      thrown = error;
    }
    expect(describeFault(thrown)).toContain(fault);
  });
});
