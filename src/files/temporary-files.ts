import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What a job unpacks or downloads lives as long as the job; what is older was left behind by a process that died. */
const MAX_AGE_MS = 24 * 3_600_000;

/** Files and folders that nobody needs after a job, under `<data folder>/tmp`. */
export class TemporaryFiles {
  readonly folder: string;

  constructor(dataDir: string) {
    this.folder = join(dataDir, 'tmp');
  }

  async removeAbandoned(now: Date): Promise<void> {
    await removeUnchanged(this.folder, now.getTime() - MAX_AGE_MS);
  }

  /** For a start at which no job can be running. */
  async removeAll(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/**
 * Removes files, and folders with all they hold, that were last changed before a time.
 *
 * @param before milliseconds since the epoch
 * @param suffix of the names to look at; all by default
 */
export async function removeUnchanged(folder: string, before: number, suffix = ''): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.endsWith(suffix)) continue;
    const path = join(folder, name);
    const stats = await stat(path).catch(() => null); // another worker was faster
    if (stats && stats.mtimeMs < before) await rm(path, { recursive: true, force: true });
  }
}
