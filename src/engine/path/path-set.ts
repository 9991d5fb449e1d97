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

  /** Base64 of the sorted hashes. */
  build(): string {
    const sorted = this.hashes.slice(0, this.count).sort();
    return Buffer.from(sorted.buffer, sorted.byteOffset, sorted.byteLength).toString('base64');
  }
}

export class PathSet {
  private readonly hashes: Float64Array;

  constructor(encoded: string) {
    const bytes = Buffer.from(encoded, 'base64');
    this.hashes = new Float64Array(new Uint8Array(bytes).buffer, 0, Math.floor(bytes.length / 8));
  }

  has(path: string): boolean {
    const wanted = hashOf(path);
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

/** Two 26-bit halves, each a differently seeded FNV-1a with a final mix. */
function hashOf(path: string): number {
  let a = 0x811c9dc5;
  let b = 0x9dc5811c;
  for (let i = 0; i < path.length; i += 1) {
    const unit = path.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995);
    b ^= b >>> 13;
  }
  a = Math.imul(a ^ (a >>> 15), 0x2c1b3c6d);
  b = Math.imul(b ^ (b >>> 15), 0x297a2d39);
  return ((a ^ (a >>> 12)) >>> 6) * 2 ** 26 + ((b ^ (b >>> 14)) >>> 6);
}
