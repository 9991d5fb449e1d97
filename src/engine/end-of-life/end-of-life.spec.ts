import { describe, expect, it } from 'vitest';
import type { Distribution } from '../../model/distribution.js';
import type { ProductLifecycle, ReleaseCycle } from '../../model/lifecycle.js';
import type { Package, PackageType } from '../../model/package.js';
import { releaseOf } from './distributions.js';
import { judgeEndOfLife } from './judge-end-of-life.js';
import { distributionSupport } from './support.js';

const NOW = new Date('2026-11-24T12:00:00Z');
const SYNCED = new Date('2026-11-20T00:00:00Z');

const on = (day: string) => ({ on: day, over: false });
const open = { on: null, over: false };
const over = { on: null, over: true };

function cycle(
  name: string,
  end: ReleaseCycle['end'],
  extendedEnd: ReleaseCycle['end'] | null = null,
  codename: string | null = null,
): ReleaseCycle {
  return { name, codename, end, extendedEnd };
}

const PRODUCTS: ProductLifecycle[] = [
  {
    name: 'debian',
    label: 'Debian',
    extendedLabel: 'Debian LTS',
    cycles: [
      cycle('13', on('2028-08-09'), on('2030-06-30'), 'Trixie'),
      cycle('12', on('2026-07-11'), on('2028-06-30'), 'Bookworm'),
      cycle('11', on('2024-08-14'), on('2026-08-31'), 'Bullseye'),
      cycle('3', over, null),
    ],
  },
  {
    name: 'ubuntu',
    label: 'Ubuntu',
    extendedLabel: 'Expanded Security Maintenance',
    cycles: [
      cycle('24.04', on('2029-05-31'), on('2034-04-25')),
      cycle('20.04', on('2025-05-31'), on('2030-04-02')),
      cycle('12.04', on('2017-04-28'), on('2019-04-30')),
    ],
  },
  {
    name: 'alpine-linux',
    label: 'Alpine Linux',
    extendedLabel: null,
    cycles: [cycle('3.21', on('2026-11-24')), cycle('3.20', on('2026-11-23'))],
  },
  { name: 'oracle-linux', label: 'Oracle Linux', extendedLabel: null, cycles: [cycle('10', open, open)] },
  { name: 'go', label: 'Go', extendedLabel: null, cycles: [cycle('1.26', open), cycle('1.22', on('2025-02-11'))] },
  { name: 'dotnet', label: '.NET', extendedLabel: null, cycles: [cycle('6', on('2024-11-12'))] },
];

const FACTS = { syncedAt: SYNCED, products: PRODUCTS };

const os = (id: string, versionId: string | null, prettyName: string | null = null): Distribution => ({
  id,
  versionId,
  codename: null,
  prettyName,
});

const support = (
  distribution: Distribution | null,
  facts: Parameters<typeof distributionSupport>[1] = FACTS,
  now = NOW,
) => distributionSupport(distribution, facts, now);

