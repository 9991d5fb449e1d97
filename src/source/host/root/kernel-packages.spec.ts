import { expect, it } from 'vitest';
import type { Package, PackageType } from '../../../model/package.js';
import { wordsOf } from './kernel.js';
import { rebootFor } from './kernel-packages.js';

const of = (type: PackageType, ...names: string[]) =>
  names.map((text): Package => {
    const [name = '', version = '', architecture = 'x86_64'] = text.split(' ');
    return {
      ...{ type, name, version, architecture, source: null, licenses: [], module: null },
      ...{ purl: text, ecosystem: null, locations: [] },
    };
  });
const DEBIAN = of(
  'deb',
  'linux-image-6.1.0-28-amd64 6.1.119-1',
  'linux-image-6.1.0-9-amd64 6.1.27-1',
  'linux-image-amd64 6.1.119-1',
);
const UBUNTU = of(
  'deb',
  'linux-image-6.8.0-52-generic 6.8.0-52.53',
  'linux-image-6.8.0-100-generic 6.8.0-100.1',
  'linux-image-6.8.0-200-aws 6.8.0-200.1',
);
const FEDORA = of('rpm', 'kernel-core 6.11.4-301.fc41', 'kernel-core 6.11.10-300.fc41', 'kernel-headers 7.0-1.fc41');

it.each<[string, string, Package[], string | null]>([
  ['6.1.0-28-amd64', '#1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22)', DEBIAN, null],
  ['6.1.0-28-amd64', '#1 SMP PREEMPT_DYNAMIC Debian 6.1.115-1 (2024-11-01)', DEBIAN, '6.1.0-28-amd64 (6.1.119-1)'],
  ['6.1.0-9-amd64', '', DEBIAN, '6.1.0-28-amd64'],
  ['6.1.0-7-amd64', '', DEBIAN, '6.1.0-28-amd64'],
  ['6.1.0-28-cloud-amd64', '', DEBIAN, null],
  ['6.8.0-52-generic', '', UBUNTU, '6.8.0-100-generic'],
  ['6.8.0-100-generic', '', UBUNTU, null],
  ['6.18.44-fc-v669', '', UBUNTU, null],
  ['6.11.4-301.fc41.x86_64', '', FEDORA, '6.11.10-300.fc41.x86_64'],
  ['6.11.10-300.fc41.x86_64', '', FEDORA, null],
  ['6.4.0-150600.23.25-default', '', of('rpm', 'kernel-default 6.4.0-150600.23.25.1'), null],
  ['6.4.0-150600.23.22-default', '', of('rpm', 'kernel-default 6.4.0-150600.23.25.1'), '6.4.0-150600.23.25-default'],
  ['6.6.58-0-lts', '', of('apk', 'linux-lts 6.6.60-r0'), '6.6.60-0-lts'],
  ['6.6.60-0-lts', '', of('apk', 'linux-lts 6.6.60-r0', 'linux-virt 6.6.61-r0'), null],
  ['6.11.5-arch1-1', '', of('alpm', 'linux 6.11.6.arch1-1'), '6.11.6-arch1-1'],
  ['6.11.6-arch1-1', '', of('alpm', 'linux 6.11.6.arch1-1'), null],
  ['6.1.0-28-amd64', '', [], null],
])('%s %s', (release, version, packages, expected) => {
  expect(rebootFor({ release, version }, packages)).toBe(expected);
});

it('reads the words of the kernel’s command line, with those in quotes', () => {
  expect(wordsOf('root=/dev/sda1 ro dyndbg="file a.c +p" quiet\n')).toEqual([
    'root=/dev/sda1',
    'ro',
    'dyndbg="file a.c +p"',
    'quiet',
  ]);
  expect(wordsOf('a="open')).toEqual(['a="open']);
});
