import { createHash } from 'node:crypto';

/** 128 bits in hexadecimal digits: the characters that an SPDX id may have, and enough that nobody finds two alike. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
