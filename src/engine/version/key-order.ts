import { KeyWriter } from './key-writer.js';

/** Writes the key of a version and says how it ended. */
export type WriteKey = (version: string, key: KeyWriter) => KeyEnding;

/**
 * - `complete`: the whole version is in the key;
 * - `open`: a last part that the version does not have equals any;
 * - `broken`: the version cannot be read further, so it is ordered only where what was written decides;
 * - `refused`: it cannot be ordered.
 */
export type KeyEnding = 'complete' | 'open' | 'broken' | 'refused';

/** The order of versions by their keys: comparison and stored keys come from the same bytes, so they agree. */
export function keyOrder(write: WriteKey): {
  compare(a: string, b: string): number | null;
  key(version: string): Buffer | null;
} {
  // One version is often compared with many in a row, so each side keeps its last key.
  const left = new Side(write);
  const right = new Side(write);
  return {
    compare: (a, b) => {
      left.read(a);
      if (left.ending === 'refused') return null;
      right.read(b);
      return right.ending === 'refused' ? null : compareSides(left, right);
    },
    key: (version) => {
      left.read(version);
      const { length, bytes } = left.writer;
      return left.ending === 'complete' && length <= MAX_KEY ? Buffer.from(bytes.subarray(0, length)) : null;
    },
  };
}

/** Bytes. PostgreSQL refuses entries of a B-tree over 2,704; real keys have about 30. */
const MAX_KEY = 2000;

class Side {
  readonly writer = new KeyWriter();
  ending: KeyEnding = 'refused';
  private version = '';
  private readonly write: WriteKey;

  constructor(write: WriteKey) {
    this.write = write;
  }

  read(version: string): void {
    if (version === this.version) return;
    this.writer.reset();
    this.ending = this.write(version, this.writer);
    if (this.writer.length > this.writer.bytes.length) {
      this.writer.reset();
      this.ending = this.write(version, this.writer);
    }
    this.version = version;
  }
}

function compareSides(left: Side, right: Side): number | null {
  const a = left.writer.bytes;
  const b = right.writer.bytes;
  const aLength = left.writer.length;
  const bLength = right.writer.length;
  const common = Math.min(aLength, bLength);
  for (let i = 0; i < common; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  const aEnding = aLength === common ? left.ending : 'complete';
  const bEnding = bLength === common ? right.ending : 'complete';
  if (aEnding === 'broken' || bEnding === 'broken') return null;
  if (aEnding === 'open' || bEnding === 'open') return 0;
  return aLength - bLength;
}
