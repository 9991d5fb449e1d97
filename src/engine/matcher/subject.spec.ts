import { expect, it } from 'vitest';
import type { SourcePackage } from '../../model/package.js';
import { advisoryNamesOf, type MatchedPackage, subjectOf } from './subject.js';

function installed(ecosystem: string, name: string, version: string, source: SourcePackage | null): MatchedPackage {
  return { type: 'deb', ecosystem, name, version, source, architecture: 'amd64', module: null };
}

const asked = (entry: MatchedPackage) => advisoryNamesOf(entry).map(({ ecosystem, name }) => `${ecosystem} ${name}`);

it('asks under the names of source and binary, once where they are one', () => {
  expect(asked(installed('Debian:12', 'libc6', '2.36-9', { name: 'glibc', version: '2.36-9' }))).toEqual([
    'Debian:12 glibc',
    'Debian:12 libc6',
  ]);
  expect(asked(installed('Debian:12', 'bash', '5.2', { name: 'bash', version: '5.2' }))).toEqual(['Debian:12 bash']);
  expect(asked(installed('Debian:12', 'bash', '5.2', null))).toEqual(['Debian:12 bash']);
});

it('asks nothing about a package of no ecosystem', () => {
  expect(asked({ ...installed('', 'bash', '5.2', null), ecosystem: null })).toEqual([]);
});

it('asks where Ubuntu Pro files its fixes, and those of certified builds for such alone', () => {
  const openssl = (version: string) => asked(installed('Ubuntu:20.04:LTS', 'openssl', version, null));
  expect(openssl('1.1.1f-1ubuntu2.18')).toEqual(['Ubuntu:20.04:LTS openssl', 'Ubuntu:Pro:20.04:LTS openssl']);
  expect(openssl('1.1.1f-1ubuntu2.fips.19')).toEqual([
    'Ubuntu:20.04:LTS openssl',
    'Ubuntu:Pro:20.04:LTS openssl',
    'Ubuntu:Pro:FIPS:20.04:LTS openssl',
    'Ubuntu:Pro:FIPS-updates:20.04:LTS openssl',
    'Ubuntu:Pro:FIPS-preview:20.04:LTS openssl',
  ]);
  expect(asked(installed('Ubuntu:20.04:LTS', 'linux-aws-fips', '5.4.0-1.1', null))).toHaveLength(5);
  expect(asked(installed('Ubuntu:22.04:LTS', 'linux-realtime', '5.15.0-1.1', null))).toEqual([
    'Ubuntu:22.04:LTS linux-realtime',
    'Ubuntu:Pro:22.04:LTS linux-realtime',
    'Ubuntu:Pro:Realtime:22.04:LTS linux-realtime',
    'Ubuntu:Pro:22.04:LTS:Realtime:Kernel linux-realtime',
  ]);
  expect(asked(installed('Ubuntu:24.10', 'bash', '5.2', null))).toEqual(['Ubuntu:24.10 bash']);
});

it('takes a signed kernel image for the kernel that it signs', () => {
  const source = (ecosystem: string, version: string, signed: SourcePackage) =>
    subjectOf(installed(ecosystem, 'linux-image', version, signed))?.source;
  expect(source('Debian:12', '6.1.76-1', { name: 'linux-signed-amd64', version: '6.1.76+1' })).toEqual({
    name: 'linux',
    version: '6.1.76-1',
  });
  expect(source('Ubuntu:22.04:LTS', '5.15.0-91.101', { name: 'linux-signed', version: '5.15.0-91.101' })).toEqual({
    name: 'linux',
    version: '5.15.0-91.101',
  });
  expect(source('Ubuntu:22.04:LTS', '6.5.0-1', { name: 'linux-signed-aws-6.5', version: '6.5.0-1.1' })).toEqual({
    name: 'linux-aws-6.5',
    version: '6.5.0-1.1',
  });
  expect(source('Debian:12', '1', { name: 'linux-signed-tool', version: '1' })?.name).toBe('linux-signed-tool');
});
