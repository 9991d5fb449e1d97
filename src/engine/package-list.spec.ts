import { describe, expect, it } from 'vitest';
import type { ExtractedPackage } from '../model/package.js';
import { listPackages, type PackageListWords } from './package-list.js';

const WORDS: PackageListWords = {
  nothing: { code: 'nothing_recognised', subject: '/', message: '' },
  noDistribution: { subject: '/', why: '' },
  unnameable: () => ({ code: 'file_unparsable', subject: '/', message: '' }),
};

const project = (isGroupGuessed?: true): ExtractedPackage => ({
  type: 'maven',
  name: 'org.acme:thing',
  version: '1.0',
  source: null,
  architecture: null,
  licenses: [],
  module: null,
  ...(isGroupGuessed ? { isGroupGuessed } : {}),
});

describe('a project that is found twice', () => {
  it.each<[string, (true | undefined)[], boolean]>([
    ['guessed twice', [true, true], true],
    ['guessed, then told', [true, undefined], false],
    ['told, then guessed', [undefined, true], false],
  ])('is a guess only where nothing told its group: %s', (_what, guesses, isGuess) => {
    const all = guesses.map((guess, i) => ({
      found: project(guess),
      locations: [{ path: `/${i}.jar`, layer: null }],
      distribution: null,
    }));
    const { packages } = listPackages(all, WORDS);
    expect(packages.map(({ locations, isGroupGuessed = false }) => [locations.length, isGroupGuessed])).toEqual([
      [2, isGuess],
    ]);
  });
});
