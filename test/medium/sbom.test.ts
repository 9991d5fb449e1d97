import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildInventory } from '../../src/engine/inventory.js';
import { listPackages } from '../../src/engine/package-list.js';
import { readSbom } from '../../src/engine/sbom/read-sbom.js';
import { buildSbomInventory } from '../../src/engine/sbom/sbom-facts.js';
import type { Distribution } from '../../src/model/distribution.js';
import type { Inventory } from '../../src/model/inventory.js';
import { type ExtractedPackage, isSystemType, PACKAGE_TYPES } from '../../src/model/package.js';
import { SBOM_FORMATS, type SbomFormat } from '../../src/model/sbom.js';
import { sbom } from '../../src/report/sbom.js';
import { LayerWorkers } from '../../src/source/archive/layer-workers.js';
import { type LocalImageReference, readImage } from '../../src/source/archive/read-image.js';
import fc from '../support/property.js';
import { readOptions } from '../support/read-options.js';
import { haveSbomSchemas, SbomSchemas } from '../support/sbom-schemas.js';
import { subjectOf } from '../support/sbom-subject.js';

const FOLDER = resolve('..', 'shared', 'data', 'images');
const hasImages = existsSync(FOLDER);
if (!hasImages) console.info(`skipped: the real images are not in ${FOLDER}`);
const IMAGES = hasImages ? realpathSync(FOLDER) : FOLDER;
const schemas = haveSbomSchemas() ? new SbomSchemas() : null;