describe('the release that os-release(5) names', () => {
  it.each<[Distribution, string]>([
    [os('alpine', '3.20.3'), 'alpine-linux 3.20'],
    [os('debian', '12'), 'debian 12'],
    [os('debian', '12.5'), 'debian 12'],
    [os('ubuntu', '22.04'), 'ubuntu 22.04'],
    [os('rhel', '9.4'), 'rhel 9'],
    [os('rocky', '9.3'), 'rocky-linux 9'],
    [os('almalinux', '8.10'), 'almalinux 8'],
    [os('ol', '8.9'), 'oracle-linux 8'],
    [os('amzn', '2'), 'amazon-linux 2,2.0'],
    [os('amzn', '2023'), 'amazon-linux 2023,2023.0'],
    [os('amzn', '2018.03'), 'amazon-linux 2018.03'],
    [os('fedora', '42'), 'fedora 42'],
    [os('opensuse-leap', '15.6'), 'opensuse 15.6'],
    [os('sles', '15.5'), 'sles 15.5'],
    [os('sles', '15'), 'sles 15,15.0'],
    [os('photon', '5.0'), 'photon 5.0'],
    [os('nixos', '24.05'), 'nixos 24.05'],
    [os('postmarketos', 'v25.06'), 'postmarketos 25.06'],
    [os('centos', '7', 'CentOS Linux 7 (Core)'), 'centos 7'],
    [os('centos', '8', 'CentOS Linux 8'), 'centos 8'],
    [os('centos', '8', 'CentOS Stream 8'), 'centos-stream 8'],
    [os('centos', '9'), 'centos-stream 9'],
    [os('centos', '8'), 'unknown'],
    [os('centos', null), 'unknown'],
    [os('arch', null), 'rolling'],
    [os('wolfi', '20230201'), 'rolling'],
    [os('opensuse-tumbleweed', '20240101'), 'rolling'],
    [os('alpine', '3.22_alpha20250108'), 'rolling'],
    [os('debian', null), 'rolling'],
    [os('rhel', null), 'unknown'],
    [os('debian', 'twelve'), 'unknown'],
    [os('azurelinux', '3.0'), 'unknown'],
    [os('toString', '1'), 'unknown'],
    [os('linux', null), 'unknown'],
  ])('%j is %s', (distribution, expected) => {
    const release = releaseOf(distribution);
    expect(release.kind === 'release' ? `${release.product} ${release.cycles.join()}` : release.kind).toBe(expected);
  });
});

describe('the support of a distribution', () => {
  it.each<[string, Distribution, string, string]>([
    ['within', os('debian', '13'), 'supported', 'Debian 13 (Trixie) is supported until 2030-06-30 (Debian LTS).'],
    [
      'within LTS, which all get',
      os('debian', '12'),
      'supported',
      'Debian 12 (Bookworm) is supported until 2028-06-30 (Debian LTS).',
    ],
    [
      'after LTS',
      os('debian', '11'),
      'ended',
      'Debian 11 (Bullseye) has had no support since 2026-08-31 (Debian LTS).',
    ],
    ['long over', os('debian', '3'), 'ended', 'Debian 3 has no support any more.'],
    ['within', os('ubuntu', '24.04'), 'supported', 'Ubuntu 24.04 is supported until 2029-05-31.'],
    [
      'within what has to be bought',
      os('ubuntu', '20.04'),
      'ended',
      'Ubuntu 20.04 has had no support since 2025-05-31. Who has bought Expanded Security Maintenance gets fixes until 2030-04-02.',
    ],
    ['after that too', os('ubuntu', '12.04'), 'ended', 'Ubuntu 12.04 has had no support since 2017-04-28.'],
    ['on its last day', os('alpine', '3.21.0'), 'supported', 'Alpine Linux 3.21 is supported until 2026-11-24.'],
    ['on the day after', os('alpine', '3.20.0'), 'ended', 'Alpine Linux 3.20 has had no support since 2026-11-23.'],
    ['without an end', os('ol', '10.1'), 'supported', 'Oracle Linux 10 is supported, without an end that is known.'],
    [
      'of a release that is not listed',
      os('debian', '99', 'Debian 99'),
      'unknown',
      'endoflife.date does not know Debian 99.',
    ],
    ['of a product that is not listed', os('fedora', '42'), 'unknown', 'endoflife.date does not know fedora 42.'],
    [
      'of a distribution without releases',
      os('arch', null, 'Arch Linux'),
      'rolling',
      'Arch Linux has no releases that end: it moves on.',
    ],
    ['that nobody knows', os('azurelinux', '3.0'), 'unknown', 'Nobody says how long azurelinux 3.0 is supported.'],
  ])('%s: %j', (_what, distribution, status, reason) => {
    expect(support(distribution)).toMatchObject({ status, reason });
  });

  it('is not known before the feed came in, nor without os-release', () => {
    expect(support(os('debian', '3'), { syncedAt: null, products: [] }).status).toBe('unknown');
    expect(support(null).status).toBe('unknown');
  });

  it('that has no end is not believed for ever', () => {
    const later = new Date('2027-06-01T00:00:00Z');
    expect(support(os('ol', '10'), FACTS, later)).toMatchObject({
      status: 'unknown',
      reason: expect.stringContaining('sync'),
    });
    expect(support(os('ubuntu', '24.04'), FACTS, later).status).toBe('supported');
  });
});

