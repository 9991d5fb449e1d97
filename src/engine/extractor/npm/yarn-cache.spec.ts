import { describe, expect, it } from 'vitest';
import { zip, zipOf } from '../../../../test/support/zip.js';
import type { Extraction } from '../extractor.js';
import { MemoryFile } from '../file-view.js';
import { yarnCache } from './yarn-cache.js';

const read = (bytes: Buffer): Extraction => yarnCache.extract(new MemoryFile('app/.yarn/cache/a-npm-1.zip', bytes));
const found = ({ packages }: Extraction) => packages.map(({ name, version, inner }) => `${name} ${version} ${inner}`);
const json = (name: string, version = '1.0.0') => JSON.stringify({ name, version, license: 'MIT' });

describe("Yarn's cache", () => {
  it('is that of a project or of a user', () => {
    const wanted = ['app/.yarn/cache/left-npm-1.0.0-abc-10.zip', '.yarn/cache/a.zip', 'root/.yarn/berry/cache/a.zip'];
    const not = [
      'app/.yarn/a.zip',
      'app/yarn/cache/a.zip',
      '.yarn/cache/a.tgz',
      '.yarn/cache/x/a.zip',
      '.yarn/cache/zip',
    ];
    expect([...wanted, ...not].filter((path) => yarnCache.wants(path))).toEqual(wanted);
  });

  it('holds packages, and those that they bundle', () => {
    const files = {
      'node_modules/@scope/left/package.json': json('@scope/left'),
      'node_modules/@scope/left/dist/package.json': '{"type":"module"}',
      'node_modules/@scope/left/node_modules/deep/package.json': json('deep', '2.0.0'),
    };
    const expected = [
      '@scope/left 1.0.0 node_modules/@scope/left/package.json',
      'deep 2.0.0 node_modules/@scope/left/node_modules/deep/package.json',
    ];
    const stored = zipOf(Object.entries(files).map(([name, content]) => ({ name, content, stored: true })));
    for (const bytes of [zip(files), stored]) {
      expect(found(read(bytes))).toEqual(expected);
      expect(read(bytes)).toMatchObject({ gaps: [], packages: [{ type: 'npm', licenses: ['MIT'] }, {}] });
    }
  });

  it.each([
    ['no archive', Buffer.from('text'), 'no zip directory'],
    [
      'a damaged manifest',
      zipOf([{ name: 'node_modules/a/package.json', content: '{}', claims: { crc32: 1 } }]),
      'checksum',
    ],
    [
      'a manifest that is no JSON',
      zip({ 'node_modules/a/package.json': '{' }),
      '!/node_modules/a/package.json has a JSON',
    ],
    ['a bomb', zip({ 'node_modules/a/package.json': Buffer.alloc(50 * 2 ** 20) }), 'over the limit'],
  ])('leaves one gap for %s', (_, bytes, expected) => {
    expect(read(bytes)).toMatchObject({ packages: [], gaps: [{ code: 'file_unparsable' }] });
    expect(read(bytes).gaps[0]?.message).toContain(expected);
  });

  it('keeps what was read before it broke off', () => {
    const files = [1, 2].map((n) => ({ name: `node_modules/a${n}/package.json`, content: json(`a${n}`) }));
    const bytes = zipOf(files);
    bytes.writeUInt32LE(0, bytes.lastIndexOf('PK\x01\x02'));
    expect(read(bytes)).toMatchObject({ packages: [{ name: 'a1' }], gaps: [{ code: 'file_unparsable' }] });
  });
});
