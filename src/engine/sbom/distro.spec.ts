import { describe, expect, it } from 'vitest';
import type { PackageType } from '../../model/package.js';
import { distribution, distributionOf } from './distro.js';
import { belongsTo, mainDistribution } from './document-distribution.js';

const shown = (found: { id: string; versionId: string | null } | null) =>
  found && [found.id, found.versionId].join(' ');

describe('the distribution that a purl names', () => {
  it.each<[string | null, string | null, string | null]>([
    ['debian-12', 'debian', 'debian 12'],
    ['debian-12.5', 'debian', 'debian 12.5'],
    ['ubuntu-22.04', 'ubuntu', 'ubuntu 22.04'],
    ['opensuse-leap-15.5', 'opensuse', 'opensuse-leap 15.5'],
    ['opensuse-tumbleweed-20241011', 'opensuse', 'opensuse-tumbleweed 20241011'],
    ['opensuse-tumbleweed', 'opensuse', 'opensuse-tumbleweed '],
    ['opensuse.leap-15.0', 'opensuse', 'opensuse-leap 15.0'],
    ['alpine-v3.18.2', 'alpine', 'alpine 3.18.2'],
    ['alpine-3.21.0_alpha20240923', 'alpine', 'alpine 3.21.0_alpha20240923'],
    ['alpine-edge', 'alpine', 'alpine edge'],
    // Trivy leaves the name out for apk.
    ['3.20.3', 'alpine', 'alpine 3.20.3'],
    ['20230201', 'wolfi', 'wolfi 20230201'],
    ['3.20.3', null, null],
    ['redhat-8.4', 'redhat', 'rhel 8.4'],
    ['rhel-8.4', 'redhat', 'rhel 8.4'],
    ['amazon-2 (Karoo)', 'amazon', 'amzn 2'],
    ['oracle-8.5', 'oracle', 'ol 8.5'],
    ['alma-9.2', 'alma', 'almalinux 9.2'],
    ['Fedora-38', 'fedora', 'fedora 38'],
    ['jessie', 'debian', 'debian 8'],
    ['jammy', null, 'ubuntu 22.04'],
    ['debian-bookworm', 'debian', 'debian 12'],
    ['arch', 'arch', 'arch '],
    [null, 'debian', 'debian '],
    ['', 'redhat', 'rhel '],
    [null, null, null],
  ])('%s of %s is %s', (distro, namespace, expected) => {
    expect(shown(distributionOf(distro, namespace))).toBe(expected);
  });

  it.each([
    ['amazon', '2023.6.20241031 (Amazon Linux)', 'amzn 2023.6.20241031'],
    ['debian', 'trixie', 'debian 13'],
    ['debian', 'trixie/sid', 'debian trixie/sid'],
    ['ubuntu', 'v22.04', 'ubuntu 22.04'],
    ['debian', 'vivid', 'debian vivid'],
    ['suse linux enterprise server', '15.3', 'sles 15.3'],
    ['Rocky Linux', '8.5', 'rocky 8.5'],
  ])('a system component %s %s is %s', (name, version, expected) => {
    expect(shown(distribution(name, version))).toBe(expected);
  });
});

describe('the distribution of a package', () => {
  const named = (type: PackageType, distro: string | null, namespace: string | null) => ({
    type,
    distribution: distributionOf(distro, namespace),
    distro,
  });

  it.each<[string, ReturnType<typeof named>, string]>([
    ['debian 12.5', named('deb', 'debian-12', 'debian'), 'debian 12.5'],
    ['debian 12', named('deb', null, 'debian'), 'debian 12'],
    ['debian 12', named('deb', null, null), 'debian 12'],
    ['opensuse-leap 15.5', named('rpm', null, 'opensuse'), 'opensuse-leap 15.5'],
    ['rhel 8.4', named('rpm', null, 'redhat'), 'rhel 8.4'],
    ['sles 15.3', named('rpm', null, 'suse'), 'sles 15.3'],
    ['fedora 38', named('rpm', 'fedora-38', 'fedora'), 'fedora 38'],
    // What is of another distribution, or release, is not the document's.
    ['ubuntu 22.04', named('deb', 'debian-12', 'debian'), 'debian 12'],
    ['ubuntu 22.04', named('deb', null, 'debian'), 'debian '],
    ['debian 12', named('deb', 'debian-11', 'debian'), 'debian 11'],
    ['ubuntu 22.04', named('deb', 'ubuntu-20.04', 'ubuntu'), 'ubuntu 20.04'],
    ['fedora 38', named('rpm', 'fedora-39', 'fedora'), 'fedora 39'],
    ['debian 12', named('rpm', 'rocky-8.5', 'rocky'), 'rocky 8.5'],
  ])('in a document of %s', (main, package_, expected) => {
    const [name = '', version = ''] = main.split(' ');
    expect(shown(belongsTo(package_, distribution(name, version)))).toBe(expected);
  });

  it('is what most packages name where the document does not say', () => {
    const all = [
      named('deb', null, 'ubuntu'),
      named('deb', null, 'ubuntu'),
      named('deb', null, 'ubuntu'),
      named('deb', 'debian-11', 'debian'),
      named('deb', 'debian-12', 'debian'),
      named('deb', 'debian-12', 'debian'),
    ];
    expect(shown(mainDistribution(null, all))).toBe('debian 12');
    expect(shown(mainDistribution(null, all.slice(0, 3)))).toBe('ubuntu ');
    expect(mainDistribution(null, [])).toBeNull();
    expect(shown(mainDistribution(distribution('alpine', '3.20.3'), all))).toBe('alpine 3.20.3');
  });
});
