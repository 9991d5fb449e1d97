import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UploadFiles } from './upload-files.js';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';

describe('UploadFiles', () => {
  let dataDir: string;
  let files: UploadFiles;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'plimsoll-uploads-'));
    files = new UploadFiles(dataDir, 10);
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  it('keeps what came, for the owner alone, and says its size and digest', async () => {
    const kept = await files.write(ID, Readable.from([Buffer.from('abc')]), null);
    expect(kept).toEqual({
      size: 3,
      digest: 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    });
    expect(await readFile(files.path(ID), 'utf8')).toBe('abc');
    expect((await stat(files.path(ID))).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['larger than allowed', () => Readable.from([Buffer.alloc(8), Buffer.alloc(8)]), null, 'payload_too_large'],
    ['declared larger than allowed', () => Readable.from([]), 11, 'payload_too_large'],
    ['empty', () => Readable.from([]), null, 'invalid_request'],
  ])('refuses one that is %s and leaves nothing behind', async (_what, stream, declared, code) => {
    await expect(files.write(ID, stream(), declared)).rejects.toMatchObject({ code });
    expect(await readdir(join(dataDir, 'uploads')).catch(() => [])).toEqual([]);
  });

  it('leaves nothing behind when the sender goes away', async () => {
    const stream = new Readable({
      read() {
        this.push('abc');
        this.destroy();
      },
    });
    await expect(files.write(ID, stream, null)).rejects.toMatchObject({ code: 'invalid_request' });
    expect(await readdir(join(dataDir, 'uploads'))).toEqual([]);
  });
});
