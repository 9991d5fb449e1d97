import { randomBytes } from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDurably } from './durable-file.js';
import { StartError } from './start-error.js';

export interface AdminToken {
  token: string;
  /** The file it is in; null when the operator gave it in the environment. */
  path: string | null;
}

/** The operator's token: as configured, else as in the data folder, else a new one that is kept there. */
export async function adminToken(configured: string | null, dataDir: string): Promise<AdminToken> {
  if (configured !== null) return { token: configured, path: null };
  const path = join(dataDir, 'admin-token');
  // 256 bits: nothing to guess.
  const created = await createDurably(path, `plim_${randomBytes(32).toString('base64url')}\n`);
  if (!created) await chmod(path, 0o600).catch(() => undefined);
  const token = (await readFile(path, 'utf8')).trim();
  if (token.length >= 16) return { token, path };
  throw new StartError(`${path} has no token of at least 16 characters: remove the file, and a new one is made.`);
}
