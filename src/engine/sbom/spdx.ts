import { z } from 'zod';
import type { PackageLocation, SourcePackage } from '../../model/package.js';
import { distribution } from './distro.js';
import { licenceTerms } from './licence-terms.js';
import { type Component, SbomBuilder } from './sbom-builder.js';
import type { SbomFacts } from './sbom-facts.js';
import { namesSources } from './writer.js';

/*
 * SPDX 2.2 and 2.3, in the form of JSON; tag-value text is brought into that form. Only what tells of packages, tolerant
 * of everything else, as for CycloneDX.
 */

const TEXT = z.string().nullish().catch(null);

const LIST = z.array(z.unknown()).nullish().catch(null);

const PACKAGE = z.object({
  SPDXID: TEXT,
  name: TEXT,
  versionInfo: TEXT,
  licenseDeclared: TEXT,
  licenseConcluded: TEXT,
  primaryPackagePurpose: TEXT,
  sourceInfo: TEXT,
  summary: TEXT,
  comment: TEXT,
  externalRefs: LIST,
});
type SpdxPackage = z.infer<typeof PACKAGE>;

const REFERENCE = z.object({ referenceType: z.string(), referenceLocator: z.string() });
const LICENCE = z.object({ licenseId: z.string(), name: TEXT, extractedText: TEXT });
const RELATIONSHIP = z.object({ spdxElementId: TEXT, relationshipType: z.string(), relatedSpdxElement: z.string() });

const DOCUMENT = z.object({
  comment: TEXT,
  creationInfo: z.object({ creators: LIST }).nullish().catch(null),
  packages: z.array(z.unknown(), 'expected a list').nullish(),
  documentDescribes: LIST,
  hasExtractedLicensingInfos: LIST,
  relationships: LIST,
});

/** @throws z.ZodError when `packages` is no list */
export function readSpdx(json: unknown): SbomFacts {
  const { comment, creationInfo, packages, documentDescribes, hasExtractedLicensingInfos, relationships } =
    DOCUMENT.parse(json);
  const context: Context = {
    described: new Set([...(documentDescribes ?? []), ...(relationships ?? []).flatMap(describedBy)]),
    licences: new Map((hasExtractedLicensingInfos ?? []).flatMap(licenceName)),
    isOwn: creationInfo?.creators?.some((creator) => String(creator).startsWith('Tool: plimsoll-')) ?? false,
  };
  const builder = new SbomBuilder();
  for (const entry of packages ?? []) {
    const found = PACKAGE.safeParse(entry).data;
    if (!found) builder.addMalformed();
    else if (isSystem(found)) addDistribution(builder, found, context.isOwn);
    else builder.add(componentOf(found, context));
  }
  // SPDX 2 has no field for it.
  if (context.isOwn && comment?.startsWith('Incomplete:'))
    builder.addIncomplete('its comment begins with "Incomplete"');
  return builder.build(namesSources(creationInfo?.creators));
}

interface Context {
  /** Ids of what the document is about: that is no package of it, unless it has a purl that is matched. */
  described: ReadonlySet<unknown>;
  /** Names by `LicenseRef-…`. */
  licences: ReadonlyMap<string, string>;
  /** Plimsoll wrote the document. */
  isOwn: boolean;
}

function describedBy(entry: unknown): string[] {
  const { spdxElementId, relationshipType, relatedSpdxElement } = RELATIONSHIP.safeParse(entry).data ?? {};
  if (relationshipType === 'DESCRIBES' && relatedSpdxElement !== undefined) return [relatedSpdxElement];
  return relationshipType === 'DESCRIBED_BY' && spdxElementId ? [spdxElementId] : [];
}

function licenceName(entry: unknown): [string, string][] {
  const { licenseId, name, extractedText } = LICENCE.safeParse(entry).data ?? {};
  const text = name && name !== 'NOASSERTION' ? name : extractedText;
  return licenseId !== undefined && text && text !== 'NOASSERTION' ? [[licenseId, text]] : [];
}

