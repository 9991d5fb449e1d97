import { describe, expect, it } from 'vitest';
import { type Extraction, emptyExtraction } from '../engine/extractor/extractor.js';
import type { KnownLayer } from '../engine/layer/layer-facts.js';
import { PathSetBuilder } from '../engine/path/path-set.js';
import type { ExtractedPackage } from '../model/package.js';
import { knownLayer, storedLayer } from './stored-facts.js';

const ms: ExtractedPackage = {
  type: 'npm',
  name: 'ms',
  version: '2.0.0',
  source: null,
  architecture: null,
  licenses: [],
  module: null,
};

const with_ = (packages: ExtractedPackage[], more: Partial<Extraction> = {}): Extraction => ({
  ...emptyExtraction(),
  packages,
  ...more,
});

function layer(...extractions: Extraction[]): KnownLayer {
  const occupied = new PathSetBuilder();
  occupied.add('a');
  occupied.add('b/c');
  return {
    diffId: 'sha256:00',
    facts: {
      files: extractions.map((extraction, index) => ({ path: `file-${index}`, extraction })),
      notes: [],
      secrets: null,
      packageCaches: [],
      whiteouts: ['x'],
      opaques: [],
      links: [],
      folders: [],
      gaps: [],
      occupied: occupied.build(),
      directories: new PathSetBuilder().build(),
    },
  };
}

/** As it comes back from the database. */
function again(known: KnownLayer): KnownLayer {
  const { facts, occupied, directories } = storedLayer(known);
  return knownLayer({
    facts: JSON.parse(JSON.stringify(facts)),
    occupied: Buffer.from(occupied),
    directories: Buffer.from(directories),
  });
}

describe('stored facts', () => {
  it.each<[string, Extraction]>([
    ['nothing', with_([])],
    ['a package', with_([ms])],
    ['a package with licenses', with_([{ ...ms, licenses: ['MIT', 'ISC'] }])],
    ['two packages', with_([ms, { ...ms, version: '2.1.0' }])],
    ['a package in an archive', with_([{ ...ms, inner: 'a.jar' }])],
    ['a package of a system', with_([{ ...ms, type: 'deb', architecture: 'amd64' }])],
    ['a package with a source', with_([{ ...ms, source: { name: 'a', version: '1' } }])],
    ['a package with a module', with_([{ ...ms, module: 'nodejs:18' }])],
    ['a package with a guessed group', with_([{ ...ms, type: 'maven', isGroupGuessed: true }])],
    ['a gap', with_([ms], { gaps: [{ code: 'file_unparsable', subject: '/a', message: 'x' }] })],
    ['owned files', with_([ms], { owned: 'AAAAAAAA' })],
    ['a distribution', with_([ms], { distribution: { id: 'a', versionId: null, codename: null, prettyName: null } })],
    ['accounts', with_([ms], { accounts: [{ name: 'root', uid: 0, password: 'none' }] })],
  ])('come back as they were where a file tells of %s', (_, extraction) => {
    const known = layer(extraction, with_([ms]));
    expect(again(known)).toEqual(known);
  });

  it('are short where a file is one package and nothing else', () => {
    expect(storedLayer(layer(with_([{ ...ms, licenses: ['MIT'] }]))).facts).toMatchObject({
      files: [['file-0', 'npm', 'ms', '2.0.0', 'MIT']],
    });
  });

  it('have paths in memory of their own, wherever the bytes came to lie', () => {
    const { facts, occupied, directories } = storedLayer(layer());
    const shifted = Buffer.concat([Buffer.alloc(3), occupied]).subarray(3);
    expect(knownLayer({ facts, occupied: shifted, directories }).facts.occupied).toEqual(layer().facts.occupied);
  });
});
