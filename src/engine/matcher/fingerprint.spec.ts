import { describe, expect, it } from 'vitest';
import type { Package } from '../../model/package.js';
import { fingerprint, PackageIdentities } from './fingerprint.js';

function npm(name: string, version: string, ...paths: string[]): Package {
  const locations = paths.map((path) => ({ path, layer: null }));
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return {
    purl,
    type: 'npm',
    ecosystem: 'npm',
    name,
    version,
    source: null,
    architecture: null,
    licenses: [],
    module: null,
    locations,
  };
}

function deb(name: string, version: string, architecture = 'amd64'): Package {
  const purl = `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${architecture}&distro=debian-12`;
  const locations = [{ path: '/var/lib/dpkg/status', layer: null }];
  return {
    purl,
    type: 'deb',
    ecosystem: 'Debian:12',
    name,
    version,
    source: null,
    architecture,
    licenses: [],
    module: null,
    locations,
  };
}

function identity(of: Package, ...others: Package[]): string {
  return new PackageIdentities([of, ...others]).of(of);
}

describe('PackageIdentities', () => {
  it('stay the same when a package is upgraded', () => {
    expect(identity(deb('perl', '5.36.0-7'))).toBe(identity(deb('perl', '1:6.0~rc1-1')));
    expect(identity(npm('@a/b', '1.0.0', '/app/node_modules/@a/b/package.json'))).toBe(
      identity(npm('@a/b', '2.0.0', '/app/node_modules/@a/b/package.json')),
    );
    expect(identity(npm('ms', '2.0.0', '/app/node_modules/.pnpm/ms@2.0.0/node_modules/ms/package.json'))).toBe(
      identity(npm('ms', '2.1.0', '/app/node_modules/.pnpm/ms@2.1.0/node_modules/ms/package.json')),
    );
  });

  it('do not hang on further copies of the same version that lie deeper', () => {
    const top = '/app/node_modules/ms/package.json';
    expect(identity(npm('ms', '2.0.0', '/app/node_modules/debug/node_modules/ms/package.json', top))).toBe(
      identity(npm('ms', '2.0.0', top)),
    );
  });

  it('do not hang on another version of the package being there', () => {
    const top = npm('ms', '2.0.0', '/app/node_modules/ms/package.json');
    expect(identity(top, npm('ms', '1.0.0', '/app/node_modules/debug/node_modules/ms/package.json'))).toBe(
      identity(top),
    );
    const locked = npm('ms', '1.0.0', '/app/package-lock.json');
    expect(identity(locked, npm('ms', '2.0.0', '/app/package-lock.json'))).toBe(identity(locked));
  });

  it('are distinct in an inventory', () => {
    const packages = [
      npm('ms', '1.0.0', '/app/package-lock.json'),
      npm('ms', '2.0.0', '/app/package-lock.json'),
      npm('ms', '3.0.0', '/app/package-lock.json'),
      npm('ms', '2.1.0', '/app/node_modules/.pnpm/ms@2.1.0/node_modules/ms/package.json'),
      npm('ms', '2.2.0', '/app/node_modules/.pnpm/ms@2.2.0/node_modules/ms/package.json'),
      npm('@a/ms', '1.0.0', '/app/package-lock.json'),
      npm('ms', '4.0.0'),
      npm('ms', '5.0.0'),
      deb('libc6', '2.36-9'),
      deb('libc6', '2.36-9', 'i386'),
      deb('libc6', '2.36-10'),
      deb('libc6-dev', '2.36-9'),
    ];
    const identities = new PackageIdentities(packages);
    const all = packages.map((entry) => identities.of(entry));
    expect(new Set(all).size).toBe(packages.length);
    const reversed = new PackageIdentities([...packages].reverse());
    expect([...packages].reverse().map((entry) => reversed.of(entry))).toEqual(all.reverse());
  });
});

describe('fingerprint', () => {
  it('is a hash over kind, rule and identity', () => {
    expect(fingerprint('vulnerability', 'CVE-2024-1', 'a')).toMatch(/^[0-9a-f]{64}$/);
    expect(fingerprint('vulnerability', 'CVE-2024-1', 'a')).not.toBe(fingerprint('vulnerability', 'CVE-2024-2', 'a'));
    expect(fingerprint('vulnerability', 'CVE-2024-1', 'a')).not.toBe(fingerprint('vulnerability', 'CVE-2024-1', 'b'));
  });
});
