import { describe, expect, it } from 'vitest';
import { MemoryFile } from '../../file-view.js';
import { lockfile } from '../lockfile.js';

const extract = (path: string, text: string) => lockfile.extract(new MemoryFile(path, Buffer.from(text)));
const names = (path: string, text: string) =>
  extract(path, text).packages.map(({ name, version }) => `${name} ${version}`);
const gaps = (path: string, text: string) => extract(path, text).gaps.map(({ message }) => message);

describe('package-lock.json', () => {
  const FILE = 'package-lock.json';

  it('of version 1 has a tree, from which what is for development and what is local is left out', () => {
    const dependencies = {
      a: { version: '1.0.0', dependencies: { b: { version: '2.0.0' }, c: { version: '3.0.0', dev: true } } },
      d: { version: '1.0.0', dev: true, dependencies: { e: { version: '1.0.0', dev: true } } },
      alias: { version: 'npm:@s/real@1.2.3' },
      mine: { version: 'file:../mine' },
      forked: { version: 'git+ssh://git@host/x.git#abc' },
    };
    const text = JSON.stringify({ lockfileVersion: 1, dependencies });
    expect(names(FILE, text).sort()).toEqual([
      '@s/real 1.2.3',
      'a 1.0.0',
      'b 2.0.0',
      'forked git+ssh://git@host/x.git#abc',
    ]);
    expect(gaps(FILE, text)).toEqual([]);
  });

  it('of versions 2 and 3 has places, and links to the packages of the project itself', () => {
    const packages = {
      '': { name: 'app', version: '1.0.0' },
      'node_modules/a': { version: '1.0.0', license: 'MIT' },
      'node_modules/a/node_modules/@s/b': { version: '2.0.0', devOptional: true },
      'node_modules/alias': { name: 'real', version: '3.0.0' },
      'node_modules/d': { version: '1.0.0', dev: true },
      'node_modules/mine': { resolved: 'packages/mine', link: true },
      'packages/mine': { version: '4.0.0' },
      'packages/unlinked': { version: '5.0.0' },
      'packages/mine/node_modules/e': { version: '6.0.0' },
    };
    const text = JSON.stringify({ lockfileVersion: 3, packages, dependencies: { old: { version: '1.0.0' } } });
    expect(names(FILE, text)).toEqual(['a 1.0.0', '@s/b 2.0.0', 'real 3.0.0', 'mine 4.0.0', 'e 6.0.0']);
    expect(extract(FILE, text).packages[0]?.licenses).toEqual(['MIT']);
  });

  it('may have keys that objects of JavaScript have too', () => {
    const text =
      '{"packages":{"node_modules/__proto__":{"version":"1.0.0"},"node_modules/constructor":{"version":"2.0.0"},"__proto__":{"link":true}}}';
    expect(names(FILE, text)).toEqual(['__proto__ 1.0.0', 'constructor 2.0.0']);
  });

  it('names a gap for what has no version, and none for a project without dependencies', () => {
    expect(gaps(FILE, '{"lockfileVersion":1}')).toEqual([]);
    expect(gaps(FILE, '{"packages":{"node_modules/a":{}}}')[0]).toContain('no version of a');
    expect(gaps(FILE, '{}')[0]).toContain('neither "packages" nor "dependencies"');
  });
});

describe('yarn.lock', () => {
  const FILE = 'yarn.lock';

  it('of Yarn 1 has blocks of its own form', () => {
    const text = `# yarn lockfile v1


"@babel/core@^7.0.0", "@babel/core@^7.1.0":
  version "7.24.0"
  resolved "https://host/@babel/core/-/core-7.24.0.tgz#x"
  dependencies:
    version "^9.9.9"

alias@npm:real@^1.0.0, other@1:
  version "1.2.3"

"@s/alias@npm:@t/real@2":
  version "2.0.0"

"linked@link:../linked":
  version "0.0.0"

"forked@git+https://host/x.git#abc":
  name original
  version "5.0.0"
`;
    const expected = ['@babel/core 7.24.0', 'real 1.2.3', '@t/real 2.0.0', 'original 5.0.0'];
    expect(names(FILE, text.replace('alias@npm:real@^1.0.0, other@1:', '"alias@npm:real@^1.0.0", other@1:'))).toEqual(
      expected,
    );
    expect(
      names(FILE, text.replaceAll('\n', '\r\n').replace('alias@npm:real@^1.0.0', '"alias@npm:real@^1.0.0"')),
    ).toEqual(expected);
  });

  it('of Yarn 1 says where a conflict of versions was left in it', () => {
    const text = 'a@1:\n  version "1.0.0"\n\n<<<<<<< HEAD\nb@1:\n  resolved "x"\n';
    expect(names(FILE, text)).toEqual(['a 1.0.0']);
    expect(gaps(FILE, text)[0]).toContain('line 4 has no descriptor of a package, and 1 more');
  });

  it('of later versions is YAML, with what was resolved', () => {
    const text = `__metadata:
  version: 8

"alias@npm:real@^1.0.0":
  version: 1.2.3
  resolution: "real@npm:1.2.3"

"@s/a@npm:^2, @s/a@npm:^2.1":
  version: 2.2.0
  resolution: "@s/a@npm:2.2.0"

"typescript@patch:typescript@npm%3A^5#~builtin":
  version: 5.4.5
  resolution: "typescript@patch:typescript@npm%3A5.4.5#~builtin"

"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."
`;
    expect(names(FILE, text)).toEqual(['real 1.2.3', '@s/a 2.2.0', 'typescript 5.4.5']);
    expect(gaps(FILE, text)).toEqual([]);
  });
});

