import { describe, expect, it } from 'vitest';
import type { Advisory, AffectedPackage, RangeEvent } from '../../model/advisory.js';
import type { Package } from '../../model/package.js';
import { explain } from './explain.js';
import { judge } from './match.js';
import { vulnerabilitiesNaming } from './naming.js';

function record(
  id: string,
  events: RangeEvent[],
  more: Partial<Advisory> & { entry?: Partial<AffectedPackage> } = {},
): Advisory {
  const { entry, ...fields } = more;
  return {
    id,
    aliases: [],
    upstream: [],
    summary: '',
    severity: null,
    cvss: [],
    modified: new Date(0),
    withdrawn: null,
    affected: [
      {
        ecosystem: 'Debian:12',
        name: 'openssl',
        ranges: [{ type: 'ECOSYSTEM', events }],
        versions: [],
        severity: null,
        cvss: [],
        ...entry,
      },
    ],
    ...fields,
  };
}

const LIBSSL: Package = {
  purl: 'pkg:deb/debian/libssl3@3.0.11-1',
  type: 'deb',
  ecosystem: 'Debian:12',
  name: 'libssl3',
  version: '3.0.11-1',
  source: { name: 'openssl', version: '3.0.11-1' },
  architecture: 'amd64',
  licenses: [],
  module: null,
  locations: [{ path: '/var/lib/dpkg/status', layer: null }],
};

const CVE = 'CVE-2024-1';
const lookupOf = (advisories: Advisory[]) => ({
  find: async () => advisories,
  known: async () => new Set(['Debian:12']),
  mavenProjects: async () => [],
  scores: async () => new Map(),
});
const explained = (advisories: Advisory[], entry = LIBSSL, ids = [CVE]) => explain(entry, ids, lookupOf(advisories));

