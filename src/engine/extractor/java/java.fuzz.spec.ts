import { describe, expect, it } from 'vitest';
import fc from '../../../../test/support/property.js';
import { zip, zipOf } from '../../../../test/support/zip.js';
import { type FileView, MemoryFile } from '../file-view.js';
import { java } from './java.js';

const properties = (artifact: string): Record<string, string> => ({
  [`META-INF/maven/g/${artifact}/pom.properties`]: `version=1\ngroupId=g\nartifactId=${artifact}\n`,
});
const INNER = zip({
  ...properties('inner'),
  'META-INF/MANIFEST.MF': 'Bundle-SymbolicName: g.inner\n',
  'g/A.class': '',
});
const SEED = zipOf(
  [
    { name: 'lib/deflated.jar', content: INNER },
    { name: 'lib/stored.jar', content: INNER, stored: true },
    ...Object.entries(properties('outer')).map(([name, content]) => ({ name, content, wide: true })),
    { name: 'META-INF/maven/g/outer/pom.xml', content: '<project><version>1</version></project>', streamed: true },
  ],
  { prefix: Buffer.from('#!/bin/sh\n'), wide: true, comment: 'a comment' },
);
const read = (bytes: Buffer) => java.extract(new MemoryFile('app.jar', bytes));
const DEFLATED = zip({ 'lib/inner.jar': INNER, ...properties('outer') });

describe('damaged Java archives', () => {
  it('are read without an error, in bounded pieces and in bounded time', () => {
    const value = fc.oneof(
      fc.nat(255).map((byte) => [byte]),
      fc.constantFrom([0, 0, 0, 0], [255, 255, 255, 255], [255, 255, 255, 127], [0, 0, 0, 1]),
    );
    const change = fc.record({ at: fc.nat(SEED.length - 1), value });
    const changes = fc.array(change, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(changes, fc.option(fc.nat(SEED.length)), (made, length) => {
        const bytes = Buffer.from(SEED);
        for (const { at, value: bits } of made) Buffer.from(bits).copy(bytes, at);
        const found = java.extract(new CountedFile(bytes.subarray(0, length ?? bytes.length)));
        expect(found.packages.length).toBeLessThan(20);
        expect(found.gaps.length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 5_000 },
    );
  });

  it('leave a gap wherever they are cut off', () => {
    for (let length = 1; length < SEED.length; length += 3) {
      const { packages, gaps } = read(SEED.subarray(0, length));
      // Where the cut is directly behind a stored archive, that is what a reader of zip archives sees.
      if (packages.length === 0) expect(gaps, `${length} of ${SEED.length} bytes`).toHaveLength(1);
      else expect(packages).toMatchObject([{ name: 'g:inner' }]);
    }
  });

  it('leave a gap where the content of a compressed entry was changed', () => {
    const bytes = Buffer.from(DEFLATED);
    const whole = read(bytes).packages;
    expect(whole).toHaveLength(2);
    for (let at = 0; at < bytes.indexOf('PK\x01\x02'); at += 1) {
      const byte = bytes[at] ?? 0;
      bytes[at] = byte ^ 0x55;
      const { packages, gaps } = read(bytes);
      // Names in local headers, and most of their numbers, are read by nobody.
      if (gaps.length === 0) expect(packages, `byte ${at}`).toEqual(whole);
      bytes[at] = byte;
    }
  });
});

/** Notices what is asked for beyond all sense. */
class CountedFile implements FileView {
  readonly path = 'app.jar';
  private bytesRead = 0;

  constructor(private readonly bytes: Buffer) {}

  get size(): number {
    return this.bytes.length;
  }

  read(offset: number, length: number): Buffer {
    expect(length).toBeLessThanOrEqual(this.size);
    this.bytesRead += length;
    expect(this.bytesRead).toBeLessThan(2 ** 20);
    return this.bytes.subarray(offset, offset + length);
  }
}
