import { describe, expect, it } from 'vitest';
import { MemoryFile } from '../file-view.js';
import { lockfile } from './lockfile.js';

const extract = (path: string, text: string) => lockfile.extract(new MemoryFile(path, Buffer.from(text)));

/** A file, what it names, and what its gap says. */
const CASES: [string, string, string[], string | null][] = [
  [
    'Gemfile.lock',
    `GIT
  remote: https://host/x.git
  revision: abc
  specs:
    forked (2.0.0)
      rack (>= 3)

PATH
  remote: .
  specs:
    mine (0.1.0)

GEM
  remote: https://host/
  specs:
    nokogiri (1.16.0)
      racc (~> 1.4)
    nokogiri (1.16.0-x86_64-linux)
    rails (7.1.0.rc1)
    racc (1.7.3-java)

PLATFORMS
  ruby

DEPENDENCIES
  nokogiri (~> 1.16)
  rails!

CHECKSUMS
  nokogiri (1.16.0) sha256=x

RUBY VERSION
   ruby 3.3.0p0

BUNDLED WITH
   2.5.3
`,
    ['gem forked 2.0.0', 'gem mine 0.1.0', 'gem nokogiri 1.16.0', 'gem rails 7.1.0.rc1', 'gem racc 1.7.3'],
    null,
  ],
  ['Gemfile.lock', 'GEM\n  specs:\n    a (1.0)\n<<<<<<< HEAD\n    b\n', ['gem a 1.0'], 'line 4 has neither'],
  [
    'composer.lock',
    '{"packages":[{"name":"a/b","version":"v1.0.0","license":["MIT"]}],"packages-dev":[{"name":"c/d","version":"1"}]}',
    ['composer a/b v1.0.0'],
    null,
  ],
  ['composer.lock', '{"packages":{}}', [], 'no list of "packages"'],
  [
    'Cargo.lock',
    'version = 4\n[[package]]\nname = "app"\nversion = "0.1.0"\n[[package]]\nname = "memchr"\nversion = "2.7.4"\nsource = "registry+x"\n',
    ['cargo app 0.1.0', 'cargo memchr 2.7.4'],
    null,
  ],
  ['Cargo.lock', '[[package]]\nname = "a"\n[[package]]\nname = "b"\nversion = 1\n', [], 'no version of a, and 1 more'],
  ['Cargo.lock', '[[package]\n', [], 'line 1 has a TOML syntax error'],
  [
    'go.mod',
    `module "example.com/app" // the app

go 1.21

toolchain go1.22.5

require example.com/a v1.0.0
require (
	example.com/b v0.0.0-20211111083644-e5c967477495 // indirect
	\`example.com/c\` v2.0.0+incompatible // indirect
	example.com/local v1.0.0
	example.com/other v1.0.0
)

exclude example.com/a v0.9.0
replace (
	example.com/local => ../local
	example.com/other v1.0.0 => example.com/fork v1.5.0
	example.com/a v0.1.0 => example.com/never v9.0.0
)
retract [v1.0.0, v1.1.0]
tool example.com/tool
`,
    [
      'golang example.com/a v1.0.0',
      'golang example.com/b v0.0.0-20211111083644-e5c967477495',
      'golang example.com/c v2.0.0+incompatible',
      'golang example.com/fork v1.5.0',
    ],
    null,
  ],
  ['go.mod', 'module x\ngo 1.16\nrequire a.b/c v1.0.0\n', ['golang a.b/c v1.0.0'], 'no full list of indirect modules'],
  ['go.mod', 'module x\nrequire a.b/c v1.0.0\n', ['golang a.b/c v1.0.0'], 'no full list of indirect modules'],
  ['go.mod', 'module x\n', [], null],
  ['go.mod', 'go 1.22\nrequire (\n a.b/c\n "d\n', [], 'line 3 has a requirement that is not'],
  [
    'pom.xml',
    `<?xml version="1.0" encoding="ISO-8859-1"?>
<!-- \u00e9 -->
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <parent><groupId>org.own</groupId><artifactId>parent</artifactId><version>3.0</version></parent>
  <artifactId>app</artifactId>
  <properties><v>1.<!-- x -->2</v><outer>\${v}.1</outer><project.version>9</project.version></properties>
  <dependencyManagement><dependencies>
    <dependency><groupId>g</groupId><artifactId>managed</artifactId><version>\${outer}</version></dependency>
    <dependency><groupId>g</groupId><artifactId>tests</artifactId><version>1</version><scope>test</scope></dependency>
  </dependencies></dependencyManagement>
  <dependencies>
    <dependency><groupId> g </groupId><artifactId>literal</artifactId><version>[2.0]</version>
      <exclusions><exclusion><groupId>no</groupId><artifactId>no</artifactId></exclusion></exclusions></dependency>
    <dependency><groupId>g</groupId><artifactId>managed</artifactId></dependency>
    <dependency><groupId>\${project.groupId}</groupId><artifactId>own</artifactId><version>\${project.version}</version></dependency>
    <dependency><groupId>g</groupId><artifactId>tests</artifactId></dependency>
    <dependency><groupId>g</groupId><artifactId>given</artifactId><version>1</version><scope>provided</scope></dependency>
    <dependency><groupId>g</groupId><artifactId>maybe</artifactId><version>1</version><optional>true</optional></dependency>
    <dependency><groupId>g</groupId><artifactId>runtime</artifactId><version>1</version><scope>runtime</scope></dependency>
  </dependencies>
  <build><plugins><plugin><groupId>p</groupId><artifactId>p</artifactId><version>1</version></plugin></plugins></build>
</project>`,
    ['maven g:literal 2.0', 'maven g:managed 1.2.1', 'maven org.own:own 3.0', 'maven g:runtime 1'],
    null,
  ],
  ['pom.xml', pomOf('<version>[1,2)</version>'), [], 'no version of g:a that this file alone tells'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a property, as Maven writes it
  ['pom.xml', pomOf('<version>${a}</version>'), [], 'no version of g:a that this file alone tells'],
  ['pom.xml', pomOf(''), [], 'no version of g:a that this file alone tells'],
  ['pom.xml', '<!DOCTYPE x [<!ENTITY a "b">]><project>&a;</project>', [], 'an XML syntax error'],
  ['pom.xml', '<settings/>', [], 'no project'],
  [
    'gradle.lockfile',
    '# comment\ng:a:1.0=compileClasspath,testRuntimeClasspath\ng:t:1.0=testCompileClasspath,testRuntimeClasspath\ng:b:2.0=classpath, test\nempty=annotationProcessor\n',
    ['maven g:a 1.0', 'maven g:b 2.0'],
    null,
  ],
  ['gradle.lockfile', 'g:a\n', [], 'line 1 has no "group:artifact:version"'],
  [
    'packages.lock.json',
    '{"version":1,"dependencies":{"net8.0":{"A":{"type":"Direct","resolved":"1.0.0"},"B":{"type":"Transitive","resolved":"2.0.0"},"mine":{"type":"Project"}},"net6.0":{"A":{"type":"Direct","resolved":"1.0.0"}}}}',
    ['nuget A 1.0.0', 'nuget B 2.0.0'],
    null,
  ],
  [
    'pubspec.lock',
    'packages:\n  a:\n    dependency: transitive\n    source: hosted\n    version: "1.0.0"\n  flutter:\n    dependency: "direct main"\n    source: sdk\n    version: "0.0.0"\nsdks: {}\n',
    ['pub a 1.0.0'],
    null,
  ],
  [
    'mix.lock',
    '%{\n  "app": {:hex, :real_name, "1.2.3", "x", [:mix], [{:b, "~> 1", [hex: :b]}], "hexpm", "y"},\n  "old": {:package, "1.0.0"},\n}\n',
    ['hex real_name 1.2.3', 'hex package 1.0.0'],
    null,
  ],
  [
    'mix.lock',
    '%{\n  "a": {:git, "https://host/a.git", "abc", []},\n}\n',
    [],
    'line 2 has a dependency that is no package',
  ],
  [
    'renv.lock',
    '{"Packages":{"ggplot2":{"Package":"ggplot2","Version":"3.4.0","Source":"Repository"},"Biobase":{"Package":"Biobase","Version":"2.58.0","Source":"Bioconductor"}}}',
    ['cran ggplot2 3.4.0'],
    null,
  ],
  [
    'stack.yaml.lock',
    'packages:\n- completed:\n    hackage: text-icu-0.8.0.5@sha256:aa,10\n- completed:\n    name: kore\n    version: 0.60.0.0\nsnapshots:\n- completed: {url: x}\n',
    ['hackage text-icu 0.8.0.5', 'hackage kore 0.60.0.0'],
    'a snapshot, whose packages it does not list',
  ],
  [
    'cabal.project.freeze',
    'active-repositories: hackage.haskell.org:merge\nconstraints: any.aeson ==2.0.3.0,\n             aeson -cffi +ordered-keymap,\n             any.text-icu ==0.8.0.5\nindex-state: hackage.haskell.org 2023\n',
    ['hackage aeson 2.0.3.0', 'hackage text-icu 0.8.0.5'],
    null,
  ],
  ['cabal.project.freeze', 'constraints: any.a >=1\n', [], 'line 1 has a constraint that pins no version'],
];

function pomOf(version: string): string {
  return `<project><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId>${version}</dependency></dependencies></project>`;
}

describe('what a lockfile names', () => {
  it.each(CASES)('%s: %#', (path, text, packages, gap) => {
    const found = extract(path, text);
    expect(found.packages.map(({ type, name, version }) => `${type} ${name} ${version}`)).toEqual(packages);
    expect(found.gaps.map(({ message }) => message)).toEqual(gap === null ? [] : [expect.stringContaining(gap)]);
  });
});
