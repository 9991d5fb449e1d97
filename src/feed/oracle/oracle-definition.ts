import type { Advisory, AffectedPackage } from '../../model/advisory.js';
import type { FeedRecord } from '../feed-record.js';
import { cvesOf, isWord, summaryOf, timeOf } from '../feed-text.js';
import { alternativesOf, type Criterion } from '../oval/oval-criteria.js';
import type { OvalTests, PackageState, PackageTest } from '../oval/oval-tests.js';
import { parseEvr } from '../rpm/evr.js';
import { affectedBinaries, type FixedBinary } from '../rpm/fixed-binaries.js';
import { severityOfWord } from '../severity-word.js';
import { childOf, childrenOf, textIn, type XmlElement } from '../xml/xml-records.js';

/**
 * Reads a definition of Oracle's OVAL: an ELSA bulletin, which lists binaries by release, architecture and module.
 *
 * @throws Error for one that cannot be expressed
 */
export function parseDefinition(definition: XmlElement, tests: OvalTests): FeedRecord | null {
  const metadata = childOf(definition, 'metadata');
  if (!metadata) throw new Error('expected <metadata>');
  const title = summaryOf(textIn(metadata, 'title'));
  const references = childrenOf(metadata, 'reference').map(({ attributes }) => attributes);
  const bulletin = references.find(({ source }) => source?.toLowerCase() === 'elsa');
  const id = bulletin?.ref_id?.trim() || title.split(/[: ]/, 1)[0] || '';
  if (!isWord(id)) throw new Error(`expected the id of a bulletin, got ${JSON.stringify(id.slice(0, 40))}`);
  const advisory = childOf(metadata, 'advisory');
  const named = advisory ? childrenOf(advisory, 'cve').map(({ text }) => text) : [];
  const referenced = references.flatMap(({ source, ref_id }) =>
    source?.toUpperCase() === 'CVE' ? [ref_id ?? ''] : [],
  );
  const issued = advisory && (childOf(advisory, 'updated') ?? childOf(advisory, 'issued'));
  const record: Advisory = {
    id,
    aliases: [],
    upstream: cvesOf([...named, ...referenced]),
    summary: title.startsWith(id) ? title.slice(id.length).replace(/^[:\s]+/, '') : title,
    severity: severityOfWord(advisory && textIn(advisory, 'severity')),
    cvss: [],
    url: `https://linux.oracle.com/errata/${encodeURIComponent(id)}.html`,
    modified: timeOf(issued?.attributes.date),
    withdrawn: null,
    affected: affectedOf(definition, tests),
  };
  return { advisory: record };
}

function affectedOf(definition: XmlElement, tests: OvalTests): AffectedPackage[] {
  const byRelease = new Map<string, FixedBinary[]>();
  for (const alternative of alternativesOf(definition)) {
    const condition = conditionOf(alternative, tests);
    // A bulletin of a release has no other packages, so one without is about none.
    if (condition.fixed.length === 0) continue;
    if (condition.release === null) throw new Error(`it does not say which release ${condition.fixed[0]?.name} is of`);
    let fixed = byRelease.get(condition.release);
    if (!fixed) {
      fixed = [];
      byRelease.set(condition.release, fixed);
    }
    const { architectures, module } = condition;
    for (const { name, version } of condition.fixed) fixed.push({ name, version, architectures, module });
  }
  return [...byRelease].flatMap(([release, fixed]) =>
    architecturesApart(fixed).flatMap(([exact, binaries]) =>
      affectedBinaries(`Oracle Linux:${release}`, binaries, exact),
    ),
  );
}

interface Condition {
  release: string | null;
  /** Of the packages; empty for every one. */
  architectures: string[];
  module: string | undefined;
  fixed: { name: string; version: string }[];
}

