import { describe, expect, it } from 'vitest';
import { type Extraction, type Extractor, emptyExtraction } from './extractor.js';
import { MemoryFile } from './file-view.js';
import { npm } from './npm/npm.js';

const read = (extractor: Extractor, text: string | Buffer, path = 'x'): Extraction =>
  extractor.extract(new MemoryFile(path, Buffer.from(text)));
const versions = ({ packages }: Extraction) => packages.map(({ name, version }) => `${name} ${version}`);

describe('npm', () => {
  it('wants the package.json of installed packages, and not those inside them', () => {
    const wanted = [
      'app/node_modules/left/package.json',
      'node_modules/@scope/right/package.json',
      'app/node_modules/.pnpm/left@1.0.0/node_modules/left/package.json',
      'app/node_modules/left/node_modules/deep/package.json',
    ];
    const not = [
      'app/package.json',
      'app/node_modules/left/dist/package.json',
      'app/node_modules/@scope/package.json',
      'app/node_modules/.package-lock.json',
      'app/node_modules/left/package.json.bak',
    ];
    expect([...wanted, ...not].filter((path) => npm.wants(path))).toEqual(wanted);
  });

  it.each([
    ['{"name":"a","version":"1.0.0","license":"MIT"}', 'a 1.0.0', ['MIT']],
    ['\uFEFF{"name":"a","version":"v1.0.0 "}', 'a 1.0.0', []],
    ['{"name":"@s/a","version":"=2.0.0","licenses":[{"type":"MIT"},{"type":"ISC"}]}', '@s/a 2.0.0', ['MIT', 'ISC']],
    ['{"name":"a","version":"1.0.0","license":{"type":"BSD","url":"x"}}', 'a 1.0.0', ['BSD']],
  ])('reads %s', (text, version, licenses) => {
    const found = read(npm, text);
    expect(versions(found)).toEqual([version]);
    expect(found.packages[0]?.licenses).toEqual(licenses);
    expect(found.gaps).toEqual([]);
  });

  it('passes over a package.json that only steers the module loader', () => {
    expect(read(npm, '{"type":"module"}')).toEqual(emptyExtraction());
  });

  it.each([
    '',
    '{',
    '[]',
    'null',
    '{"name":"a"}',
    '{"version":"1"}',
    '{"name":{},"version":"1"}',
    '{"name":"a","version":1}',
  ])('names a gap for %j', (text) => {
    const found = read(npm, text, 'node_modules/a/package.json');
    expect(found.packages).toEqual([]);
    expect(found.gaps).toMatchObject([{ code: 'file_unparsable', subject: '/node_modules/a/package.json' }]);
  });
});
