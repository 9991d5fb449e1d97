import { randomBytes } from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { readKey } from '../config/encryption-key.js';
import { createDurably } from './durable-file.js';
import { StartError } from './start-error.js';

const FORM = '32 bytes in base64 or hexadecimal';

/**
 * What stored credentials are sealed with: as configured, else as in the data folder, else new and kept there.
 *
 * @throws StartError for a file without a key: a new key would make what is stored unreadable
 */
export async function encryptionKey(
  config: Pick<Config, 'encryptionKey' | 'encryptionKeyFile' | 'dataDir'>,
): Promise<Buffer> {
  if (config.encryptionKey !== null) return config.encryptionKey;
  if (config.encryptionKeyFile !== null) return keyOf(config.encryptionKeyFile, 'name a file that holds them');
  const path = join(config.dataDir, 'encryption-key');
  const created = await createDurably(path, `${randomBytes(32).toString('base64')}\n`);
  if (!created) await chmod(path, 0o600).catch(() => undefined);
  return keyOf(path, 'put back the file from a backup; without it, remove the file and enter all credentials again');
}

async function keyOf(path: string, otherwise: string): Promise<Buffer> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new StartError(`The encryption key cannot be read from ${path} (${error.code}).`);
  });
  const key = readKey(text.trim());
  if (key === null) throw new StartError(`${path} does not hold ${FORM}: ${otherwise}.`);
  return key;
}
