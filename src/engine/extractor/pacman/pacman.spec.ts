import { describe, expect, it } from 'vitest';
import { PathSet } from '../../path/path-set.js';
import type { Extraction } from '../extractor.js';
import { MemoryFile } from '../file-view.js';
import { pacman } from './pacman.js';

const FOLDER = 'var/lib/pacman/local/libgcc-14.2.1+r753-1';
const read = (text: string, name = 'desc'): Extraction =>
  pacman.extract(new MemoryFile(`${FOLDER}/${name}`, Buffer.from(text)));

describe('pacman', () => {
  it('wants the description and the files of each package, and nothing else', () => {
    const wanted = [`${FOLDER}/desc`, `${FOLDER}/files`];
    const not = [
      `${FOLDER}/mtree`,
      `${FOLDER}/x/desc`,
      'var/lib/pacman/local/desc',
      'var/lib/pacman/local/ALPM_DB_VERSION',
      'var/lib/pacman/sync/core.db',
      `x/${FOLDER}/desc`,
    ];
    expect([...wanted, ...not].filter((path) => pacman.wants(path))).toEqual(wanted);
  });

  it('reads what a description says', () => {
    const found = read(
      '%NAME%\nlibgcc\n\n%VERSION%\n1:14.2.1+r753-1\n\n%BASE%\ngcc\n\n%DESC%\n%VERSION%\n\n%ARCH%\nx86_64\n\n' +
        '%LICENSE%\nGPL-3.0-with-GCC-exception\nGFDL-1.3-or-later\n\n%VALIDATION%\npgp\n',
    );
    expect(found).toEqual({
      packages: [
        {
          type: 'alpm',
          name: 'libgcc',
          version: '1:14.2.1+r753-1',
          source: { name: 'gcc', version: '1:14.2.1+r753-1' },
          architecture: 'x86_64',
          licenses: ['GPL-3.0-with-GCC-exception', 'GFDL-1.3-or-later'],
          module: null,
        },
      ],
      distribution: null,
      owned: null,
      gaps: [],
    });
  });

  it('takes a package for its own source where it does not say', () => {
    expect(read('%NAME%\na\n\n%VERSION%\n1-1\n').packages[0]?.source).toEqual({ name: 'a', version: '1-1' });
  });

  it('owns files, not folders nor the names of other sections', () => {
    const { owned, packages } = read('%FILES%\nusr/\nusr/lib/\nusr/lib/a.jar\n\n%BACKUP%\nopt/b.jar\tabc\n', 'files');
    const paths = new PathSet(owned ?? '');
    expect(['usr', 'usr/lib', 'usr/lib/a.jar', 'opt/b.jar'].filter((path) => paths.has(path))).toEqual([
      'usr/lib/a.jar',
    ]);
    expect(packages).toEqual([]);
  });

  it.each([
    ['', 'no %NAME%'],
    ['%NAME%\n\n%VERSION%\n1\n', 'no %NAME%'],
    ['%NAME%\na\n', 'no %VERSION%'],
    ['\0\xff', 'no %NAME%'],
    ['%NAME%\na\u0001b\n\n%VERSION%\n1\n', 'a package name that is not plain text'],
  ])('names a gap for %j', (text, why) => {
    const found = read(text);
    expect(found.packages).toEqual([]);
    expect(found.gaps[0]?.message).toContain(why);
  });
});