/** Holds a document to what must be true of each: valid, ids unique, and read back as the packages it was made of. */
function check(inventory: Pick<Inventory, 'distribution' | 'packages'>, format: SbomFormat): Inventory {
  const document = sbom(subjectOf(inventory), format);
  const text = JSON.stringify(document);
  expect(schemas?.faults(JSON.parse(text), format) ?? []).toEqual([]);
  const ids = text.match(format === 'spdx' ? /"SPDXID":"[^"]*"/g : /"bom-ref":"(?:[^"\\]|\\.)*"/g) ?? [];
  expect(new Set(ids).size).toBe(ids.length);
  const read = buildSbomInventory(readSbom(Buffer.from(text), 'sbom'));
  const key = (from: Pick<Inventory, 'packages'>) =>
    from.packages.map(({ purl, ecosystem, source, isGroupGuessed }) => ({ purl, ecosystem, source, isGroupGuessed }));
  expect(key(read)).toEqual(key(inventory));
  return read;
}

describe.skipIf(!hasImages)('the SBOM of a real image', () => {
  const workers = new LayerWorkers();
  let tempDir: string;

  beforeAll(async () => {
    tempDir = await realpath(await mkdtemp(join(tmpdir(), 'plimsoll-sbom-')));
  });
  afterAll(async () => {
    await workers.close();
    await rm(tempDir, { recursive: true, force: true });
  });

  const archives = (folder: string) =>
    hasImages ? readdirSync(join(IMAGES, folder)).map((name) => join(IMAGES, folder, name)) : [];
  const IN_IT: [string, LocalImageReference][] = [
    ...['alpine-minirootfs-3.20.3-x86_64', 'ubuntu-jammy-release'].map((name): [string, LocalImageReference] => [
      name,
      { transport: 'rootfs', path: join(IMAGES, `${name}.tar.gz`) },
    ]),
    ['alpine 3.10.4', { transport: 'auto', path: join(IMAGES, 'docker-archive-alpine-3.10.4.tar.gz'), name: 'alpine' }],
    ...[
      ...archives('archives/docker-archives/docker-save'),
      ...archives('archives/docker-archives/skopeo-copy'),
      ...archives('archives/npm/npm-without-lockfiles'),
      ...archives('archives/pnpm'),
    ].map((path): [string, LocalImageReference] => [
      path.slice(IMAGES.length),
      { transport: 'auto', path, name: path },
    ]),
  ];

  it.each(IN_IT)('%s is valid in both formats, and tells of the same packages', async (_name, reference) => {
    const image = await readImage(reference, readOptions({ workers, tempDir, known: new Map(), progress: [] }));
    const inventory = buildInventory(image, { lockfiles: true });
    for (const format of SBOM_FORMATS) {
      const read = check(inventory, format);
      expect(read.distribution?.id).toBe(inventory.distribution?.id);
      expect(
        read.packages.map(({ name, version, architecture, module }) => [name, version, architecture, module]),
      ).toEqual(
        inventory.packages.map(({ name, version, architecture, module }) => [name, version, architecture, module]),
      );
      expect(read.packages.map(({ locations }) => locations.map(({ path }) => path))).toEqual(
        inventory.packages.map(({ locations }) => locations.map(({ path }) => path)),
      );
    }
    expect(check(inventory, 'cyclonedx').packages).toEqual(inventory.packages);
  });
});

describe('the SBOM of an inventory made to be difficult', () => {
  /** As extractors let it pass: no control characters, nothing that is no text. */
  const text = (maxLength: number) =>
    fc
      .oneof(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength }),
        fc.string({ unit: fc.constantFrom(...'a1A.-_+~:@/%?#&= "\\<>()é\u{1f600}'), minLength: 1, maxLength }),
      )
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is left out
      .map((word) => word.replace(/[\u0000-\u001f\u007f\ufffd]/g, '').toWellFormed())
      .filter((word) => word.trim() !== '');
  const licence = fc.oneof(
    text(40),
    fc.constantFrom('MIT', 'GPL-2.0+', 'MIT OR Apache-2.0', 'mit', 'NOASSERTION', 'NONE', 'LicenseRef-x', '(', ''),
  );
  const found: fc.Arbitrary<ExtractedPackage> = fc
    .record({
      type: fc.constantFrom(...PACKAGE_TYPES),
      name: text(30),
      version: text(20),
      source: fc.option(fc.record({ name: text(20), version: text(20) })),
      architecture: fc.option(fc.constantFrom('amd64', 'x86_64', 'noarch')),
      licenses: fc.array(licence, { maxLength: 4 }),
      module: fc.constant(null),
    })
    .chain((entry) =>
      fc.boolean().map((isGuess) => (isGuess && entry.type === 'maven' ? { ...entry, isGroupGuessed: true } : entry)),
    );
  const location = fc.record({
    path: text(60).map((path) => `/${path}`),
    layer: fc.option(fc.constant(`sha256:${'a'.repeat(64)}`)),
  });
  const distribution: fc.Arbitrary<Distribution | null> = fc.option(
    fc.record({
      id: fc.constantFrom('debian', 'ubuntu', 'alpine', 'rocky', 'opensuse-leap', 'arch', 'some-other'),
      versionId: fc.option(fc.constantFrom('12', '22.04', '3.20.3', '8.5', '15.5', 'rolling')),
      codename: fc.option(text(10)),
      prettyName: fc.option(text(20)),
    }),
  );
  const inventory = fc
    .tuple(
      distribution,
      fc.array(fc.record({ found, locations: fc.array(location, { maxLength: 3 }) }), { maxLength: 8 }),
    )
    .map(([own, entries]) => {
      const words = {
        nothing: { code: 'nothing_recognised' as const, subject: '', message: '' },
        noDistribution: { subject: '', why: '' },
        unnameable: () => ({ code: 'file_unparsable' as const, subject: '', message: '' }),
      };
      const all = entries.map(({ found: entry, locations }) => ({
        found: isSystemType(entry.type) ? entry : { ...entry, source: null, architecture: null },
        locations,
        distribution: own,
      }));
      return { distribution: own, packages: listPackages(all, words).packages };
    });

  it('is valid in both formats, with unique ids, and tells of the same packages', () => {
    fc.assert(
      fc.property(inventory, fc.constantFrom(...SBOM_FORMATS), (facts, format) => {
        check(facts, format);
      }),
      { numRuns: 500 },
    );
  });
});