function installed(type: PackageType, name: string, version: string): Package {
  const found = { type, name, version, source: null, architecture: null, licenses: [], module: null };
  return {
    ...found,
    purl: `pkg:${type}/${name}@${version}`,
    ecosystem: null,
    locations: [{ path: `/app/${name}`, layer: 'L' }],
  };
}

const judge = (
  distribution: Distribution | null,
  packages: Package[] = [],
  facts: Parameters<typeof distributionSupport>[1] = FACTS,
  isComplete = true,
) =>
  judgeEndOfLife(
    { distribution, packages },
    { find: async (names) => ({ ...facts, products: facts.products.filter(({ name }) => names.includes(name)) }) },
    NOW,
    isComplete,
  );

describe('the findings of ends of life', () => {
  it('name the distribution, how bad it is, and when', async () => {
    const { judgements, undecided } = await judge(os('debian', '11'));
    expect(judgements).toEqual([
      expect.objectContaining({
        kind: 'end_of_life',
        ruleId: 'end-of-life/debian',
        severity: 'high',
        title: 'Debian 11 (Bullseye) has had no support since 2026-08-31 (Debian LTS)',
        package: null,
        fixState: 'end_of_life',
        location: { path: '/etc/os-release', line: null, layer: null, resource: 'Debian 11 (Bullseye)' },
      }),
    ]);
    expect(undecided).toEqual([]);
    expect((await judge(os('ubuntu', '20.04'))).judgements[0]?.severity).toBe('medium');
    expect((await judge(os('debian', '12'))).judgements).toEqual([]);
  });

  it('stay the same when the release is changed for another that has ended', async () => {
    const [first, second] = [await judge(os('ubuntu', '20.04')), await judge(os('ubuntu', '12.04'))];
    expect(first.judgements[0]?.fingerprint).toBe(second.judgements[0]?.fingerprint);
  });

  it('are of runtimes too, where a package is certainly one', async () => {
    const { judgements } = await judge(os('debian', '12'), [
      installed('golang', 'stdlib', '1.22.3'),
      installed('golang', 'github.com/a/b', 'v1.22.0'),
      installed('golang', 'stdlib', '1.26.1'),
      installed('nuget', 'Microsoft.NETCore.App.Runtime.linux-x64', '6.0.36'),
      installed('deb', 'python3.9', '3.9.2-1'),
    ]);
    expect(judgements.map(({ ruleId, title, package: entry }) => `${ruleId} ${title} ${entry?.version}`)).toEqual([
      'end-of-life/go Go 1.22 has had no support since 2025-02-11 1.22.3',
      'end-of-life/dotnet .NET 6 has had no support since 2024-11-12 6.0.36',
    ]);
  });

  it('close nothing that could not be decided', async () => {
    const never = { syncedAt: null, products: [] };
    expect((await judge(os('debian', '11'), [], never)).undecided).toEqual([null]);
    expect((await judge(null, [], FACTS, false)).undecided).toEqual([null]);
    expect((await judge(os('debian', '99'))).undecided).toEqual(['end-of-life/debian']);
    expect((await judge(os('debian', '12'), [installed('golang', 'stdlib', '1.99.0')])).undecided).toEqual([
      'end-of-life/go',
    ]);
    expect((await judge(os('arch', null))).undecided).toEqual([]);
  });
});
