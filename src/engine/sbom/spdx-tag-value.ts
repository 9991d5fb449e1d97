const OPEN = '<text>';
const CLOSE = '</text>';

type SpdxObject = Record<string, unknown>;

/** Tags of a package, and where its JSON has them. */
const PACKAGE_FIELDS: ReadonlyMap<string, string> = new Map([
  ['PackageVersion', 'versionInfo'],
  ['PackageLicenseDeclared', 'licenseDeclared'],
  ['PackageLicenseConcluded', 'licenseConcluded'],
  ['PackageSourceInfo', 'sourceInfo'],
  ['PackageSummary', 'summary'],
  ['PackageComment', 'comment'],
  ['PrimaryPackagePurpose', 'primaryPackagePurpose'],
]);

/**
 * SPDX tag-value text in the form of SPDX JSON: `Tag: value` lines, values over several lines between `<text>` and
 * `</text>`, a package from each `PackageName` to the next section.
 */
export function spdxOfTagValue(text: string): unknown {
  const packages: SpdxObject[] = [];
  const licences: SpdxObject[] = [];
  const relationships: SpdxObject[] = [];
  const creators: string[] = [];
  const document: SpdxObject = {
    packages,
    relationships,
    hasExtractedLicensingInfos: licences,
    creationInfo: { creators },
  };
  let current: SpdxObject | null = null;
  for (const { tag, value } of tagsOf(text)) {
    const field = PACKAGE_FIELDS.get(tag);
    switch (tag) {
      case 'SPDXVersion':
        document.spdxVersion ??= value;
        break;
      case 'Creator':
        creators.push(value);
        break;
      case 'DocumentComment':
        document.comment ??= value;
        break;
      case 'PackageName':
        current = { name: value, externalRefs: [] };
        packages.push(current);
        break;
      // Sections after the packages have names and ids of their own.
      case 'FileName':
      case 'SnippetSPDXID':
        current = null;
        break;
      case 'SPDXID':
        if (current) current.SPDXID ??= value;
        break;
      case 'ExternalRef':
        if (current) (current.externalRefs as SpdxObject[]).push(referenceOf(value));
        break;
      case 'LicenseID':
        current = null;
        licences.push({ licenseId: value });
        break;
      case 'LicenseName':
        assign(licences.at(-1), 'name', value);
        break;
      case 'ExtractedText':
        assign(licences.at(-1), 'extractedText', value);
        break;
      case 'Relationship':
        relationships.push(relationshipOf(value));
        break;
      default:
        if (field !== undefined) assign(current, field, value);
    }
  }
  return document;
}

/** A tag that stands twice counts the first time. */
function assign(target: SpdxObject | null | undefined, field: string, value: string): void {
  if (target) target[field] ??= value;
}

/** `PACKAGE-MANAGER purl pkg:npm/x@1`. */
function referenceOf(value: string): SpdxObject {
  const [, referenceType, referenceLocator] = /^\S+\s+(\S+)\s+(\S+)/.exec(value) ?? [];
  return { referenceType, referenceLocator };
}

/** `SPDXRef-DOCUMENT DESCRIBES SPDXRef-Package`. */
function relationshipOf(value: string): SpdxObject {
  const [spdxElementId, relationshipType, relatedSpdxElement] = value.split(/\s+/, 3);
  return { spdxElementId, relationshipType, relatedSpdxElement };
}

function* tagsOf(text: string): Generator<{ tag: string; value: string }> {
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    let end = newline < 0 ? text.length : newline;
    const line = text.slice(at, end);
    const [, tag, rest = ''] = /^\s*([A-Za-z]+):(.*)$/s.exec(line) ?? [];
    if (tag !== undefined) {
      let value = rest.trim();
      if (value.startsWith(OPEN)) {
        const start = text.indexOf(OPEN, at) + OPEN.length;
        const close = text.indexOf(CLOSE, start);
        value = text.slice(start, close < 0 ? text.length : close).trim();
        const after = text.indexOf('\n', close < 0 ? text.length : close);
        end = after < 0 ? text.length : after;
      }
      yield { tag, value };
    }
    at = end + 1;
  }
}
