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
 * rpm 4.20 refuses to list packages with an OpenPGP signature whose number lacks its leading bit
 * (https://github.com/rpm-software-management/rpm/issues/2351), as a few of Microsoft's are. They are installed, and
 * the rpm of their distribution lists them, as 4.18 does.
 */
const REFUSED: Record<string, string[]> = {
  'cbl-mariner-2.0': [
    'mariner-repos-microsoft-preview (none) 2.0 4.cm2 noarch mariner-repos-2.0-4.cm2.src.rpm MIT (none)',
    'vim (none) 8.2.4081 1.cm2 x86_64 vim-8.2.4081-1.cm2.src.rpm Vim (none)',
  ],
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
      expect(found.packages.map(printed).sort()).toEqual([...expected(folder), ...(REFUSED[folder] ?? [])].sort());
      expect(found.gaps).toEqual([]);
    }
  });
});
