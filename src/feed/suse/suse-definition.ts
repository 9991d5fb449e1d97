import type { Advisory, AffectedPackage } from '../../model/advisory.js';
import type { Cvss } from '../../model/severity.js';
import { parseCvss } from '../cvss.js';
import type { FeedRecord } from '../feed-record.js';
import { cvesOf, isWord, summaryOf, timeOf } from '../feed-text.js';
import { alternativesOf, type Criterion } from '../oval/oval-criteria.js';
import type { OvalTests, PackageTest } from '../oval/oval-tests.js';
import { parseEvr } from '../rpm/evr.js';
import { affectedBinaries, type FixedBinary } from '../rpm/fixed-binaries.js';
import { severityOfWord } from '../severity-word.js';
import { childOf, childrenOf, textIn, type XmlElement } from '../xml/xml-records.js';
import { ecosystemOfProduct } from './suse-product.js';

/**
 * Reads a definition of SUSE's OVAL: one CVE, and for each product the packages that are fixed, affected without a fix,
 * or not affected.
 *
 * @returns null for a definition that is not about a CVE
 * @throws Error for one that cannot be expressed
 */
export function parseDefinition(definition: XmlElement, tests: OvalTests): FeedRecord | null {
  if ((definition.attributes.class ?? 'vulnerability') !== 'vulnerability') return null;
  const metadata = childOf(definition, 'metadata');
  if (!metadata) throw new Error('expected <metadata>');
  const [cve] = cvesOf([textIn(metadata, 'title')]);
  if (cve === undefined) return null;
  const details = childOf(metadata, 'advisory');
  const id = `SUSE-${cve}`;
  const updated = details && (childOf(details, 'updated') ?? childOf(details, 'issued'));
  const advisory: Advisory = {
    id,
    aliases: [],
    upstream: [cve],
    summary: summaryOf(textIn(metadata, 'description')),
    severity: severityOfWord(details && textIn(details, 'severity')),
    cvss: details ? cvssOf(details, id) : [],
    url: `https://www.suse.com/security/cve/${cve}`,
    modified: timeOf(updated?.attributes.date),
    withdrawn: null,
    affected: affectedOf(definition, tests),
  };
  return { advisory };
}

