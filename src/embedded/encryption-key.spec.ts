import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encryptionKey } from './encryption-key.js';
import { StartError } from './start-error.js';

describe('encryptionKey', () => {
  let dataDir: string;
  const unset = () => ({ encryptionKey: null, encryptionKeyFile: null, dataDir });

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'plimsoll-key-'));
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  it('makes a key once, which only its owner reads', async () => {
    const [first, second] = await Promise.all([encryptionKey(unset()), encryptionKey(unset())]);
    expect(first).toHaveLength(32);
    expect(second.equals(first)).toBe(true);
    expect((await encryptionKey(unset())).equals(first)).toBe(true);
    expect((await stat(join(dataDir, 'encryption-key'))).mode & 0o777).toBe(0o600);
  });

  it('takes the one that is given, and makes none', async () => {
    const given = Buffer.alloc(32, 1);
    expect(await encryptionKey({ ...unset(), encryptionKey: given })).toBe(given);
    const encryptionKeyFile = join(dataDir, 'key');
    await writeFile(encryptionKeyFile, `${given.toString('hex')}\n`);
    expect(await encryptionKey({ ...unset(), encryptionKeyFile })).toEqual(given);
    await expect(readFile(join(dataDir, 'encryption-key'))).rejects.toThrow('ENOENT');
  });

  it('never takes a new key in the place of one that it cannot read', async () => {
    await writeFile(join(dataDir, 'encryption-key'), 'half a k');
    await expect(encryptionKey(unset())).rejects.toThrow(StartError);
    await expect(encryptionKey({ ...unset(), encryptionKeyFile: join(dataDir, 'nothing') })).rejects.toThrow(
      StartError,
    );
  });
});
