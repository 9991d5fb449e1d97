import { describe, expect, it } from 'vitest';
import fc from '../../../test/support/property.js';
import type { Extraction, Extractor } from './extractor.js';
import { MemoryFile } from './file-view.js';
import { lockfile } from './lockfile/lockfile.js';
import { npm } from './npm/npm.js';
import { php } from './php/php.js';
import { python } from './python/python.js';
import { ruby } from './ruby/ruby.js';

const GEMFILE =
  'GEM\n  specs:\n    rack (3.0.8)\n    nokogiri (1.16.0-x86_64-linux)\n      racc (~> 1.4)\n\nDEPENDENCIES\n  rack\n';
const POM = `<?xml version="1.0"?><project><properties><v>1</v></properties><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId><version>\${v}</version></dependency></dependencies></project>`;
const PNPM = `lockfileVersion: '9.0'
importers:
  .: {dependencies: {a: {specifier: ^1, version: '1.0.0(b@1.0.0)'}}, devDependencies: {d: {version: 1.0.0}}}
packages: {a@1.0.0: {resolution: {integrity: x}}, d@1.0.0: {}}
snapshots: {'a@1.0.0(b@1.0.0)': {dependencies: {b: 1.0.0}}}
`;
const BUN =
  '{"workspaces":{"":{"dependencies":{"a":"1"},"devDependencies":{"b":"1"},},},"packages":{"a":["a@1.0.0","",{"dependencies":{"b":"1"}},"x"],"b":["b@1.0.0"],}}';
const UV =
  '[[package]]\nname = "app"\nsource = { editable = "." }\n[package.dev-dependencies]\ndev = [{ name = "d" }]\n[[package]]\nname = "a"\nversion = "1.0"\n';

/** A file of each kind that can be read, and whose names are all that it could be mistaken for. */
const SAMPLES: [Extractor, string, string][] = [
  [npm, 'node_modules/a/package.json', '{"name":"a","version":"1.0.0","licenses":[{"type":"MIT"}]}'],
  [python, 'a-1.dist-info/METADATA', 'Name: a\nVersion: 1\nLicense: x\n y\nClassifier: License :: MIT\n\nbody\n'],
  [ruby, 'specifications/a-1.gemspec', '# stub: a 1.0 ruby lib\n\n  s.name = "a".freeze\n  s.version = "1.0"\n'],
  [php, 'composer/installed.json', '{"packages":[{"name":"a/b","version":"v1.0.0","license":["MIT"]}]}'],
  [
    lockfile,
    'package-lock.json',
    '{"packages":{"":{},"node_modules/a":{"version":"1.0.0"},"node_modules/l":{"link":true,"resolved":"l"},"l":{"version":"1.0.0"}}}',
  ],
  [
    lockfile,
    'npm-shrinkwrap.json',
    '{"lockfileVersion":1,"dependencies":{"a":{"version":"1.0.0","dependencies":{"b":{"version":"1.0.0"}}}}}',
  ],
  [
    lockfile,
    'yarn.lock',
    '# yarn lockfile v1\n\n"@s/a@^1", "b@npm:@s/a@1":\n  version "1.0.0"\n  dependencies:\n    c "1"\n',
  ],
  [
    lockfile,
    'x/yarn.lock',
    '__metadata:\n  version: 8\n\n"a@npm:^1":\n  version: 1.0.0\n  resolution: "a@npm:1.0.0"\n',
  ],
  [lockfile, 'pnpm-lock.yaml', PNPM],
  [lockfile, 'bun.lock', BUN],
  [lockfile, 'requirements.txt', 'a==1.0 \\\n  --hash=sha256:x\n-r b.txt\nc[x]>=1,==2 ; python_version<"3" # d\n'],
  [lockfile, 'Pipfile.lock', '{"default":{"a":{"version":"==1.0"}}}'],
  [lockfile, 'poetry.lock', '[[package]]\nname = "a"\nversion = "1.0"\ngroups = ["main"]\n'],
  [lockfile, 'uv.lock', UV],
  [lockfile, 'pdm.lock', '[[package]]\nname = "a"\nversion = "1.0"\n'],
  [lockfile, 'pylock.toml', '[[packages]]\nname = "a"\nversion = "1.0"\n'],
  [lockfile, 'Gemfile.lock', GEMFILE],
  [lockfile, 'composer.lock', '{"packages":[{"name":"a/b","version":"1.0.0","license":"MIT"}]}'],
  [lockfile, 'Cargo.lock', '[[package]]\nname = "a"\nversion = "1.0.0"\n'],
  [
    lockfile,
    'go.mod',
    'module x\ngo 1.21\nrequire (\n\ta.b/c v1.0.0 // indirect\n)\nreplace a.b/c v1.0.0 => d.e/f v1.1.0\n',
  ],
  [lockfile, 'pom.xml', POM],
  [lockfile, 'gradle.lockfile', 'g:a:1.0=compileClasspath,testX\nempty=\n'],
  [lockfile, 'packages.lock.json', '{"dependencies":{"net8.0":{"A":{"type":"Direct","resolved":"1.0.0"}}}}'],
  [lockfile, 'pubspec.lock', 'packages:\n  a:\n    source: hosted\n    version: "1.0.0"\n'],
  [lockfile, 'mix.lock', '%{\n  "a": {:hex, :a, "1.0.0", "x", [:mix], [], "hexpm", "y"},\n}\n'],
  [lockfile, 'renv.lock', '{"Packages":{"a":{"Package":"a","Version":"1.0"}}}'],
  [lockfile, 'stack.yaml.lock', 'packages:\n- completed:\n    hackage: a-1.0@sha256:x,1\n'],
  [lockfile, 'cabal.project.freeze', 'constraints: any.a ==1.0,\n             a +flag\n'],
];