/** SPDX 2.2 has no purposes: Trivy marks the system by its id. JSON has an underscore in a purpose, and tools a hyphen. */
function isSystem({ SPDXID, primaryPackagePurpose }: SpdxPackage): boolean {
  return (
    isPurpose(primaryPackagePurpose, 'OPERATING-SYSTEM') || (SPDXID?.startsWith('SPDXRef-OperatingSystem-') ?? false)
  );
}

function isPurpose(purpose: string | null | undefined, wanted: string): boolean {
  return purpose?.replaceAll('_', '-') === wanted;
}

function addDistribution(builder: SbomBuilder, { name, versionInfo, summary }: SpdxPackage, isOwn: boolean): void {
  if (!name) return;
  const found = isOwn
    ? { id: name, versionId: versionInfo || null, codename: null }
    : distribution(name, versionInfo || null);
  builder.setDistribution({ ...found, prettyName: isOwn ? summary || null : null });
}

function componentOf(entry: SpdxPackage, { described, licences, isOwn }: Context): Component {
  const { SPDXID, name, versionInfo, licenseDeclared, licenseConcluded, primaryPackagePurpose } = entry;
  const version = versionInfo && versionInfo !== 'NOASSERTION' ? versionInfo : null;
  const declared = isStated(licenseDeclared) ? licenseDeclared : licenseConcluded;
  return {
    title: [name, version].filter(Boolean).join(' ') || SPDXID || 'without a name',
    purls: purlsOf(entry),
    isSoftware: !described.has(SPDXID) && isSoftware(entry, primaryPackagePurpose ?? '', version !== null),
    names: name ? [name] : [],
    version,
    licenses: isStated(declared) ? licenceTerms(declared, licences) : [],
    source: sourceOf(entry, isOwn),
    locations: locationsOf(entry, isOwn),
    isGroupGuessed: isOwn && entry.sourceInfo === 'the group is a guess',
  };
}

/** Whether a package that cannot be matched leaves a gap. Trivy lists files of packages by id, without a version. */
function isSoftware({ SPDXID }: SpdxPackage, purpose: string, isVersioned: boolean): boolean {
  switch (purpose.replaceAll('_', '-')) {
    case 'CONTAINER':
    case 'FILE':
    case 'ARCHIVE':
    case 'SOURCE':
    case 'DEVICE':
      return false;
    case 'APPLICATION':
    case 'FIRMWARE':
    case 'INSTALL':
    case 'OTHER':
      return isVersioned;
    default:
      return isVersioned || !SPDXID?.startsWith('SPDXRef-Application-');
  }
}

/** The type is a word, or that word at the end of a URI. */
function purlsOf({ externalRefs }: SpdxPackage): string[] {
  return (externalRefs ?? []).flatMap((entry) => {
    const { referenceType, referenceLocator } = REFERENCE.safeParse(entry).data ?? {};
    return referenceLocator !== undefined && /(?:^|[/#])purl$/.test(referenceType ?? '') ? [referenceLocator] : [];
  });
}

function isStated(text: string | null | undefined): text is string {
  return text != null && text !== '' && text !== 'NOASSERTION' && text !== 'NONE';
}

/** As Trivy writes it, and Plimsoll, which always does where there is a source. */
function sourceOf({ sourceInfo }: SpdxPackage, isOwn: boolean): SourcePackage | null | undefined {
  const [, name, version] = /^built package from: (\S+) (\S.*)$/s.exec(sourceInfo ?? '') ?? [];
  if (name === undefined || version === undefined) return isOwn ? null : undefined;
  return isOwn ? { name: decoded(name), version: decoded(version) } : { name, version };
}

/** Plimsoll encodes what would not be one word. */
function decoded(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}

const OWN_PLACES = 'Found in:\n';

/** Where Plimsoll writes it, and Trivy of languages' packages. */
function locationsOf({ comment, sourceInfo }: SpdxPackage, isOwn: boolean): PackageLocation[] {
  if (isOwn && comment?.startsWith(OWN_PLACES)) {
    return comment
      .slice(OWN_PLACES.length)
      .split('\n')
      .map((path) => ({ path, layer: null }));
  }
  const [, path] = /^package found in: (\S.*)$/s.exec(sourceInfo ?? '') ?? [];
  return path === undefined ? [] : [{ path: path.startsWith('/') ? path : `/${path}`, layer: null }];
}