describe('explain', () => {
  it('says the same as the judgement', async () => {
    const advisories = [
      record('DEBIAN-CVE-2024-1', [{ introduced: '0' }, { fixed: '3.0.14-1' }], { upstream: [CVE] }),
      record('DSA-1-1', [{ introduced: '0' }, { fixed: '3.0.13-1' }], { upstream: [CVE, 'CVE-2024-2'] }),
      record('GHSA-1', [], { aliases: [CVE], severity: 'high', affected: [] }),
    ];
    const { judgements } = await judge({ packages: [LIBSSL] }, lookupOf(advisories));
    for (const { ruleId, status, fixedVersion, fixState, severity, severitySource, advisories: ids } of judgements) {
      const told = await explained(advisories, LIBSSL, [ruleId]);
      expect(told).toMatchObject({ ruleId, verdict: status, fixedVersion, fixState, severity, severitySource });
      expect(told?.records.flatMap(({ advisory, role }) => (role === 'decided' ? [advisory.id] : []))).toEqual(ids);
    }
    expect(judgements).toHaveLength(2);
  });

  it('tells which records decided, were weighed, and only rate it', async () => {
    const told = await explained([
      record('DEBIAN-CVE-2024-1', [{ introduced: '0' }, { fixed: '3.0.14-1' }], { upstream: [CVE] }),
      record('DSA-1-1', [{ introduced: '0' }, { fixed: '3.0.9-1' }], { upstream: [CVE, 'CVE-2024-2'] }),
      record('GHSA-1', [], { aliases: [CVE], severity: 'high', affected: [] }),
    ]);
    expect(told?.records.map(({ advisory, role, verdict }) => [advisory.id, role, verdict])).toEqual([
      ['DEBIAN-CVE-2024-1', 'decided', 'affected'],
      ['DSA-1-1', 'weighed', 'not_affected'],
      ['GHSA-1', 'linked', null],
    ]);
    expect(told).toMatchObject({ severity: 'high', severitySource: 'github' });
  });

  it('compares the source package, and says why', async () => {
    const told = await explained([record(CVE, [{ introduced: '0' }, { fixed: '3.0.14-1' }])]);
    expect(told?.compared).toMatchObject({ name: 'openssl', version: '3.0.11-1', named: 'source', scheme: 'deb' });
    expect(told?.compared.reason).toContain('libssl3 3.0.11-1 was built from openssl 3.0.11-1');
    expect(told?.reason).toContain('3.0.11-1 < 3.0.14-1');
  });

  it.each<[RangeEvent[], [string, string, string][]]>([
    [
      [{ introduced: '0' }, { fixed: '3.0.14-1' }],
      [
        ['introduced', 'after', 'every version is affected from the first'],
        ['fixed', 'before', '3.0.11-1 < 3.0.14-1'],
      ],
    ],
    [
      [{ introduced: '3.0.11-1' }, { last_affected: '3.0.11-1' }],
      [
        ['introduced', 'at', '3.0.11-1 = 3.0.11-1'],
        ['last_affected', 'at', '3.0.11-1 = 3.0.11-1'],
      ],
    ],
    [
      [{ introduced: '3.0.0-1' }, { limit: '*' }],
      [
        ['introduced', 'after', '3.0.11-1 > 3.0.0-1'],
        ['limit', 'before', '3.0.11-1 < *'],
      ],
    ],
  ])('tells where the version stands to each boundary: %#', async (events, expected) => {
    const told = await explained([record(CVE, events)]);
    expect(
      told?.records[0]?.entries[0]?.ranges[0]?.events.map(({ kind, position, comparison }) => [
        kind,
        position,
        comparison,
      ]),
    ).toEqual(expected);
  });

  it('tells which versions cannot be ordered', async () => {
    const told = await explained([record(CVE, [{ introduced: '0' }, { fixed: 'not a version' }])]);
    expect(told?.verdict).toBe('undetermined');
    expect(told?.reason).toContain('not a version');
    expect(told?.records[0]?.entries[0]).toMatchObject({
      verdict: 'undetermined',
      ranges: [{ verdict: 'undetermined' }],
    });
  });

  it('tells that a version is listed', async () => {
    const told = await explained([record(CVE, [], { entry: { ranges: [], versions: ['3.0.11-1'] } })]);
    expect(told?.records[0]?.entries[0]?.listed).toBe(true);
    expect(told?.reason).toContain('it lists this version');
  });

  it('tells that what was found is not affected any more', async () => {
    const told = await explained([record(CVE, [{ introduced: '0' }, { fixed: '3.0.11-1' }])]);
    expect(told).toMatchObject({ verdict: 'not_affected', fixedVersion: null });
    expect(told?.records).toMatchObject([{ role: 'weighed', verdict: 'not_affected' }]);
  });

  it('follows a vulnerability to the name that it got since', async () => {
    const records = [record('GHSA-1', [{ introduced: '0' }], { aliases: [CVE] })];
    expect(await explained(records, LIBSSL, ['GHSA-1'])).toMatchObject({ ruleId: CVE });
  });

  it('is not misled by a bulletin on several vulnerabilities', async () => {
    const records = [record('DSA-1-1', [{ introduced: '0' }], { upstream: ['CVE-2023-9', CVE] })];
    expect(await explained(records, LIBSSL, [CVE, 'DSA-1-1'])).toMatchObject({ ruleId: CVE });
    expect(await explained(records, LIBSSL, ['CVE-2022-5', 'DSA-1-1'])).toBeNull();
  });

  it('knows nothing where no record is about it', async () => {
    expect(await explained([])).toBeNull();
    expect(await explained([], { ...LIBSSL, ecosystem: null })).toBeNull();
  });
});

describe('vulnerabilitiesNaming', () => {
  it('lists what any version has, with no word on one', async () => {
    const advisories = [
      record('DSA-1-1', [{ introduced: '0' }, { fixed: '1.0-1' }], { upstream: [CVE, 'CVE-2024-2'], summary: 'fixes' }),
      record('GHSA-1', [], { aliases: [CVE], severity: 'high', affected: [] }),
    ];
    const found = await vulnerabilitiesNaming(LIBSSL, lookupOf(advisories));
    expect(found.map(({ ruleId, severity, status, title }) => [ruleId, severity, status, title])).toEqual([
      [CVE, 'high', null, 'fixes'],
      ['CVE-2024-2', 'unknown', null, 'fixes'],
    ]);
  });
});
