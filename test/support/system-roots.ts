import { type OsvRecord } from './advisories.js';
import { alpine } from './image.js';
import { crateList, elf, goInfo } from './program.js';
import { rpmHeader, sqlite } from './rpm-database.js';
import { zip } from './zip.js';

/** A root file system, and advisories of which each hits one of its packages. */
export interface SystemRoot {
  files: Record<string, string | Buffer>;
  /** By part of the feed. */
  advisories: Record<string, OsvRecord[]>;
}

function osRelease(id: string, versionId: string | null, name: string): string {
  return `ID=${id}\n${versionId === null ? '' : `VERSION_ID="${versionId}"\n`}PRETTY_NAME="${name}"\n`;
}

function advisory(cve: string, ecosystem: string, name: string, fixed: string, severity = 'HIGH'): OsvRecord {
  return {
    id: `X-${cve}`,
    aliases: [cve],
    modified: '2026-01-01T00:00:00Z',
    affected: [
      { package: { ecosystem, name }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }] },
    ],
    database_specific: { severity },
  };
}

const dpkg = (fields: Record<string, string>) =>
  `${Object.entries({ Status: 'install ok installed', Architecture: 'amd64', ...fields })
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')}\n\n`;

const jar = zip({
  'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\n',
  'META-INF/maven/org.acme/Lib/pom.properties': 'groupId=org.acme\nartifactId=Lib\nversion=1.0\n',
});

