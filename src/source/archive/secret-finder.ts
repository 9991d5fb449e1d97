import type { SecretFinder } from '../../engine/layer/secret-reader.js';
import { SecretScanner } from '../../engine/secret/secret-scanner.js';

let last: { key: Buffer; finder: SecretFinder } | null = null;

/**
 * What looks for secrets in this thread: made once, as its rules take a while to prepare.
 *
 * @param key of the hashes of values; null where a scan does not ask for secrets
 */
export function secretFinder(key: Uint8Array | null): SecretFinder | null {
  if (key === null) return null;
  if (!last?.key.equals(key)) last = { key: Buffer.from(key), finder: new SecretScanner(Buffer.from(key)) };
  return last.finder;
}
