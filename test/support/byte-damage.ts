import fc from './property.js';

/** Numbers that lie in lengths, counts and links. */
const NUMBERS = [0, 1, 2, 3, 0x7f, 0xff, 0xfff, 0x1000, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
const PAGE_SIZES = [16, 512, 1_024, 4_096, 8_192];

/** One change of a file: places are fractions of it, as its length is not known yet. */
type Damage =
  | { kind: 'write'; at: number; value: number; size: 1 | 2 | 4; isLittle: boolean }
  /** Into the first bytes of a page, where links and counts are. */
  | { kind: 'writeAtPage'; at: number; offset: number; value: number; size: 1 | 2 | 4; isLittle: boolean }
  | { kind: 'copy'; from: number; to: number; size: number }
  | { kind: 'zero'; at: number; size: number }
  | { kind: 'cut'; at: number };

/** What goes wrong with files of pages: numbers that lie, pages that are lost or in a wrong place, an early end. */
export function damages(max: number): fc.Arbitrary<Damage[]> {
  const at = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const written = {
    at,
    value: fc.oneof(fc.constantFrom(...NUMBERS), fc.nat({ max: 255 })),
    size: fc.constantFrom(1 as const, 2 as const, 4 as const),
    isLittle: fc.boolean(),
  };
  const size = fc.constantFrom(...PAGE_SIZES);
  const damage: fc.Arbitrary<Damage> = fc.oneof(
    fc.record({ kind: fc.constant('write' as const), ...written }),
    fc.record({ kind: fc.constant('writeAtPage' as const), offset: fc.nat({ max: 127 }), ...written }),
    fc.record({ kind: fc.constant('copy' as const), from: at, to: at, size }),
    fc.record({ kind: fc.constant('zero' as const), at, size: fc.constantFrom(4, ...PAGE_SIZES) }),
    fc.record({ kind: fc.constant('cut' as const), at }),
  );
  return fc.array(damage, { minLength: 1, maxLength: max });
}

/** A copy with these changes, one after the other. */
export function damaged(bytes: Buffer, changes: Damage[]): Buffer {
  return changes.reduce(apply, Buffer.from(bytes));
}

function apply(bytes: Buffer, damage: Damage): Buffer {
  switch (damage.kind) {
    case 'write':
      write(bytes, placeOf(bytes, damage.at, damage.size), damage);
      return bytes;
    case 'writeAtPage':
      write(bytes, placeOf(bytes, damage.at, 512) + damage.offset, damage);
      return bytes;
    case 'copy': {
      const from = placeOf(bytes, damage.from, damage.size);
      bytes.copyWithin(placeOf(bytes, damage.to, damage.size), from, from + damage.size);
      return bytes;
    }
    case 'zero': {
      const at = placeOf(bytes, damage.at, damage.size);
      return bytes.fill(0, at, Math.min(bytes.length, at + damage.size));
    }
    case 'cut':
      return bytes.subarray(0, Math.floor(damage.at * bytes.length));
  }
}

/** Aligned, as pages and numbers are. */
function placeOf(bytes: Buffer, fraction: number, size: number): number {
  const offset = Math.floor(fraction * bytes.length);
  return offset - (offset % size);
}

function write(
  bytes: Buffer,
  at: number,
  { value, size, isLittle }: { value: number; size: number; isLittle: boolean },
): void {
  if (at + size > bytes.length) return;
  const bounded = value % 2 ** (8 * size);
  if (isLittle) bytes.writeUIntLE(bounded, at, size);
  else bytes.writeUIntBE(bounded, at, size);
}
