import { describe, expect, it } from 'vitest';
import * as program from '../../../../test/support/program.js';
import { MACHINES, type Machine } from '../../../../test/support/program.js';
import fc from '../../../../test/support/property.js';
import { type FileView, MemoryFile } from '../file-view.js';
import { executable } from './executable.js';

const LINES = `path\ta.b/c\nmod\ta.b/c\tv1.0.0\th1:\n${'dep\ta.b/d\tv1.0.0\th1:\n'.repeat(20)}`;
const CRATES = program.crateList([{ name: 'serde', version: '1.0.1' }]);
const infoFor = (machine: Machine, old: boolean) =>
  old ? program.oldGoInfo(machine, 'go1.17', LINES) : program.goInfo('go1.21.3', LINES);

const SEEDS = [
  ...Object.values(MACHINES).flatMap((machine) =>
    [true, false].map((old) =>
      program.elf({
        machine,
        data: infoFor(machine, old),
        dataSections: { '.go.buildinfo': null },
        sections: { '.dep-v0': CRATES },
        symbols: { 'main.version.str': [0, 8] },
        notes: program.goNote(machine),
      }),
    ),
  ),
  program.pe({ data: program.goInfo('go1.21.3', LINES), sections: { '.dep-v0': CRATES } }),
  program.machO({ data: program.goInfo('go1.21.3', LINES), sections: { __go_buildinfo: null } }),
  program.fat([program.machO({ data: program.goInfo('go1.21.3', LINES) })]),
  program.wasm({ '.dep-v0': CRATES }),
];

/** Bytes set to others, and numbers of headers set to extremes. */
const mutations = fc.array(
  fc.record({
    at: fc.nat(1_200),
    value: fc.oneof(
      fc.nat(255).map((byte) => [byte]),
      fc.constantFrom([0, 0, 0, 0], [255, 255, 255, 255], [255, 255, 255, 127], [0, 0, 1, 0]),
    ),
  }),
  { minLength: 1, maxLength: 6 },
);

describe('damaged programs', () => {
  it('are read without an error, and never in longer pieces than the reader allows itself', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SEEDS), mutations, fc.option(fc.nat(2_000)), (seed, changes, length) => {
        const bytes = Buffer.from(seed);
        for (const { at, value } of changes) Buffer.from(value).copy(bytes, at % bytes.length);
        const cut = bytes.subarray(0, length ?? bytes.length);
        const found = executable.extract(new Vast(cut));
        expect(found.packages.length).toBeLessThan(100);
      }),
      { numRuns: 4_000 },
    );
  });

  it('leave a gap where the texts of Go are cut off', () => {
    for (const machine of Object.values(MACHINES)) {
      for (const old of [true, false]) {
        const info = infoFor(machine, old);
        for (let length = 16; length < info.length; length += 7) {
          const data = info.subarray(0, length);
          const found = executable.extract(
            new MemoryFile('x', program.elf({ machine, data, notes: program.goNote(machine), bare: true })),
          );
          expect(found.gaps, `${length} of ${info.length} bytes`).toHaveLength(1);
        }
      }
    }
  });

  it('cannot make the reader search the same bytes again and again', () => {
    // Segments without end, one behind the other in memory, all of the same bytes of the file.
    const seed = program.elf({ data: Buffer.alloc(64) });
    const count = 1_170;
    const header = Buffer.from(seed.subarray(0, 64));
    const table = Buffer.alloc(count * 56);
    for (let index = 0; index < count; index += 1) {
      table.writeUInt32LE(1, index * 56);
      table.writeUInt32LE(6, index * 56 + 4);
      table.writeBigUInt64LE(BigInt(2 ** 22 * index), index * 56 + 16);
      table.writeBigUInt64LE(2n ** 22n, index * 56 + 32);
      table.writeBigUInt64LE(2n ** 50n, index * 56 + 40);
    }
    header.writeUInt16LE(count, 56);
    const vast = new Vast(Buffer.concat([header, table]));
    executable.extract(vast);
    expect(vast.bytesRead).toBeLessThan(8 * 2 ** 20);
  });
});

/** A file that claims to have 4 GiB, as a sparse one may: behind its bytes there are zeros. */
class Vast implements FileView {
  readonly path = 'app/run';
  readonly size = 4 * 1024 ** 3;
  bytesRead = 0;

  constructor(private readonly bytes: Buffer) {}

  read(offset: number, length: number): Buffer {
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    // The largest table of symbols that is searched.
    expect(wanted).toBeLessThanOrEqual(64 * 1024 * 1024);
    this.bytesRead += wanted;
    const found = this.bytes.subarray(offset, offset + wanted);
    return found.length === wanted ? found : Buffer.concat([found], wanted);
  }
}
