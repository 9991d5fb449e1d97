import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Advisory, AffectedPackage, VersionRange } from '../../model/advisory.js';
import type { PackageType } from '../../model/package.js';
import type { Conclusion } from './conclusion.js';
import { familyOf } from './ecosystem-family.js';
import { PackageConclusions } from './package-conclusions.js';
import type { MatchedPackage } from './subject.js';

/**
 * The examples of docs/matching are tables of three columns. Each row is about one package and one vulnerability:
 *
 * - installed: `NAME VERSION`, then perhaps "of `SOURCE VERSION`", "in module `LABEL`", "on `ARCHITECTURE`"
 * - advisory says: records, one a line: "`ID`, titled "…": in `ECOSYSTEM`, source `NAME` of module `STREAM` on `ARCHITECTURE` …",
 *   of which all but id and name may be left out; then what it says, as in `SAYINGS`
 * - outcome: "affected, fixed in `VERSION`", "affected, not fixed (`STATE`)", "not affected", "undetermined (`CAUSE`)"
 *
 * What ecosystem they are in is the last that the text names before the table, as "In `Debian:12`:".
 */
const FOLDER = 'docs/matching';
const pages = readdirSync(FOLDER).filter((name) => name.endsWith('.md'));

describe.each(pages)('the examples of %s', (page) => {
  const rows = examplesOf(readFileSync(join(FOLDER, page), 'utf8'));

  it.each(rows)('line $line: $installed, $says: $outcome', ({ ecosystem, installed, says, outcome }) => {
    const advisories = says.split('<br>').map((text) => advisoryOf(text.trim(), ecosystem));
    const found = new PackageConclusions(advisories).of(packageOf(installed, ecosystem));
    expect(found.map(describeOutcome).join(' and ') || 'not affected').toBe(outcome);
    const reversed = new PackageConclusions(advisories.toReversed()).of(packageOf(installed, ecosystem));
    expect(reversed.map(describeOutcome)).toEqual(found.map(describeOutcome));
  });
});

it('has a page of examples for every distribution', () => {
  const without = pages.filter((page) => examplesOf(readFileSync(join(FOLDER, page), 'utf8')).length === 0);
  expect(without).toEqual([]);
  expect(pages.length).toBeGreaterThan(10);
});

interface Example {
  line: number;
  ecosystem: string;
  installed: string;
  says: string;
  outcome: string;
}

