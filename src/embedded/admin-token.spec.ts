import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adminToken } from './admin-token.js';

let dataDir: string;
let file: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'plimsoll-token-'));
  file = join(dataDir, 'admin-token');
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('adminToken', () => {
  it('makes a token once, for its owner only', async () => {
    const { token, path } = await adminToken(null, dataDir);
    expect(token).toMatch(/^plim_[A-Za-z0-9_-]{43}$/);
    expect(path).toBe(file);
    expect(readFileSync(file, 'utf8').trim()).toBe(token);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await adminToken(null, dataDir)).toEqual({ token, path });
    expect(readdirSync(dataDir)).toEqual(['admin-token']);
  });

  it('closes a file that others could read', async () => {
    const { token } = await adminToken(null, dataDir);
    chmodSync(file, 0o644);
    expect((await adminToken(null, dataDir)).token).toBe(token);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('writes nothing when the operator gave one', async () => {
    expect(await adminToken('given-by-operator', dataDir)).toEqual({ token: 'given-by-operator', path: null });
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('refuses an empty file instead of letting everybody in', async () => {
    writeFileSync(file, '\n');
    await expect(adminToken(null, dataDir)).rejects.toThrow('remove the file');
  });
});
