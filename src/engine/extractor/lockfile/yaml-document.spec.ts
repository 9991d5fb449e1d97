import { describe, expect, it } from 'vitest';
import { ExtractionBuilder } from '../extraction-builder.js';
import { readYaml } from './yaml-document.js';

function read(text: string) {
  const builder = new ExtractionBuilder('pnpm-lock.yaml');
  const documents = readYaml(builder, Buffer.from(text));
  return { documents, faults: builder.build().gaps.map(({ message }) => / has (.*?):/.exec(message)?.[1]) };
}

describe('a YAML file', () => {
  it('is all its documents', () => {
    expect(read('a: 1\n---\nb: [x, {c: d}]\n')).toEqual({
      documents: [{ a: 1 }, { b: ['x', { c: 'd' }] }],
      faults: [],
    });
  });

  it.each<[string, string, unknown]>([
    ['at the top', 'a: 1\nb: 2\na: 3\n', { a: 3, b: 2 }],
    ['deeper', 'a:\n  - b: {c: 1, "c": 2}\n', { a: [{ b: { c: 2 } }] }],
  ])('with a key that comes twice %s is read, and says so', (_where, text, expected) => {
    const faults = ['a key that comes twice, of which the last was read'];
    expect(read(text)).toEqual({ documents: [expected], faults });
  });

  it('may have the same key in two mappings, or in two documents', () => {
    expect(read('a: {x: 1}\nb: {x: 1}\n---\na: {x: 1}\n').faults).toEqual([]);
  });

  it('with more keys than any lockfile has is read in time that grows with them', () => {
    const started = performance.now();
    const { documents, faults } = read(Array.from({ length: 100_000 }, (_, i) => `k${i}: v\n`).join(''));
    expect(Object.keys(documents[0] as object)).toHaveLength(100_000);
    expect(faults).toEqual([]);
    // Comparing each with each takes minutes.
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it.each([
    ['an alias', 'a: &x 1\nb: *x\n'],
    ['broken syntax', 'a: [1\n'],
    ['deep nesting', '['.repeat(50_000)],
  ])('with %s is refused', (_what, text) => {
    expect(read(text)).toEqual({ documents: [], faults: ['a YAML syntax error, an alias or too deep nesting'] });
  });
});
