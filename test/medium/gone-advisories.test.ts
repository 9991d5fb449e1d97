import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Advisory } from '../../src/model/advisory.js';
import type { Package } from '../../src/model/package.js';
import { deb, record } from '../support/judging.js';
import { Fleet, npmPackage } from './fleet.js';
import { openStores, type Stores } from './stores.js';

Logger.overrideLogger(false);

/** Keep the ecosystems known when what is tested is gone. */
const OTHER = [
  record('DEBIAN-CVE-2000-1', { affected: [{ name: 'elsewhere', fixed: '1' }] }),
  record('GHSA-0', { affected: [{ ecosystem: 'Maven', name: 'g:elsewhere', fixed: '1' }] }),
];

const PROJECT: Package = {
  ...npmPackage('a', '1.0'),
  purl: 'pkg:maven/guessed/a@1.0',
  type: 'maven',
  ecosystem: 'Maven',
  name: 'guessed:a',
};
const ARCHIVE: Package = { ...PROJECT, isGroupGuessed: true };
const maven = (id: string, name: string): Advisory =>
  record(id, { affected: [{ ecosystem: 'Maven', name, fixed: '2.0' }] });

describe('a finding whose advisory is gone, of a package with a gap', () => {
  let stores: Stores;
  let fleet: Fleet;
  beforeAll(async () => {
    stores = await openStores();
    fleet = new Fleet(stores);
  });
  afterAll(() => stores.close());
  beforeEach(() => fleet.change('all', OTHER));

  const found = async (target: string) =>
    (await fleet.open(target)).map(({ ruleId, status }) => `${ruleId} ${status}`).sort();

  const cases: [string, Package, Advisory, string][] = [
    [
      'that another repository built',
      deb('nginx', '1.20.2-1~bookworm'),
      record('DEBIAN-CVE-2024-1', { upstream: ['CVE-2024-1'], affected: [{ name: 'nginx' }] }),
      'CVE-2024-1 undetermined',
    ],
    [
      'whose version cannot be ordered',
      deb('curl', 'not a version'),
      record('DEBIAN-CVE-2024-2', { upstream: ['CVE-2024-2'], affected: [{ name: 'curl', fixed: '8' }] }),
      'CVE-2024-2 undetermined',
    ],
    ['whose name is a guess', ARCHIVE, maven('GHSA-1', 'guessed:a'), 'GHSA-1 open'],
  ];

  it.each(cases)('%s: closes without a scan', async (why, entry, advisory, expected) => {
    await fleet.change('all', [...OTHER, advisory]);
    await fleet.scan(`pass ${why}`, [entry]);
    expect(await found(`pass ${why}`)).toEqual([expected]);
    await fleet.change('all', [...OTHER, { ...advisory, withdrawn: new Date('2026-02-01') }]);
    expect(await found(`pass ${why}`)).toEqual([]);
  });

  it.each(cases)('%s: closes at the next scan', async (why, entry, advisory, expected) => {
    await fleet.change('all', [...OTHER, advisory]);
    await fleet.scan(`scan ${why}`, [entry]);
    expect(await found(`scan ${why}`)).toEqual([expected]);
    await fleet.publish('all', OTHER);
    await fleet.scan(`scan ${why}`, [entry]);
    expect(await found(`scan ${why}`)).toEqual([]);
  });

  it('stays while the package may be of the name that the advisory has now', async () => {
    await fleet.change('all', [...OTHER, maven('GHSA-1', 'guessed:a'), maven('GHSA-2', 'guessed:a')]);
    await fleet.scan('renamed', [ARCHIVE]);
    expect(await found('renamed')).toEqual(['GHSA-1 open', 'GHSA-2 open']);
    await fleet.change('all', [...OTHER, maven('GHSA-1', 'real:a')]);
    expect(await found('renamed')).toEqual(['GHSA-1 open']);
    await fleet.scan('renamed', [ARCHIVE]);
    expect(await found('renamed')).toEqual(['GHSA-1 open']);
  });
});

describe('a part that its feed lists no longer', () => {
  let stores: Stores;
  let fleet: Fleet;
  beforeAll(async () => {
    stores = await openStores();
    fleet = new Fleet(stores);
  });
  afterAll(() => stores.close());

  it('takes its findings with it, and what its records joined', async () => {
    const base = [...OTHER, record('GHSA-5', { affected: [{ ecosystem: 'Maven', name: 'g:kept', fixed: '2.0' }] })];
    await fleet.publish('all', base);
    await fleet.publish('gone', [
      maven('GHSA-4', 'g:lost'),
      record('CVE-2024-5', { aliases: ['GHSA-5'], affected: [{ ecosystem: 'Maven', name: 'g:unheld' }] }),
    ]);
    const held = (name: string): Package => ({
      ...PROJECT,
      name,
      purl: `pkg:maven/${name}@1.0`,
    });
    await fleet.scan('a', [held('g:lost'), held('g:kept')]);
    const rules = async () => (await fleet.open('a')).map(({ ruleId }) => ruleId).sort();
    expect(await rules()).toEqual(['CVE-2024-5', 'GHSA-4']);
    await stores.feeds.removeParts('osv', ['gone']);
    await fleet.rejudger.run();
    expect(await rules()).toEqual(['GHSA-5']);
  });
});
