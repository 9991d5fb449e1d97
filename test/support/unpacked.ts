import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Unpacks a tarball for the length of some work. */
export async function unpacked<T>(tarball: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-unpacked-'));
  try {
    await promisify(execFile)('tar', ['-xzf', tarball, '-C', folder]);
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
