import { hkdfSync } from 'node:crypto';
import type { Config } from '../config/config.js';

/**
 * The key under which secrets that scans find are hashed: RFC 5869, from the service's encryption key. Who has the
 * database alone cannot try out values.
 */
export function secretHashKey({ encryptionKey }: Config): Uint8Array {
  if (encryptionKey === null) throw new Error('no encryption key: the start has not read it');
  return new Uint8Array(hkdfSync('sha256', encryptionKey, '', 'plimsoll secret hashes', 32));
}
