import { describe, expect, it } from 'vitest';
import { MemoryFile } from '../../file-view.js';
import { lockfile } from '../lockfile.js';

const extract = (path: string, content: string | Buffer) =>
  lockfile.extract(new MemoryFile(path, Buffer.from(content)));
const names = (path: string, content: string | Buffer) =>
  extract(path, content).packages.map(({ name, version }) => `${name} ${version}`);
const gaps = (path: string, content: string) => extract(path, content).gaps.map(({ message }) => message);

describe('requirements.txt', () => {
  it.each([
    ['Flask==2.0.0', 'Flask 2.0.0'],
    ['  zope.interface  ==  6.1  # why', 'zope.interface 6.1'],
    ['uvicorn[standard] == 0.23 ; python_version < "4" --hash=sha256:aa', 'uvicorn 0.23'],
    ['a===1!2.0+local --hash=sha256:aa --hash=sha256:bb', 'a 1!2.0+local'],
    ['a (==1.0)', 'a 1.0'],
    ['a>=1,==1.5,<2', 'a 1.5'],
    ['a==3.0.0#comment', 'a 3.0.0'],
    ['a==1.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nb==2', 'a 1.0,b 2'],
    ['a==1.0\rb==2.0', 'a 1.0,b 2.0'],
  ])('%j pins %s', (text, expected) => {
    expect(names('requirements.txt', text).join()).toBe(expected);
    expect(gaps('requirements.txt', text)).toEqual([]);
  });

  it.each([
    'a',
    'a>=1.0',
    'a==1.*',
    'a!=1.0',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable, as pip writes it
    'a==${VERSION}',
    'a @ https://host/a-1.0-py3-none-any.whl',
    'git+https://host/a.git@v1#egg=a',
    '-e git+https://host/a.git#egg=a',
    '-r base.txt',
    '--requirement=base.txt',
  ])('%j is a gap', (text) => {
    expect(extract('requirements.txt', `\n${text}\n`)).toMatchObject({
      packages: [],
      gaps: [{ message: expect.stringContaining('line 2') }],
    });
  });

  it.each([
    '# a==1',
    '-i https://host/simple',
    '--hash=x',
    '-c constraints.txt',
    '-e .',
    '-e ./mine',
    './mine',
    '.[all]',
    '-r sub/requirements.txt',
    '',
  ])('%j asks for nothing', (text) => {
    expect(extract('requirements.txt', text)).toMatchObject({ packages: [], gaps: [] });
  });

  it('may be UTF-16, as PowerShell writes it', () => {
    expect(names('requirements.txt', Buffer.from('\uFEFFa==1.0\r\nb==2.0\r\n', 'utf16le'))).toEqual(['a 1.0', 'b 2.0']);
  });
});

it('Pipfile.lock has what is needed in "default"', () => {
  const text = JSON.stringify({
    default: { a: { version: '==1.0' }, mine: { path: '.', editable: true }, forked: { git: 'https://host/x' } },
    develop: { d: { version: '==1.0' } },
  });
  expect(names('Pipfile.lock', text)).toEqual(['a 1.0']);
  expect(gaps('Pipfile.lock', text)[0]).toContain('no version of forked');
});

it('poetry.lock marks development by category or by groups', () => {
  const text = `[[package]]
name = "a"
version = "1.0"
[[package]]
name = "d"
version = "1.0"
category = "dev"
[[package]]
name = "e"
version = "1.0"
groups = ["dev", "docs"]
[[package]]
name = "f"
version = "2.0"
groups = ["main", "dev"]
[package.dependencies]
a = ">=1"
`;
  expect(names('poetry.lock', text)).toEqual(['a 1.0', 'f 2.0']);
});

it('uv.lock tells what is for development by what leads to it', () => {
  const text = `version = 1
[[package]]
name = "app"
source = { virtual = "." }
dependencies = [{ name = "a" }]
[package.optional-dependencies]
extra = [{ name = "x" }]
[package.dev-dependencies]
dev = [{ name = "d" }]
[[package]]
name = "mine"
version = "0.1.0"
source = { editable = "packages/mine" }
[[package]]
name = "a"
version = "1.0"
[[package]]
name = "a"
version = "2.0"
[[package]]
name = "x"
version = "1.0"
[[package]]
name = "d"
version = "1.0"
dependencies = [{ name = "d2" }, { name = "a" }]
[[package]]
name = "d2"
version = "1.0"
dependencies = [{ name = "d" }]
`;
  expect(names('uv.lock', text)).toEqual(['mine 0.1.0', 'a 1.0', 'a 2.0', 'x 1.0']);
  expect(gaps('uv.lock', text)).toEqual([]);
});

it('pdm.lock and pylock.toml count whole', () => {
  const groups = 'groups = ["default", "test"]';
  expect(names('pdm.lock', `[[package]]\nname = "a"\nversion = "1.0"\n${groups}\n`)).toEqual(['a 1.0']);
  const own = '[[packages]]\nname = "app"\n[packages.directory]\npath = "."\n';
  expect(
    extract('pylock.toml', `lock-version = "1.0"\n${own}[[packages]]\nname = "a"\nversion = "1.0"\n`),
  ).toMatchObject({
    packages: [{ type: 'pypi', name: 'a', version: '1.0' }],
    gaps: [],
  });
});