function examplesOf(text: string): Example[] {
  const examples: Example[] = [];
  let ecosystem = '';
  let isTable = false;
  for (const [index, line] of text.split('\n').entries()) {
    ecosystem = /^In `([^`]+)`.*:$/.exec(line)?.[1] ?? ecosystem;
    const cells = line.split('|').map((cell) => cell.trim());
    if (!line.startsWith('|')) isTable = false;
    else if (line === '| installed | advisory says | outcome |') isTable = true;
    else if (isTable && !line.startsWith('|---')) {
      const [, installed = '', says = '', outcome = ''] = cells;
      examples.push({ line: index + 1, ecosystem, installed, says, outcome });
    }
  }
  return examples;
}

const TYPES: Record<string, PackageType> = {
  Debian: 'deb',
  Ubuntu: 'deb',
  Echo: 'deb',
  Alpine: 'apk',
  Alpaquita: 'apk',
  Wolfi: 'apk',
  Chainguard: 'apk',
  MinimOS: 'apk',
  npm: 'npm',
  PyPI: 'pypi',
  Go: 'golang',
  Maven: 'maven',
  NuGet: 'nuget',
  RubyGems: 'gem',
};

function packageOf(text: string, ecosystem: string): MatchedPackage {
  const [, installed = '', source, module, architecture] =
    /^`([^`]+)`(?: of `([^`]+)`)?(?: in module `([^`]+)`)?(?: on `([^`]+)`)?$/.exec(text) ?? [];
  if (installed === '') throw new Error(`expected a package, got "${text}"`);
  return {
    type: TYPES[familyOf(ecosystem)] ?? 'rpm',
    ecosystem,
    ...nameAndVersion(installed),
    source: source === undefined ? null : nameAndVersion(source),
    architecture: architecture ?? null,
    module: module ?? null,
  };
}

function nameAndVersion(text: string): { name: string; version: string } {
  const [name = '', version = ''] = text.split(' ');
  return { name, version };
}

const CVE = 'CVE-2024-1';

/** A record of a distribution is about its one CVE, by its name or as upstream; any other has it as alias. */
function advisoryOf(text: string, ecosystem: string): Advisory {
  const [, id = '', title = '', entries = ''] = /^`([^`]+)`(?:, titled "([^"]+)")?: (.+)$/.exec(text) ?? [];
  if (id === '') throw new Error(`expected what a record says, got "${text}"`);
  const isLanguage = /^(?:GHSA|PYSEC|GO|RUSTSEC|OSV)-/.test(id);
  return {
    id,
    aliases: isLanguage ? [CVE] : [],
    upstream: isLanguage ? [] : [CVE],
    summary: title,
    severity: null,
    cvss: [],
    modified: new Date(0),
    withdrawn: null,
    affected: entries.split('; ').map((entry) => entryOf(entry, ecosystem)),
  };
}

function entryOf(text: string, ecosystem: string): AffectedPackage {
  const [, other, named, name = '', module, architecture, said = ''] =
    /^(?:in `([^`]+)`, )?(?:(source|binary) )?`([^`]+)`(?: of module `([^`]+)`)?(?: on `([^`]+)`)? (.+)$/.exec(text) ??
    [];
  const saying = SAYINGS.find(({ pattern }) => pattern.test(said));
  if (name === '' || !saying) throw new Error(`expected what an entry says, got "${text}"`);
  return {
    ecosystem: other ?? ecosystem,
    name,
    ranges: [],
    versions: [],
    severity: null,
    cvss: [],
    ...(named && { named: named as 'source' | 'binary' }),
    ...(module && { module }),
    ...(architecture && { architectures: [architecture] }),
    ...saying.read(saying.pattern.exec(said) ?? []),
  };
}

const SAYINGS: { pattern: RegExp; read(match: string[]): Partial<AffectedPackage> }[] = [
  { pattern: /^fixed in `([^`]+)`$/, read: ([, fixed = '']) => ({ ranges: range('0', fixed) }) },
  {
    pattern: /^affected from `([^`]+)`, fixed in `([^`]+)`$/,
    read: ([, introduced = '', fixed = '']) => ({ ranges: range(introduced, fixed) }),
  },
  {
    pattern: /^affected up to `([^`]+)`$/,
    read: ([, last = '']) => ({
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { last_affected: last }] }],
    }),
  },
  { pattern: /^affected in `([^`]+)`$/, read: ([, version = '']) => ({ versions: [version] }) },
  { pattern: /^not fixed$/, read: () => ({ ranges: range('0', null) }) },
  { pattern: /^not fixed: will not be$/, read: () => ({ ranges: range('0', null), fixState: 'wont_fix' }) },
  { pattern: /^not fixed: deferred$/, read: () => ({ ranges: range('0', null), fixState: 'deferred' }) },
  { pattern: /^not fixed: end of life$/, read: () => ({ ranges: range('0', null), fixState: 'end_of_life' }) },
  { pattern: /^not affected$/, read: () => ({ status: 'not_affected' }) },
  { pattern: /^under investigation$/, read: () => ({ status: 'undetermined' }) },
];

function range(introduced: string, fixed: string | null): VersionRange[] {
  return [{ type: 'ECOSYSTEM', events: [{ introduced }, ...(fixed === null ? [] : [{ fixed }])] }];
}

function describeOutcome({ vulnerability, verdict }: Conclusion): string {
  if (vulnerability.id !== CVE) return `about ${vulnerability.id}`;
  if (verdict.status === 'undetermined') return `undetermined (\`${verdict.cause}\`)`;
  if (verdict.fixedVersion !== null) return `affected, fixed in \`${verdict.fixedVersion}\``;
  return `affected, not fixed (\`${verdict.fixState}\`)`;
}
