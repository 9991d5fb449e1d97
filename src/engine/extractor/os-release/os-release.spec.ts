import { describe, expect, it } from 'vitest';
import type { Extraction } from '../extractor.js';
import { MemoryFile } from '../file-view.js';
import { osRelease } from './os-release.js';

const read = (text: string | Buffer, path = 'etc/os-release'): Extraction =>
  osRelease.extract(new MemoryFile(path, Buffer.from(text)));

describe('os-release', () => {
  it('reads quoted, escaped and bare values', () => {
    const text = `# comment\nNAME='A B'\nID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian \\"12\\""\n`;
    expect(read(text).distribution).toEqual({
      id: 'debian',
      versionId: '12',
      codename: 'bookworm',
      prettyName: 'Debian "12"',
    });
  });

  it('takes linux for the id that is not given, and nothing for an empty file', () => {
    expect(read('VERSION_ID=1\n').distribution).toMatchObject({ id: 'linux', versionId: '1' });
    expect(read('').distribution).toBeNull();
  });

  it('names a gap for a quote that is never closed', () => {
    const found = read('ID="debian\nVERSION_ID=12\n', 'etc/os-release');
    expect(found.distribution).toMatchObject({ id: 'linux', versionId: '12' });
    expect(found.gaps[0]?.message).toContain('line 1');
  });

  it.each<[string, string | null, string | null]>([
    ['ID=arch\nPRETTY_NAME="Arch Linux"\nBUILD_ID=rolling\n', null, null],
    ['ID=debian\nPRETTY_NAME="Debian GNU/Linux forky/sid"\nVERSION_CODENAME=forky\n', null, 'forky'],
    ['ID=debian\nPRETTY_NAME="Debian GNU/Linux buster/sid"\n', null, 'buster'],
    ['ID=wolfi\nVERSION_ID="20230201"\n', '20230201', null],
  ])('reads %j', (text, versionId, codename) => {
    expect(read(text).distribution).toMatchObject({ versionId, codename });
  });
});

describe('older files', () => {
  it('are wanted beside os-release', () => {
    const wanted = ['etc/os-release', 'usr/lib/os-release', 'etc/redhat-release', 'etc/debian_version'];
    const not = ['etc/release', 'x/etc/os-release', 'usr/lib/redhat-release', 'etc/os-release/x'];
    expect([...wanted, ...not].filter((path) => osRelease.wants(path))).toEqual(wanted);
  });

  const sles = 'SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = ';
  it.each<[string, string, string | null]>([
    ['alpine-release', '3.4.6\n', 'alpine 3.4.6 null'],
    ['alpine-release', '3.21.0_alpha20240923\n', 'alpine 3.21.0_alpha20240923 null'],
    ['centos-release', 'CentOS release 6.10 (Final)\n', 'centos 6.10 null'],
    ['centos-release', 'CentOS Linux release 7.9.2009 (Core)\n', 'centos 7.9.2009 null'],
    ['centos-release', 'CentOS Stream release 8\n', 'centos 8 null'],
    ['redhat-release', 'Red Hat Enterprise Linux Server release 6.10 (Santiago)\n', 'rhel 6.10 null'],
    ['redhat-release', 'Fedora release 20 (Heisenbug)\n', 'fedora 20 null'],
    ['oracle-release', 'Oracle Linux Server release 6.10\n', 'ol 6.10 null'],
    ['redhat-release', 'Enterprise Linux Enterprise Linux Server release 5.11 (Carthage)\n', 'ol 5.11 null'],
    ['system-release', 'Amazon Linux AMI release 2018.03\n', 'amzn 2018.03 null'],
    ['redhat-release', 'Rocky Linux release 8.9 (Green Obsidian)\n', 'rocky 8.9 null'],
    ['redhat-release', 'AlmaLinux release 9.3 (Shamrock Pampas Cat)\n', 'almalinux 9.3 null'],
    ['mageia-release', 'Mageia release 8 (Official) for x86_64\n', 'mageia 8 null'],
    ['redhat-release', 'Other Linux release 3 (X)\n', 'linux 3 null'],
    ['redhat-release', '', null],
    ['SuSE-release', `${sles}4\n`, 'sles 11.4 null'],
    ['SuSE-release', `${sles}0\n`, 'sles 11 null'],
    ['SuSE-release', 'openSUSE 13.1 (x86_64)\nVERSION = 13.1\nCODENAME = Bottle\n', 'opensuse 13.1 Bottle'],
    ['debian_version', '6.0.10\n', 'debian 6.0.10 null'],
    ['debian_version', 'trixie/sid\n', 'debian null trixie'],
    ['debian_version', '', null],
    [
      'lsb-release',
      'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=10.04\nDISTRIB_CODENAME=lucid\nDISTRIB_DESCRIPTION="Ubuntu 10.04.4 LTS"\n',
      'ubuntu 10.04 lucid',
    ],
    ['lsb-release', 'LSB_VERSION=base-4.0-amd64:base-4.0-noarch\n', null],
    ['lsb-release', 'nonsense\n', null],
    ['redhat-release', 'CentOS\u0001 release 6\n', null],
  ])('%s: %j', (name, text, expected) => {
    const found = read(text, `etc/${name}`);
    const { distribution } = found;
    expect(distribution && `${distribution.id} ${distribution.versionId} ${distribution.codename}`).toBe(expected);
    expect(found.gaps).toEqual([]);
  });
});
