import type { Advisory, AffectedPackage } from '../../model/advisory.js';
import type { VersionScheme } from '../version/scheme.js';
import { isForArchitecture } from './architecture.js';
import { ofOtherSuite, type ReleaseUploads } from './debian-suite.js';
import { type Flavour, flavourOfRanges } from './flavour.js';
import { moduleFit } from './module-stream.js';
import { evaluate, type RangeResult } from './range.js';
import { kindsOf, type NamedKind, type Subject } from './subject.js';
import { archiveOf, type UbuntuArchive } from './ubuntu-pro.js';

/** What one entry of a record says of an installed package that it is about. */
export interface Claim {
  entry: AffectedPackage;
  named: NamedKind;
  /** What was compared: the version of the source or of the binary package. */
  version: string;
  flavour: Flavour | null;
  result: RangeResult;
}

/**
 * What the entries of one record claim of a package: none for entries that are about another build of it. Of the
 * source and a binary of it, what is said of the binary counts.
 */
export function claimsOf(
  subject: Subject,
  advisory: Advisory,
  entries: readonly AffectedPackage[],
  scheme: VersionScheme,
  uploads: ReleaseUploads,
): Claim[] {
  const claims = entries.flatMap((entry) => claimOf(subject, advisory, entry, scheme, uploads) ?? []);
  if (claims.length < 2 && subject.ecosystems.length < 2) return claims;
  const binary = claims.filter(({ named }) => named === 'binary');
  const specific = binary.length > 0 ? binary : claims;
  return subject.ecosystems.length < 2 ? specific : ofEdition(specific, subject);
}

function claimOf(
  subject: Subject,
  advisory: Advisory,
  entry: AffectedPackage,
  scheme: VersionScheme,
  uploads: ReleaseUploads,
): Claim | null {
  const { architecture, type } = subject.package;
  const named = namedIn(subject, entry);
  if (named === null || !isForArchitecture(entry.architectures, architecture)) return null;
  const { name, version } = subject[named];
  const flavour = type === 'rpm' || type === 'deb' ? flavourOfRanges(entry.ranges) : null;
  const claim = (result: RangeResult): Claim => ({ entry, named, version, flavour, result });
  const fit = moduleFit(entry, advisory, subject.package);
  if (fit === 'other') return null;
  const result = evaluate(version, entry, scheme);
  switch (fit) {
    case 'fits':
      break;
    case 'unknown_stream':
      return claim(result.verdict === 'affected' ? UNKNOWN_STREAM : unsettled(result));
    case 'unsaid_stream':
      return claim(unsettled(result));
  }
  if (type !== 'deb' || subject.origin !== null) return claim(result);
  if (result.verdict !== 'not_affected' || result.fix === null) return claim(result);
  const compared = { ecosystem: entry.ecosystem, named, name, version };
  return claim(ofOtherSuite(compared, result.fix, advisory, uploads) ?? result);
}

/** Under which of its names an entry is about a package; the binary's where it is under both. */
function namedIn({ source, binary }: Subject, entry: AffectedPackage): NamedKind | null {
  const kinds = kindsOf(entry);
  if (entry.name === binary.name && kinds.includes('binary')) return 'binary';
  return entry.name === source.name && kinds.includes('source') ? 'source' : null;
}

const UNKNOWN_STREAM: RangeResult = {
  verdict: 'undetermined',
  cause: 'module',
  reason: 'it was built in a module, and does not say in which stream of it',
};

/** Being above the fix of some stream does not show that a package has the fix of its own. */
function unsettled(result: RangeResult): RangeResult {
  return result.verdict === 'not_affected' ? { ...result, isSettled: false } : result;
}

/**
 * Ubuntu: of an entry about the archive and one about Ubuntu Pro, the one that a package was installed from. What only
 * Pro fixes is no fix for who has not subscribed to it.
 */
function ofEdition(claims: readonly Claim[], { edition }: Subject): Claim[] {
  const from = (archive: UbuntuArchive) => claims.filter(({ entry }) => archiveOf(entry.ecosystem) === archive);
  const [plain, pro, fips, realtime] = [from('plain'), from('pro'), from('fips'), from('realtime')];
  if (realtime.length > 0) return realtime;
  switch (edition) {
    case 'fips':
      // Which of the archives for certified builds it is from cannot be told: it has the fix where it has that of one.
      if (fips.some(({ result }) => result.verdict === 'not_affected')) {
        return fips.filter(({ result }) => result.verdict === 'not_affected');
      }
      return firstOf(fips, pro, plain);
    case 'esm':
      return firstOf(pro, plain);
    case 'plain':
      return plain.length > 0 ? plain.map((claim) => knowingPro(claim, pro)) : pro.map(withoutPro);
  }
}

function firstOf(...lists: Claim[][]): Claim[] {
  return lists.find((list) => list.length > 0) ?? [];
}

function knowingPro(claim: Claim, pro: readonly Claim[]): Claim {
  const { result } = claim;
  if (result.verdict !== 'affected' || result.fixedVersion !== null || result.fixState !== null) return claim;
  const isFixedInPro = pro.some((other) => other.result.verdict === 'affected' && other.result.fixedVersion !== null);
  return isFixedInPro ? { ...claim, result: { ...result, fixState: 'wont_fix' } } : claim;
}

function withoutPro(claim: Claim): Claim {
  const { result } = claim;
  if (result.verdict !== 'affected' || result.fixedVersion === null) return claim;
  return { ...claim, result: { ...result, fixedVersion: null, fixState: 'wont_fix' } };
}