/** `cvss3="7.8/CVSS:3.1/AV:L/…"` by SUSE itself; NVD's stands beside it. */
function cvssOf(details: XmlElement, id: string): Cvss[] {
  const own = childrenOf(details, 'cve').filter(({ attributes }) =>
    /^https?:\/\/www\.suse\.com\//.test(attributes.href ?? ''),
  );
  return own.flatMap(({ attributes }) => {
    const vectors: [string, string | undefined][] = [
      ['CVSS_V4', attributes.cvss4],
      ['CVSS_V3', attributes.cvss3],
    ];
    return vectors.flatMap(([type, text]) => parseCvss(type, text?.replace(/^[\d.]+\//, '') ?? '', id) ?? []);
  });
}

/** What is said of the packages of one ecosystem. */
interface Statements {
  fixed: FixedBinary[];
  unfixed: Set<string>;
  notAffected: Set<string>;
}

function affectedOf(definition: XmlElement, tests: OvalTests): AffectedPackage[] {
  const byEcosystem = new Map<string, Statements>();
  for (const criteria of alternativesOf(definition)) {
    const products = criteria.flatMap((criterion) => productOf(criterion) ?? []);
    const packages = criteria.filter((criterion) => productOf(criterion) === null);
    const ecosystems = new Set(products.flatMap((product) => ecosystemOfProduct(product) ?? []));
    if (products.length === 0 && packages.length > 0) throw new Error('it does not say which product it is about');
    // What else has to hold, as a kernel that is running, only narrows what is said of a package.
    const known = packages.flatMap((criterion): [Criterion, PackageTest][] => {
      const test = tests.find(criterion.test) ?? testOfComment(criterion.comment);
      return test ? [[criterion, test]] : [];
    });
    if (known.length === 0 && packages[0])
      throw new Error(`"${packages[0].comment.slice(0, 80)}" is no test of a package`);
    for (const ecosystem of ecosystems) {
      let statements = byEcosystem.get(ecosystem);
      if (!statements) {
        statements = { fixed: [], unfixed: new Set(), notAffected: new Set() };
        byEcosystem.set(ecosystem, statements);
      }
      for (const [criterion, test] of known) addStatement(criterion, test, statements);
    }
  }
  return [...byEcosystem].flatMap(([ecosystem, { fixed, unfixed, notAffected }]) => [
    ...affectedBinaries(ecosystem, fixed, false),
    ...[...unfixed].map((name) => everyVersion(ecosystem, name)),
    // What one product of a service pack says is not affected may be so in another only.
    ...[...notAffected]
      .filter((name) => !unfixed.has(name) && !fixed.some((binary) => binary.name === name))
      .map((name): AffectedPackage => ({ ...everyVersion(ecosystem, name), ranges: [], status: 'not_affected' })),
  ]);
}

/** `SUSE Linux Enterprise Server 15 SP5 is installed`; a package's criterion has its version there, `krb5-1.15.2-4.25`. */
function productOf({ comment }: Criterion): string | null {
  const product = /^((?:SUSE|openSUSE) .+) is installed$/i.exec(comment.trim())?.[1];
  return product ?? null;
}

function addStatement(criterion: Criterion, found: PackageTest, statements: Statements): void {
  const { comment } = criterion;
  const { name, state } = found;
  if (!isWord(name)) throw new Error(`expected the name of a package, got ${JSON.stringify(name.slice(0, 80))}`);
  switch (state?.evr?.operation) {
    case 'less than': {
      const version = parseEvr(state.evr.value);
      if (version === null) throw new Error(`expected a version, got ${JSON.stringify(state.evr.value.slice(0, 80))}`);
      statements.fixed.push({ name, version, architectures: architecturesOf(found) });
      return;
    }
    case 'greater than':
    case 'greater than or equal':
      // "Above 0" is every version.
      if (!/^(?:0:)?0(?:-0)?$/.test(state.evr.value)) break;
      statements.unfixed.add(name);
      return;
    default:
      // No package has the version 0: that is how SUSE says that the release is not affected.
      if (state?.version?.operation === 'equals' && state.version.value === '0') {
        statements.notAffected.add(name);
        return;
      }
      if (/ is affected$/.test(comment.trim())) {
        statements.unfixed.add(name);
        return;
      }
  }
  throw new Error(`cannot express "${comment.slice(0, 80)}"`);
}

/** What a test says in words, where the file does not have the test itself. SUSE's packages have no epochs. */
function testOfComment(comment: string): PackageTest | undefined {
  const [, name = '', version, release] = /^(\S+)-([^\s-]+)-([^\s-]+) is installed$/.exec(comment.trim()) ?? [];
  if (release !== undefined)
    return { name, state: { evr: { operation: 'less than', value: `${version}-${release}` } } };
  const [, affected, not] = /^(\S+) is (not )?affected$/.exec(comment.trim()) ?? [];
  if (affected === undefined) return undefined;
  return { name: affected, state: not === undefined ? null : { version: { operation: 'equals', value: '0' } } };
}

/** `(aarch64|ppc64le|s390x|x86_64)` */
function architecturesOf({ state }: PackageTest): string[] {
  const pattern = state?.arch?.value.replace(/^\^?\(|\)\$?$/g, '') ?? '';
  return pattern === '' || !/^[\w|]+$/.test(pattern) ? [] : pattern.split('|').filter(Boolean);
}

function everyVersion(ecosystem: string, name: string): AffectedPackage {
  return {
    ecosystem,
    name,
    named: 'binary',
    ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }],
    versions: [],
    severity: null,
    cvss: [],
  };
}
