import type { CoverageItem } from '../../model/coverage.js';
import type { Distribution } from '../../model/distribution.js';
import { isSystemType, type Package } from '../../model/package.js';
import { ecosystemOf } from '../ecosystem.js';
import { purlOf } from '../purl.js';
import { distributionOf } from './distro.js';
import { readPurl } from './purl-package.js';

/** A package that somebody asks about by its purl, with nothing beside it that could say more. */
export type AskedPackage =
  | {
      kind: 'package';
      /** Its `purl` is the text that was asked, and its `ecosystem` is not null. */
      package: Package & { ecosystem: string };
      /** False where advisories may be filed under a source package that the purl does not name. */
      isSourceNamed: boolean;
      hasVersion: boolean;
    }
  /** A package, of a kind or of a distribution that has no advisories here. */
  | { kind: 'unmatched'; reason: string; gap: Pick<CoverageItem, 'code' | 'subject'> }
  | { kind: 'invalid'; reason: string };

/** Characters of a purl. */
const MAX_PURL = 2_048;
/** Characters of a name or a version, as for what extractors read. */
const MAX_NAME = 512;

/** Stands for a version where none is needed. */
const NO_VERSION = '0';

/** @param needsVersion whether one without a version is invalid */
export function askedPackage(text: string, needsVersion: boolean): AskedPackage {
  if (text.length > MAX_PURL) return invalid(`expected a package URL of at most ${MAX_PURL} characters`);
  if (/\p{Cc}/u.test(text) || !text.isWellFormed()) return invalid('expected text without control characters');
  if (!/^pkg:/i.test(text)) return invalid('expected a package URL, as pkg:npm/lodash@4.17.15');
  const exact = readPurl(text, { names: [], version: null });
  const read = exact === 'invalid' ? readPurl(text, { names: [], version: NO_VERSION }) : exact;
  if (read === 'invalid') return invalid('expected a package URL of the form pkg:TYPE/NAMESPACE/NAME@VERSION');
  if (read === 'unknown_type') {
    const type = /^pkg:\/*([^/@?#]*)/i.exec(text)?.[1]?.toLowerCase() ?? '';
    const reason = `packages of the type "${type.slice(0, MAX_TYPE)}" have no advisories here`;
    return { kind: 'unmatched', reason, gap: { code: 'component_unidentified', subject: type.slice(0, MAX_TYPE) } };
  }
  const hasVersion = exact !== 'invalid';
  if (!hasVersion && needsVersion) return invalid('it has no version: expected one behind the name, as @1.2.3');
  const { found, distro, namespace } = read;
  const distribution = distributionOf(distro, namespace);
  const texts = [
    found.name,
    found.version,
    found.source?.name ?? '',
    found.source?.version ?? '',
    distro ?? '',
    namespace ?? '',
  ];
  if (texts.some((part) => part.length > MAX_NAME)) return invalid(`a name or version is over ${MAX_NAME} characters`);
  if (purlOf(found, distribution) === null)
    return invalid(`its name is none that packages of the type ${found.type} have`);
  const ecosystem = ecosystemOf(distribution, found.type);
  if (ecosystem === null) return withoutRelease(distribution);
  return {
    kind: 'package',
    package: {
      ...found,
      purl: text,
      ecosystem,
      // Without a word a package is its own source, but for an rpm, whose source has a version of its own.
      source:
        found.source ??
        (isSystemType(found.type) && found.type !== 'rpm' ? { name: found.name, version: found.version } : null),
      locations: [],
    },
    isSourceNamed: !isSystemType(found.type) || found.source !== null,
    hasVersion,
  };
}

/** Characters of a purl's type that a message repeats. */
const MAX_TYPE = 50;

function withoutRelease(distribution: Distribution | null): AskedPackage {
  const subject = distribution ? `${distribution.id} ${distribution.versionId ?? ''}`.trim() : 'no distribution';
  const reason =
    distribution?.versionId == null
      ? 'it does not say of which release of a distribution it is: add the qualifier distro, as ?distro=debian-12'
      : `no advisories are filed under ${subject}`;
  return { kind: 'unmatched', reason, gap: { code: 'distribution_unknown', subject } };
}

function invalid(reason: string): AskedPackage {
  return { kind: 'invalid', reason };
}
