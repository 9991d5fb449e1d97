/**
 * A set of paths as sorted 52-bit hashes: 8 bytes a path, whatever its length. Among a million paths, a path that is
 * not in the set is taken for one of them with a chance of 2 in 10 billion.
 */
export class PathSetBuilder {
  private hashes = new Float64Array(1024);
  private count = 0;

  add(path: string): void {
    if (this.count === this.hashes.length) {
      const larger = new Float64Array(this.count * 2);
      larger.set(this.hashes);
      this.hashes = larger;
    }
    this.hashes[this.count] = hashOf(path);
    this.count += 1;
  }

  /** The sorted hashes. */
  build(): Float64Array {
    return this.hashes.slice(0, this.count).sort();
  }

  /** Base64 of them, for JSON. */
  encode(): string {
    return bytesOfHashes(this.build()).toString('base64');
  }
}

export class PathSet {
  private readonly hashes: Float64Array;

  /** @param hashes as `build` or `encode` gives them */
  constructor(hashes: Float64Array | string) {
    this.hashes = typeof hashes === 'string' ? hashesOfBytes(Buffer.from(hashes, 'base64')) : hashes;
  }

  has(path: string): boolean {
    return this.hasHash(hashOf(path));
  }

  /** @param wanted as `hashOf` or `lineageOf` gives it */
  hasHash(wanted: number): boolean {
    let low = 0;
    let high = this.hashes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.hashes[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return this.hashes[low] === wanted;
  }
}

/** The hashes of a set as they are stored; shares their memory. */
export function bytesOfHashes({ buffer, byteOffset, byteLength }: Float64Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** @param bytes whose memory is used where it allows it */
export function hashesOfBytes(bytes: Buffer): Float64Array {
  const { buffer, byteOffset } = byteAligned(bytes);
  return new Float64Array(buffer, byteOffset, Math.floor(bytes.length / BYTES));
}

function byteAligned(bytes: Buffer): Uint8Array {
  return bytes.byteOffset % BYTES === 0 ? bytes : new Uint8Array(bytes);
}

const BYTES = Float64Array.BYTES_PER_ELEMENT;

/** Two 26-bit halves, each a differently seeded FNV-1a with a final mix. */
export function hashOf(path: string): number {
  let a = SEED_A;
  let b = SEED_B;
  for (let i = 0; i < path.length; i += 1) {
    const unit = path.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995);
    b ^= b >>> 13;
  }
  return mix(a, b);
}

/** The hashes of all folders above a path, the uppermost first, and of the path itself, in one pass over it. */
export function lineageOf(path: string): number[] {
  const hashes: number[] = [];
  let a = SEED_A;
  let b = SEED_B;
  for (let i = 0; i < path.length; i += 1) {
    const unit = path.charCodeAt(i);
    if (unit === SLASH) hashes.push(mix(a, b));
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995);
    b ^= b >>> 13;
  }
  hashes.push(mix(a, b));
  return hashes;
}

const SLASH = 0x2f;
const SEED_A = 0x811c9dc5;
const SEED_B = 0x9dc5811c;

function mix(a: number, b: number): number {
  const high = Math.imul(a ^ (a >>> 15), 0x2c1b3c6d);
  const low = Math.imul(b ^ (b >>> 15), 0x297a2d39);
  return ((high ^ (high >>> 12)) >>> 6) * 2 ** 26 + ((low ^ (low >>> 14)) >>> 6);
}