/** What parsers stumble over, put in the place of a piece of a file. */
const PIECES = [
  '',
  '\0',
  '\n',
  '"',
  "'",
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '/',
  '@',
  '-',
  '#',
  '=',
  '<',
  '>',
  '&',
  '*',
  '!',
  '(',
  ')',
  '__proto__',
  'constructor',
  'null',
  '1e999',
  '\ud800',
  '\uFEFF',
  '\u0085',
  `\${v}`,
  '<!--',
  ']]>',
  '//',
  '/*',
  '- ',
  '? ',
  '&a',
  '*a',
  '!!js/function',
  '<<: *a',
  '%TAG',
  '---\n',
  "'''",
  '"""',
  'x'.repeat(2000),
  '['.repeat(500),
];

const run = (extractor: Extractor, path: string, content: Buffer): Extraction =>
  extractor.extract(new MemoryFile(path, content));

describe('files that nobody vouches for', () => {
  it.each(SAMPLES)('%o %s is read when it is whole', (extractor, path, text) => {
    expect(extractor.wants(path)).toBe(true);
    expect(run(extractor, path, Buffer.from(text)).packages).not.toEqual([]);
  });

  it.each(SAMPLES)('%o %s is read to an end, whatever its bytes', (extractor, path, text) => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(30), fc.constantFrom(...PIECES)), {
      minLength: 1,
      maxLength: 4,
    });
    const changed = changes.map((list) => Buffer.from(list.reduce(change, text)));
    fc.assert(
      fc.property(fc.oneof(bytes, changed), (content) => {
        const { packages, gaps } = run(extractor, path, content);
        expect(gaps.length).toBeLessThanOrEqual(2);
        for (const { name, version } of packages) expect(`${name}${version}`).toMatch(/^\P{Cc}+$/u);
      }),
      { numRuns: 300 },
    );
  });

  it.each(SAMPLES)('%o %s that is cut off never names a package that is not in it', (extractor, path, text) => {
    const whole = new Set(run(extractor, path, Buffer.from(text)).packages.map(({ name }) => name));
    // These forms end anywhere: what is cut short is a name or a version all the same.
    const endless = new Set(['requirements.txt', 'go.mod', 'cabal.project.freeze', 'gradle.lockfile']);
    for (let length = 0; length < text.length; length += 1) {
      const { packages } = run(extractor, path, Buffer.from(text.slice(0, length)));
      if (!endless.has(path)) for (const { name } of packages) expect(whole).toContain(name);
    }
  });

  const json = SAMPLES.filter(([, , text]) => text.startsWith('{'));
  const kinds = fc.constantFrom<unknown>(null, 1, 'x', [], {}, [[]], { a: 1 }, [{}], true);
  it.each(json)('%o %s may have any kind of value anywhere', (extractor, path, text) => {
    if (path === 'bun.lock') return;
    const document: unknown = JSON.parse(text);
    fc.assert(
      fc.property(fc.nat(), kinds, (at, value) => {
        const total = countValues(document);
        const other = JSON.stringify(document, replaceAt(at % total, value));
        run(extractor, path, Buffer.from(other ?? 'null'));
      }),
    );
  });
});

function countValues(document: unknown): number {
  let count = 0;
  JSON.stringify(document, (_key, entry: unknown) => {
    count += 1;
    return entry;
  });
  return count;
}

/** A replacer that puts a value in the place of the one that is visited as the n-th. */
function replaceAt(at: number, value: unknown): (key: string, entry: unknown) => unknown {
  let seen = 0;
  return (_key, entry) => {
    seen += 1;
    return seen - 1 === at ? value : entry;
  };
}

function change(text: string, [at, length, piece]: [number, number, string]): string {
  const start = at % (text.length + 1);
  return text.slice(0, start) + piece + text.slice(start + length);
}

