import { describe, expect, it } from 'vitest';
import fc from '../../../test/support/property.js';
import { PathFilter } from './path-filter.js';

describe('PathFilter', () => {
  it('never says of a path that was added that it was not', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (paths) => {
        const filter = new PathFilter();
        for (const path of paths) filter.add(path);
        expect(paths.filter((path) => !filter.mayHave(path))).toEqual([]);
      }),
    );
  });

  it('tells paths of another length or last letter apart', () => {
    const filter = new PathFilter();
    filter.add('etc/passwd');
    expect(['etc/shadow', 'etc/passw', 'etc/passwd2', ''].filter((path) => filter.mayHave(path))).toEqual([]);
  });
});
