import { describe, expect, it } from 'vitest';
import { PathSet } from '../../path/path-set.js';
import type { Extraction } from '../extractor.js';
import { MemoryFile } from '../file-view.js';
import { apk } from './apk.js';

const read = (text: string | Buffer, path = 'x'): Extraction => apk.extract(new MemoryFile(path, Buffer.from(text)));
const versions = ({ packages }: Extraction) => packages.map(({ name, version }) => `${name} ${version}`);
const faults = ({ gaps }: Extraction) => gaps.map(({ code, message }) => `${code}: ${message}`);

describe('apk', () => {
  it('wants both places of the database, and nothing else', () => {
    const wanted = ['lib/apk/db/installed', 'usr/lib/apk/db/installed'];
    expect([...wanted, 'x/lib/apk/db/installed', 'lib/apk/db/installed.old'].filter((p) => apk.wants(p))).toEqual(
      wanted,
    );
  });

  it('reads records, telling letters apart by case, to an end without an empty line', () => {
    const found = read(
      'C:Q1x\nP:musl\nV:1.2.5-r0\nA:x86_64\nL:MIT\no:musl\nF:lib\na:0:0:755\nR:ld.so\n\nP:libssl3\nV:3.3.2-r0\no:openssl\n',
    );
    expect(found).toEqual({
      packages: [
        {
          type: 'apk',
          name: 'musl',
          version: '1.2.5-r0',
          source: { name: 'musl', version: '1.2.5-r0' },
          architecture: 'x86_64',
          licenses: ['MIT'],
          module: null,
        },
        {
          type: 'apk',
          name: 'libssl3',
          version: '3.3.2-r0',
          source: { name: 'openssl', version: '3.3.2-r0' },
          architecture: null,
          licenses: [],
          module: null,
        },
      ],
      distribution: null,
      owned: expect.any(String),
      gaps: [],
    });
  });

  it('takes a package without origin for its own source, and lines that end as on Windows', () => {
    expect(read('P:a\r\nV:1\r\n\r\n').packages[0]?.source).toEqual({ name: 'a', version: '1' });
  });

  it('keeps what it can read, and says where it could not', () => {
    const found = read('P:a\nV:1\n\nP:b\n\nnonsense\nV:2\n\nP:c\nV:3\n', 'lib/apk/db/installed');
    expect(versions(found)).toEqual(['a 1', 'c 3']);
    expect(faults(found)).toEqual([
      'file_unparsable: /lib/apk/db/installed line 4 has a record without a version (V:), and 2 more such faults: what could be read was kept, the rest was not looked at.',
    ]);
  });

  it('owns files in the folder that its own record names', () => {
    const { owned } = read('P:a\nV:1\nF:opt\nR:a.jar\n\nP:b\nV:1\nR:root.jar\nF:srv\nR:b.jar\n');
    const paths = new PathSet(owned ?? '');
    expect(['opt/a.jar', 'root.jar', 'opt/root.jar', 'srv/b.jar'].filter((path) => paths.has(path))).toEqual([
      'opt/a.jar',
      'root.jar',
      'srv/b.jar',
    ]);
  });

  it('refuses names that no database can store', () => {
    const found = read(`P:a\u0000b\nV:1\n\nP:${'x'.repeat(600)}\nV:1\n\nP:ok\nV:1\n`);
    expect(versions(found)).toEqual(['ok 1']);
    expect(found.gaps).toHaveLength(1);
  });
});