/** One system of each package manager, and one application of each language. */
export const SYSTEM_ROOTS: Record<string, SystemRoot> = {
  Alpine: {
    files: alpine([
      { name: 'musl', version: '1.1.22-r3' },
      { name: 'libcrypto1.1', version: '1.1.1d-r2', origin: 'openssl' },
    ]),
    advisories: { Alpine: [advisory('CVE-2020-0001', 'Alpine:v3.10', 'openssl', '1.1.1g-r0')] },
  },
  Debian: {
    files: {
      'etc/os-release': osRelease('debian', '12', 'Debian GNU/Linux 12 (bookworm)'),
      'var/lib/dpkg/status': [
        dpkg({ Package: 'libc6', Version: '2.36-9+deb12u1', Source: 'glibc' }),
        dpkg({ Package: 'libstdc++6', Version: '12.2.0-14+b1', Source: 'gcc-12 (12.2.0-14)' }),
        dpkg({ Package: 'login', Version: '1:4.13+dfsg1-1+b1', Source: 'shadow (1:4.13+dfsg1-1)' }),
        dpkg({ Package: 'tzdata', Version: '2024a-0+deb12u1', Architecture: 'all' }),
      ].join(''),
    },
    advisories: {
      Debian: [
        advisory('CVE-2020-0002', 'Debian:12', 'glibc', '2.36-9+deb12u3', 'CRITICAL'),
        advisory('CVE-2020-0003', 'Debian:12', 'shadow', '1:4.13+dfsg1-1+deb12u1', 'LOW'),
        // Fixed in the source's version, which is below the package's own.
        advisory('CVE-2020-0004', 'Debian:12', 'gcc-12', '12.2.0-14+b1'),
      ],
    },
  },
  Ubuntu: {
    files: {
      'etc/os-release': osRelease('ubuntu', '22.04', 'Ubuntu 22.04 LTS'),
      'var/lib/dpkg/status': dpkg({ Package: 'libssl3', Version: '3.0.2-0ubuntu1', Source: 'openssl' }),
    },
    advisories: { Ubuntu: [advisory('CVE-2020-0005', 'Ubuntu:22.04:LTS', 'openssl', '3.0.2-0ubuntu1.1')] },
  },
  'Rocky Linux': {
    files: {
      'etc/os-release': osRelease('rocky', '8.5', 'Rocky Linux 8.5'),
      'var/lib/rpm/rpmdb.sqlite': sqlite([
        rpmHeader({
          name: 'openssl-libs',
          version: '1.1.1k',
          release: '5.el8_5',
          epoch: 1,
          architecture: 'x86_64',
          sourceRpm: 'openssl-1.1.1k-5.el8_5.src.rpm',
          license: 'OpenSSL and ASL 2.0',
        }),
        rpmHeader({
          name: 'nodejs',
          version: '18.1',
          release: '1.module',
          epoch: 0,
          architecture: 'x86_64',
          sourceRpm: 'nodejs-18.1-1.module.src.rpm',
          module: 'nodejs:18:8080020230718:63b34585',
        }),
        rpmHeader({ name: 'gpg-pubkey', version: '6d745a60', release: '60287f36' }),
      ]),
    },
    advisories: {
      'Rocky Linux': [
        advisory('CVE-2020-0006', 'Rocky Linux:8', 'openssl', '1:1.1.1k-6.el8_5'),
        advisory('CVE-2020-0007', 'Rocky Linux:8', 'nodejs', '1:18.2-1.module'),
      ],
    },
  },
  openSUSE: {
    files: {
      'etc/os-release': osRelease('opensuse-leap', '15.5', 'openSUSE Leap 15.5'),
      'var/lib/rpm/rpmdb.sqlite': sqlite([
        rpmHeader({
          name: 'libz1',
          version: '1.2.11',
          release: '1',
          architecture: 'x86_64',
          sourceRpm: 'zlib-1.2.11-1.src.rpm',
        }),
      ]),
    },
    advisories: { openSUSE: [advisory('CVE-2020-0008', 'openSUSE:Leap 15.5', 'zlib', '1.2.13-1')] },
  },
  Arch: {
    files: {
      'etc/os-release': osRelease('arch', null, 'Arch Linux'),
      'var/lib/pacman/local/libgcc-14.2.1-1/desc':
        '%NAME%\nlibgcc\n\n%VERSION%\n1:14.2.1-1\n\n%BASE%\ngcc\n\n%ARCH%\nx86_64\n\n%LICENSE%\nGPL-3.0-or-later\n\n',
    },
    advisories: {},
  },
  Languages: {
    files: {
      'app/node_modules/left/package.json': '{"name":"left","version":"1.0.0","license":"MIT"}',
      'app/node_modules/JSONStream/package.json':
        '{"name":"JSONStream","version":"1.0.0","license":"(MIT OR Apache-2.0)"}',
      'app/node_modules/@scope/right/package.json':
        '{"name":"@scope/right","version":"2.0.0","license":"our own words"}',
      'usr/lib/python3/site-packages/Zope.Interface-5.0.dist-info/METADATA':
        'Metadata-Version: 2.1\nName: Zope.Interface\nVersion: 5.0\nLicense: ZPL 2.1\n\n',
      'usr/lib/ruby/gems/3.0.0/specifications/rack-2.0.0.gemspec':
        'Gem::Specification.new do |s|\n  s.name = "rack".freeze\n  s.version = "2.0.0"\nend\n',
      'app/vendor/composer/installed.json':
        '{"packages":[{"name":"Acme/Tool","version":"v1.2.0","license":["MIT","BSD-3-Clause"]}],"dev":true}',
      'app/app.deps.json': JSON.stringify({
        runtimeTarget: { name: '.NETCoreApp,Version=v8.0' },
        targets: {
          '.NETCoreApp,Version=v8.0': { 'Newtonsoft.Json/12.0.1': { runtime: { 'lib/Newtonsoft.Json.dll': {} } } },
        },
        libraries: { 'Newtonsoft.Json/12.0.1': { type: 'package', serviceable: true, sha512: '' } },
      }),
      'app/lib.jar': jar,
      'app/all.jar': zip({ 'BOOT-INF/lib/lib.jar': jar }),
      'usr/bin/tool': elf({
        data: goInfo(
          'go1.21.3',
          'path\texample.com/tool\nmod\texample.com/tool\tv1.0.0\t\ndep\tgithub.com/BurntSushi/toml\tv1.0.0\th1:x=\n',
        ),
        dataSections: { '.go.buildinfo': null },
      }),
      'usr/bin/crab': elf({
        sections: {
          '.dep-v0': crateList([
            { name: 'time', version: '0.1.0', source: 'crates.io' },
            { name: 'crab', version: '1.0.0', source: 'local', root: true },
          ]),
        },
      }),
    },
    advisories: {
      npm: [advisory('CVE-2020-0010', 'npm', 'left', '1.2.0'), advisory('CVE-2020-0011', 'npm', 'JSONStream', '1.1.0')],
      PyPI: [advisory('CVE-2020-0012', 'PyPI', 'zope-interface', '5.1')],
      RubyGems: [advisory('CVE-2020-0013', 'RubyGems', 'rack', '2.0.6')],
      Packagist: [advisory('CVE-2020-0014', 'Packagist', 'acme/tool', '1.3.0')],
      NuGet: [advisory('CVE-2020-0015', 'NuGet', 'Newtonsoft.Json', '13.0.1')],
      Maven: [advisory('CVE-2020-0016', 'Maven', 'org.acme:Lib', '1.1')],
      Go: [
        advisory('CVE-2020-0017', 'Go', 'github.com/BurntSushi/toml', '1.1.0'),
        advisory('CVE-2020-0018', 'Go', 'stdlib', '1.21.4'),
      ],
      'crates.io': [advisory('CVE-2020-0019', 'crates.io', 'time', '0.2.23')],
    },
  },
};
