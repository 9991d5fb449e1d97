import { createHash } from 'node:crypto';

const HEADER_MAGIC = Buffer.from('8eade80100000000', 'hex');
const IMMUTABLE = 63;
const BINARY = 7;
const INTRO = 8;
const ENTRY = 16;

/**
 * Whether a header is what was built: rpm stores the digest of its immutable region, the entries and values that were
 * there when the package was built. Neither Berkeley DB nor SQLite would notice a changed byte in a version.
 *
 * @param bytes a header whose lengths add up
 * @param digest hexadecimal, SHA-256 or SHA-1 by its length
 */
export function matchesDigest(bytes: Buffer, digest: string): boolean {
  const values = INTRO + bytes.readUInt32BE(0) * ENTRY;
  const trailer = values + bytes.readUInt32BE(INTRO + 8);
  const isRegion =
    bytes.readUInt32BE(INTRO) === IMMUTABLE &&
    bytes.readUInt32BE(INTRO + 4) === BINARY &&
    bytes.readUInt32BE(INTRO + 12) === ENTRY &&
    trailer + ENTRY <= bytes.length;
  if (!isRegion) return false;
  // The trailer is an entry whose offset leads back to the region's first.
  const length = -bytes.readInt32BE(trailer + 8);
  const end = trailer + ENTRY;
  if (length < ENTRY || length % ENTRY !== 0 || INTRO + length > values) return false;
  const lengths = Buffer.alloc(INTRO);
  lengths.writeUInt32BE(length / ENTRY, 0);
  lengths.writeUInt32BE(end - values, 4);
  const hash = createHash(digest.length === 64 ? 'sha256' : 'sha1');
  for (const part of [HEADER_MAGIC, lengths, bytes.subarray(INTRO, INTRO + length), bytes.subarray(values, end)]) {
    hash.update(part);
  }
  return hash.digest('hex') === digest;
}