describe('files that are made to exhaust', () => {
  const MEGABYTE = 1024 * 1024;
  const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);
  it.each<[string, string, string]>([
    ['lists in lists', 'package-lock.json', nested('[', ']', 400_000)],
    ['mappings in mappings', 'package-lock.json', `{"a":${nested('{"a":', '}', 200_000).replace('}', '1}')}}`],
    [
      'dependencies of dependencies',
      'package-lock.json',
      `${'{"dependencies":{"a":'.repeat(100_000)}1${'}}'.repeat(100_000)}`,
    ],
    ['millions of empty values', 'package-lock.json', `[${'{},'.repeat(4 * MEGABYTE)}{}]`],
    ['lists in lists', 'pnpm-lock.yaml', nested('[', ']', 100_000)],
    ['lists on one line', 'pnpm-lock.yaml', '- '.repeat(100_000)],
    ['keys', 'pnpm-lock.yaml', Array.from({ length: 50_000 }, (_, i) => `k${i}: 1\n`).join('')],
    ['a million lines', 'pnpm-lock.yaml', 'a:\n'.repeat(MEGABYTE)],
    [
      'aliases of aliases',
      'pnpm-lock.yaml',
      Array.from({ length: 30 }, (_, i) => `a${i}: &a${i} [${`*a${i - 1},`.repeat(i && 9)}]\n`).join(''),
    ],
    ['lists in lists', 'poetry.lock', `a = ${nested('[', ']', 100_000)}`],
    ['a key of many parts', 'poetry.lock', `${'a.'.repeat(200_000)}b = 1`],
    ['a million tables', 'poetry.lock', '[[package]]\n'.repeat(MEGABYTE)],
    ['comments that are not closed', 'bun.lock', '/*'.repeat(MEGABYTE)],
    ['a string that is not closed', 'bun.lock', `"${'\\"'.repeat(MEGABYTE)}`],
    ['commas far from a bracket', 'bun.lock', `[${`,${' '.repeat(1000)}`.repeat(1000)}]`],
    ['a line of many descriptors', 'yarn.lock', `${'a@1, '.repeat(MEGABYTE)}b@1:\n  version "1"\n`],
    ['a string that is not closed', 'yarn.lock', `"${'\\"'.repeat(MEGABYTE)}`],
    ['a line that never ends', 'requirements.txt', 'a \\\n'.repeat(MEGABYTE)],
    ['blanks', 'requirements.txt', `a${' '.repeat(4 * MEGABYTE)}b`],
    ['elements in elements', 'pom.xml', `<project>${nested('<a>', '</a>', 200_000)}</project>`],
    ['properties of properties', 'pom.xml', pomOf(30)],
    ['a dependency managed again and again', 'pom.xml', managed(20_000)],
    ['words', 'go.mod', `require ${'a '.repeat(MEGABYTE)}`],
    ['blocks', 'go.mod', 'require (\n'.repeat(MEGABYTE / 4)],
    ['a name of a megabyte', 'Cargo.lock', `[[package]]\nname = "${'x'.repeat(MEGABYTE)}"\nversion = "1"\n`],
    ['a chain', 'uv.lock', chain(20_000)],
  ])('%s in %s: read in bounded time, or a gap', (_what, path, text) => {
    const start = performance.now();
    const { packages, gaps } = run(lockfile, path, Buffer.from(text));
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(packages.length + gaps.length).toBeGreaterThanOrEqual(path === 'uv.lock' ? 10_000 : 0);
    expect(JSON.stringify(gaps).length).toBeLessThan(2000);
  });

  it('leaves a gap where it is not looked at to the end', () => {
    const files: [string, string][] = [
      ['package-lock.json', `[${'{},'.repeat(4 * MEGABYTE)}{}]`],
      ['pnpm-lock.yaml', 'a:\n'.repeat(MEGABYTE)],
      ['poetry.lock', '[[package]]\n'.repeat(MEGABYTE)],
    ];
    for (const [path, text] of files) {
      expect(run(lockfile, path, Buffer.from(text)).gaps[0]?.message).toContain('more than');
    }
  });
});

function pomOf(depth: number): string {
  const properties = Array.from({ length: depth }, (_, i) => `<p${i}>\${p${i + 1}}\${p${i + 1}}</p${i}>`).join('');
  return `<project><properties>${properties}</properties><dependencies><dependency><groupId>\${p0}</groupId><artifactId>a</artifactId></dependency></dependencies></project>`;
}

function managed(count: number): string {
  const one = '<dependency><groupId>g</groupId><artifactId>a</artifactId></dependency>';
  const list = `<dependencies>${one.repeat(count)}</dependencies>`;
  return `<project><dependencyManagement>${list}</dependencyManagement>${list}</project>`;
}

function chain(length: number): string {
  const own = '[[package]]\nname = "app"\nsource = { virtual = "." }\ndependencies = [{ name = "p0" }]\n';
  const link = (i: number) => `[[package]]\nname = "p${i}"\nversion = "1"\ndependencies = [{ name = "p${i + 1}" }]\n`;
  return own + Array.from({ length }, (_, i) => link(i)).join('');
}