describe('pnpm-lock.yaml', () => {
  const FILE = 'pnpm-lock.yaml';

  it.each([
    ['5.4', '/a/1.0.0', '/@s/b/2.0.0_react@18.0.0', '/d/1.0.0', 'host.example/c/3.0.0'],
    ['5.3', '/a/1.0.0', '/@s/b/2.0.0/react@18.0.0', '/d/1.0.0', 'host.example/c/3.0.0'],
    ["'6.0'", '/a@1.0.0', '/@s/b@2.0.0(react@18.0.0)(x@1.0.0)', '/d@1.0.0', 'host.example/c@3.0.0'],
  ])('of version %s marks what is for development', (version, a, b, d, registry) => {
    const text = `lockfileVersion: ${version}
packages:
  ${a}: {resolution: {integrity: x}, dev: false}
  '${b}': {resolution: {integrity: x}}
  ${d}: {resolution: {integrity: x}, dev: true}
  ${registry}: {resolution: {integrity: x}}
  file:mine: {resolution: {directory: mine, type: directory}}
  github.com/u/r/abc: {name: forked, version: 4.0.0}
`;
    expect(names(FILE, text)).toEqual(['a 1.0.0', '@s/b 2.0.0', 'c 3.0.0', 'forked 4.0.0']);
    expect(gaps(FILE, text)).toEqual([]);
  });

  it('of version 9 tells what is for development by what leads to it', () => {
    const text = `---
lockfileVersion: '9.0'
importers:
  .:
    packageManagerDependencies: {pnpm: {specifier: 11.0.0, version: 11.0.0}}
packages:
  pnpm@11.0.0: {resolution: {integrity: x}}
---
lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a: {specifier: ^1.0.0, version: '1.0.0(peer@1.0.0)'}
      alias: {specifier: npm:real@1, version: real@1.1.1}
      mine: {specifier: link:../mine, version: link:../mine}
    devDependencies:
      d: {specifier: ^1.0.0, version: 1.0.0}
  packages/x:
    optionalDependencies:
      o: {specifier: ^1.0.0, version: 1.0.0}
packages:
  a@1.0.0: {resolution: {integrity: x}}
  peer@1.0.0: {resolution: {integrity: x}}
  real@1.1.1: {resolution: {integrity: x}}
  d@1.0.0: {resolution: {integrity: x}}
  d2@1.0.0: {resolution: {integrity: x}}
  both@1.0.0: {resolution: {integrity: x}}
  o@1.0.0: {resolution: {integrity: x}}
  'g@https://host/g.tgz': {resolution: {tarball: x}, version: 7.0.0}
snapshots:
  a@1.0.0(peer@1.0.0):
    dependencies: {both: 1.0.0, peer: 1.0.0, g: 'https://host/g.tgz'}
  peer@1.0.0: {}
  real@1.1.1: {}
  d@1.0.0:
    dependencies: {d2: 1.0.0, both: 1.0.0}
  d2@1.0.0:
    dependencies: {d: 1.0.0}
  both@1.0.0: {}
  o@1.0.0: {}
  'g@https://host/g.tgz': {}
`;
    expect(names(FILE, text)).toEqual(['a 1.0.0', 'peer 1.0.0', 'real 1.1.1', 'both 1.0.0', 'o 1.0.0', 'g 7.0.0']);
    expect(gaps(FILE, text)).toEqual([]);
  });

  it('of another version, or with aliases of YAML, is a gap', () => {
    expect(gaps(FILE, 'lockfileVersion: 4\n')[0]).toContain('a lockfileVersion that is not known');
    expect(gaps(FILE, 'lockfileVersion: 9.0\npackages: &a {x: *a}\n')).toHaveLength(1);
    expect(gaps(FILE, `a: &a [x]\nb: [${'*a,'.repeat(50)}]\n`)).toHaveLength(1);
    expect(extract(FILE, '')).toMatchObject({ packages: [], gaps: [] });
  });
});

describe('bun.lock', () => {
  const FILE = 'bun.lock';

  it('is JSON with trailing commas and comments, and places below other places', () => {
    const text = `{
  // Written by Bun.
  "lockfileVersion": 1,
  "workspaces": {
    "": {"name": "app", "dependencies": {"a": "^1"}, "devDependencies": {"d": "1",},},
    "packages/mine": {"name": "mine", "version": "9.0.0", "dependencies": {"b": "2"},},
  },
  "packages": {
    "a": ["a@1.0.0", "", {"dependencies": {"b": "^1", "url": "x//y, ]"}}, "sha512-x"],
    "b": ["b@2.0.0", "", {}, "sha512-x"],
    "a/b": ["@s/real@1.0.0", "", {"dependencies": {"e": "1"}}, "sha512-x"],
    "a/b/e": ["e@1.0.0", "", {}, "sha512-x"],
    "d": ["d@1.0.0", "", {"dependencies": {"e": "2", "b": "*"}}, "sha512-x"],
    "e": ["e@2.0.0", "", {}, "sha512-x"],
    "mine": ["mine@workspace:packages/mine"],
    "g": ["g@git+https://host/g#abc", {}, "abc"], /* the end */
  },
}`;
    expect(names(FILE, text)).toEqual([
      'a 1.0.0',
      'b 2.0.0',
      '@s/real 1.0.0',
      'e 1.0.0',
      'mine 9.0.0',
      'g git+https://host/g#abc',
    ]);
    expect(gaps(FILE, text)).toEqual([]);
  });

  it('in its binary form is a gap', () => {
    expect(gaps('bun.lockb', '#!/usr/bin/env bun\n\0\0')[0]).toContain('a binary form that only Bun reads');
  });
});
