import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TemporaryFiles } from './temporary-files.js';

const NOW = new Date('2026-03-02T12:00:00Z');
const YESTERDAY = new Date('2026-03-01T11:00:00Z');

describe('TemporaryFiles', () => {
  let dataDir: string;
  let files: TemporaryFiles;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'plimsoll-temporary-'));
    files = new TemporaryFiles(dataDir);
    for (const [name, time] of Object.entries({ old: YESTERDAY, new: NOW })) {
      const [file, folder] = [join(files.folder, `${name}-file`), join(files.folder, `${name}-folder`)];
      await mkdir(folder, { recursive: true });
      await writeFile(file, 'x');
      await writeFile(join(folder, 'all.zip'), 'x');
      for (const path of [file, folder]) await utimes(path, time, time);
    }
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  it('removes files and folders of a day ago', async () => {
    await files.removeAbandoned(NOW);
    expect((await readdir(files.folder)).sort()).toEqual(['new-file', 'new-folder']);
  });

  it('removes all, also where there is nothing', async () => {
    await files.removeAll();
    await files.removeAll();
    await files.removeAbandoned(NOW);
    expect(await readdir(dataDir)).toEqual([]);
  });
});
