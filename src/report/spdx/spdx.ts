import type { Package } from '../../model/package.js';
import { statedLicences } from '../licence-expression.js';
import { packagePurl } from '../package-purl.js';
import { documentUuid, missingParts, type SbomSubject, subjectName, timestamp } from '../sbom-subject.js';
import { ExtractedLicences } from './extracted-licences.js';
import { shortHash } from './short-hash.js';

const DOCUMENT = 'SPDXRef-DOCUMENT';
const TARGET = 'SPDXRef-Target';
/** Trivy knows a distribution by such an id. */
const DISTRIBUTION = 'SPDXRef-OperatingSystem';
const UNKNOWN = 'NOASSERTION';

interface SpdxPackage {
  SPDXID: string;
  [field: string]: unknown;
}

/** An inventory as SPDX 2.3 JSON (the successor of ISO/IEC 5962). */
export function spdx(subject: SbomSubject): object {
  const licences = new ExtractedLicences();
  const packages = subject.packages.map((entry) => packageOf(entry, licences));
  const distribution = distributionOf(subject);
  const contained = [...distribution, ...packages].map(({ SPDXID }) => SPDXID);
  const texts = licences.all();
  const missing = missingParts(subject);
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: DOCUMENT,
    name: subjectName(subject),
    documentNamespace: `urn:uuid:${documentUuid(subject)}`,
    creationInfo: { created: timestamp(subject), creators: [`Tool: plimsoll-${subject.toolVersion}`] },
    ...(missing.length > 0 && { comment: [INCOMPLETE, ...missing].join('\n') }),
    documentDescribes: [TARGET],
    packages: [targetOf(subject), ...distribution, ...packages],
    ...(texts.length > 0 && { hasExtractedLicensingInfos: texts }),
    relationships: [
      { spdxElementId: DOCUMENT, relationshipType: 'DESCRIBES', relatedSpdxElement: TARGET },
      ...contained.map((id) => ({ spdxElementId: TARGET, relationshipType: 'CONTAINS', relatedSpdxElement: id })),
    ],
  };
}

/** SPDX has no field for it. A reader of Plimsoll's documents looks for the first word. */
const INCOMPLETE = 'Incomplete: the target could not be examined as a whole.';

function targetOf(subject: SbomSubject): SpdxPackage {
  return {
    SPDXID: TARGET,
    name: subjectName(subject),
    versionInfo: subject.inventoryDigest,
    downloadLocation: UNKNOWN,
    filesAnalyzed: false,
    primaryPackagePurpose: 'CONTAINER',
  };
}

function distributionOf({ distribution }: SbomSubject): SpdxPackage[] {
  if (!distribution) return [];
  const { id, versionId, prettyName } = distribution;
  return [
    {
      SPDXID: DISTRIBUTION,
      name: id,
      ...(versionId !== null && { versionInfo: versionId }),
      ...(prettyName !== null && { summary: prettyName }),
      downloadLocation: UNKNOWN,
      filesAnalyzed: false,
      // With the underscore of the JSON schema; the hyphen of the specification is of tag-value documents.
      primaryPackagePurpose: 'OPERATING_SYSTEM',
    },
  ];
}

/** The source package is written as Trivy does, so that it reads it; a Maven project has none. Where a package was found, one path in a line. */
function packageOf(entry: Package, licences: ExtractedLicences): SpdxPackage {
  const { name, version, source, locations, licenses, purl, isGroupGuessed } = entry;
  return {
    SPDXID: `SPDXRef-Package-${shortHash(purl)}`,
    name,
    versionInfo: version,
    downloadLocation: UNKNOWN,
    filesAnalyzed: false,
    licenseConcluded: UNKNOWN,
    licenseDeclared: licences.declare(statedLicences(licenses)),
    copyrightText: UNKNOWN,
    ...(source !== null && { sourceInfo: `built package from: ${word(source.name)} ${word(source.version)}` }),
    ...(isGroupGuessed && { sourceInfo: 'the group is a guess' }),
    ...(locations.length > 0 && { comment: ['Found in:', ...locations.map(({ path }) => path)].join('\n') }),
    externalRefs: [
      { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: packagePurl(entry) },
    ],
    primaryPackagePurpose: 'LIBRARY',
  };
}

/** One word, whatever an untrusted file calls a package. */
function word(text: string): string {
  return /[\s%]/.test(text) ? encodeURIComponent(text) : text;
}
