import { expect } from 'vitest';
import { type AdvisoryLookup, judge } from '../../src/engine/matcher/match.js';
import type { CvssScores } from '../../src/engine/matcher/rating.js';
import type { Advisory, AffectedPackage } from '../../src/model/advisory.js';
import type { Judgement } from '../../src/model/finding.js';
import type { Package } from '../../src/model/package.js';
import type { Cvss } from '../../src/model/severity.js';

interface RecordFields extends Partial<Omit<Advisory, 'affected'>> {
  affected: (Partial<AffectedPackage> & { fixed?: string | null })[];
}

/** A record about perl in Debian 12, if it does not say otherwise; `fixed: null` is no fix. */
export function record(id: string, { affected, ...fields }: RecordFields): Advisory {
  return {
    id,
    aliases: [],
    upstream: [],
    summary: '',
    severity: null,
    cvss: [],
    modified: new Date(0),
    withdrawn: null,
    affected: affected.map(({ fixed, ...entry }) => ({
      ecosystem: 'Debian:12',
      name: 'perl',
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, ...(fixed ? [{ fixed }] : [])] }],
      versions: [],
      severity: null,
      cvss: [],
      ...entry,
    })),
    ...fields,
  };
}

export function deb(name: string, version: string, source: Package['source'] = null): Package {
  return {
    purl: `pkg:deb/debian/${name}@${version}?arch=amd64`,
    type: 'deb',
    ecosystem: 'Debian:12',
    name,
    version,
    source,
    architecture: 'amd64',
    licenses: [],
    module: null,
    locations: [{ path: '/var/lib/dpkg/status', layer: 'sha256:1' }],
  };
}

export function npm(name: string, version: string): Package {
  const locations = [{ path: `/app/node_modules/${name}-${version}/package.json`, layer: null }];
  return {
    ...deb(name, version),
    purl: `pkg:npm/${name}@${version}`,
    type: 'npm',
    ecosystem: 'npm',
    architecture: null,
    locations,
  };
}

export const PERL = deb('perl', '5.36.0-7');

/** What is judged of packages by these advisories, in whatever order they are found. */
export async function judged(
  advisories: Advisory[],
  packages: Package[] = [PERL],
  known = ['Debian:12', 'npm', 'Maven'],
  scores: ReadonlyMap<string, CvssScores> = new Map(),
) {
  const lookup: AdvisoryLookup = {
    find: async () => [...advisories],
    known: async () => new Set(known),
    scores: async (ids) => new Map([...scores].filter(([id]) => ids.includes(id))),
    mavenProjects: async (artifacts) => {
      const names = advisories.flatMap(({ affected }) => affected.map(({ name }) => name));
      return names.filter((name) => artifacts.some((artifact) => name.endsWith(`:${artifact}`)));
    },
  };
  const inventory = { packages };
  const result = await judge(inventory, lookup);
  const again = await judge(inventory, { ...lookup, find: async () => [...advisories].reverse() });
  expect(again).toEqual(result);
  return result;
}

/** The one judgement that there is. */
export async function only(advisories: Advisory[], packages?: Package[]): Promise<Judgement> {
  const { judgements } = await judged(advisories, packages);
  expect(judgements).toHaveLength(1);
  return judgements[0] as Judgement;
}

export const cvss = (version: string, score: number, source = 'X'): Cvss => ({
  version,
  vector: `v${version}`,
  score,
  source,
});