function conditionOf(criteria: readonly Criterion[], tests: OvalTests): Condition {
  const condition: Condition = { release: null, architectures: [], module: undefined, fixed: [] };
  let unknown: string | null = null;
  for (const criterion of criteria) {
    const { comment } = criterion;
    const module = /^Module (\S+:\S+) is enabled$/.exec(comment)?.[1];
    if (module !== undefined) {
      condition.module = module;
      continue;
    }
    const test = tests.find(criterion.test) ?? testOfComment(comment);
    if (!test) {
      unknown ??= comment;
      continue;
    }
    const { name, state } = test;
    if (name === RELEASE_PACKAGE && state?.version)
      condition.release = /^\^?(\d+)/.exec(state.version.value)?.[1] ?? null;
    else if (name === RELEASE_PACKAGE && state?.arch) condition.architectures = packagesOn(state.arch.value);
    else if (state?.evr?.operation === 'less than')
      condition.fixed.push({ name, version: versionOf(name, state.evr.value) });
    // By which key it is signed, and which flavour it is: the version to pass says so too (`.ksplice1.`, `_fips`).
    else if (!state?.signature_keyid && !state?.release) unknown ??= comment;
  }
  // What else has to hold only narrows what is said of a package.
  if (unknown !== null && condition.fixed.length === 0) {
    throw new Error(`cannot express "${unknown.slice(0, 80)}"`);
  }
  return condition;
}

/** What a test says in words, where the file does not have the test itself. */
function testOfComment(comment: string): PackageTest | undefined {
  const [, release] = /^Oracle Linux (\d+) is installed$/.exec(comment) ?? [];
  if (release !== undefined) return testOf(RELEASE_PACKAGE, 'version', 'pattern match', `^${release}`);
  const [, machine] = /^Oracle Linux arch is (\S+)$/.exec(comment) ?? [];
  if (machine !== undefined) return testOf(RELEASE_PACKAGE, 'arch', 'pattern match', machine);
  const [, name = '', evr] = /^(\S+) is earlier than (\S+)$/.exec(comment) ?? [];
  if (evr !== undefined) return testOf(name, 'evr', 'less than', evr);
  const [, signed] = /^(\S+) is signed with the Oracle Linux \d+ key$/.exec(comment) ?? [];
  return signed === undefined ? undefined : testOf(signed, 'signature_keyid', 'equals', '');
}

function testOf(name: string, field: keyof PackageState, operation: string, value: string): PackageTest {
  return { name, state: { [field]: { operation, value } } };
}

const RELEASE_PACKAGE = 'oraclelinux-release';

/** A 64-bit PC also runs packages for the 32-bit one, and every machine those for none. */
function packagesOn(machine: string): string[] {
  if (!isWord(machine)) throw new Error(`expected an architecture, got ${JSON.stringify(machine.slice(0, 40))}`);
  const pc = ['i386', 'i486', 'i586', 'i686'];
  if (machine === 'x86_64') return ['x86_64', ...pc];
  return /^i\d86$/.test(machine) ? pc : [machine];
}

/**
 * The architectures of a bulletin are complete. Where it has a package for all that it is about, in the same version, the
 * package is meant wherever it is installed, and its entry need not name them.
 */
function architecturesApart(fixed: readonly FixedBinary[]): [exact: boolean, binaries: FixedBinary[]][] {
  const all = new Set(fixed.flatMap(({ architectures }) => architectures));
  const some = new Map<string, Set<string>>();
  for (const { name, module, architectures } of fixed) {
    const key = `${name}\0${module ?? ''}`;
    const on = some.get(key) ?? new Set();
    for (const architecture of architectures) on.add(architecture);
    some.set(key, on);
  }
  // One architecture alone may be all that was rebuilt, or all that exists.
  const isEverywhere = ({ name, module }: FixedBinary) =>
    all.size > PC_ARCHITECTURES && some.get(`${name}\0${module ?? ''}`)?.size === all.size;
  return [
    [false, fixed.filter((binary) => binary.architectures.length === 0 || isEverywhere(binary))],
    [true, fixed.filter((binary) => binary.architectures.length > 0 && !isEverywhere(binary))],
  ];
}

/** What `packagesOn` makes of a 64-bit PC. */
const PC_ARCHITECTURES = 5;

function versionOf(name: string, evr: string): string {
  const version = parseEvr(evr);
  if (!isWord(name) || version === null) {
    throw new Error(`expected a package and its version, got ${JSON.stringify(`${name} ${evr}`.slice(0, 100))}`);
  }
  return version;
}
