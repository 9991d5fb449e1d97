import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MemoryFile } from '../../src/engine/extractor/file-view.js';
import { rpm } from '../../src/engine/extractor/rpm/rpm.js';
import type { ExtractedPackage } from '../../src/model/package.js';

const DATA = resolve('..', 'shared', 'data', 'rpmdb');
const EXPECTED = 'expected.rpm-qa.tsv';
const folders = existsSync(DATA) ? readdirSync(DATA).filter((name) => existsSync(join(DATA, name, EXPECTED))) : [];
if (folders.length === 0) console.info(`skipped: the real rpm databases are not in ${DATA}`);

/**
 * What rpm 4.20 does not list, as the OpenPGP signature has a number that lacks its leading bit. All are installed, so
 * each is named as not examined.
 */
const REFUSED: Record<string, string[]> = {
  'cbl-mariner-2.0': ['vim-8.2.4081-1.cm2.x86_64', 'mariner-repos-microsoft-preview-2.0-4.cm2.noarch'],
};

/** Name, epoch, version, release, architecture, source package, license, module. */
function expected(folder: string): string[] {
  const rows = readFileSync(join(DATA, folder, EXPECTED), 'utf8')
    .trimEnd()
    .split('\n');
  return rows.map((row) => {
    const fields = row.split('\t');
    return [...fields.slice(0, 7), fields[9]].join(' ');
  });
}

/** In the words of `rpm -qa`. */
function printed({ name, version, architecture, source, licenses, module }: ExtractedPackage): string {
  const [, epoch = '(none)', upstream, release] = /^(?:(\d+):)?(.+)-([^-]+)$/.exec(version) ?? [];
  const file = source ? `${source.name}-${source.version}.src.rpm` : '(none)';
  return [name, epoch, upstream, release, architecture, file, licenses[0], module]
    .map((field) => field ?? '(none)')
    .join(' ');
}

describe('real rpm databases', () => {
  if (folders.length === 0) it.skip('have the packages that rpm lists', () => undefined);
  it.each(folders)('%s has the packages that rpm lists', (folder) => {
    for (const file of readdirSync(join(DATA, folder)).filter((name) => name !== EXPECTED)) {
      const found = rpm.extract(new MemoryFile(`var/lib/rpm/${file}`, readFileSync(join(DATA, folder, file))));
      expect(found.packages.map(printed).sort()).toEqual(expected(folder).sort());
      const refused = REFUSED[folder];
      expect(found.gaps.map(({ message }) => / has (.*): rpm refuses /.exec(message)?.[1])).toEqual(
        refused ? [refused.join(', ')] : [],
      );
    }
  });
});
