import { isSystemType, type Package } from '../../model/package.js';
import { conjunction, isLicenceExpression, statedLicences } from '../licence-expression.js';
import { packagePurl } from '../package-purl.js';
import { documentUuid, missingParts, reference, type SbomSubject, subjectName, timestamp } from '../sbom-subject.js';

/** What the document is about; no purl looks like this. */
const TARGET = 'target';
const DISTRIBUTION = 'distribution';

/** An inventory as CycloneDX 1.6 JSON (ECMA-424). Components are named by the purls that the API gives their packages. */
export function cyclonedx(subject: SbomSubject): object {
  const missing = missingParts(subject);
  const found = reference(subject);
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${documentUuid(subject)}`,
    version: 1,
    metadata: {
      timestamp: timestamp(subject),
      tools: { components: [{ type: 'application', name: 'plimsoll', version: subject.toolVersion }] },
      component: {
        type: 'container',
        'bom-ref': TARGET,
        name: subjectName(subject),
        version: subject.inventoryDigest,
        ...(found !== null && { properties: [property('reference', found)] }),
      },
      ...(missing.length > 0 && { properties: missing.map((part) => property('gap', part)) }),
    },
    components: [...distributionOf(subject), ...subject.packages.map(componentOf)],
    dependencies: [{ ref: TARGET, dependsOn: subject.packages.map(({ purl }) => purl) }],
    compositions: [{ aggregate: missing.length === 0 ? 'complete' : 'incomplete', assemblies: [TARGET] }],
  };
}

function distributionOf({ distribution }: SbomSubject): object[] {
  if (!distribution) return [];
  const { id, versionId, codename, prettyName } = distribution;
  return [
    {
      type: 'operating-system',
      'bom-ref': DISTRIBUTION,
      name: id,
      ...(versionId !== null && { version: versionId }),
      ...(prettyName !== null && { description: prettyName }),
      properties: [
        property('distribution:id', id),
        ...(versionId === null ? [] : [property('distribution:versionId', versionId)]),
        ...(codename === null ? [] : [property('distribution:codename', codename)]),
      ],
    },
  ];
}

function componentOf(entry: Package): object {
  const { purl, type, version, locations, source } = entry;
  const licenses = statedLicences(entry.licenses);
  return {
    type: 'library',
    'bom-ref': purl,
    ...nameOf(entry),
    version,
    ...(licenses.length > 0 && { licenses: licensesOf(licenses) }),
    purl: packagePurl(entry),
    ...(locations.length > 0 && { evidence: { occurrences: locations.map(({ path }) => ({ location: path })) } }),
    properties: [
      property('package:type', type),
      ...(source === null ? [] : [property('source:name', source.name), property('source:version', source.version)]),
      ...(entry.isGroupGuessed ? [property('group:guessed', 'true')] : []),
      ...locations.flatMap(({ layer }, index) => (layer === null ? [] : [property(`location:${index}:layer`, layer)])),
    ],
  };
}

/** Maven's group and npm's scope have a field of their own. */
function nameOf({ type, name }: Package): { group?: string; name: string } {
  const at = type === 'maven' ? name.indexOf(':') : type === 'npm' && name.startsWith('@') ? name.indexOf('/') : -1;
  return at <= 0 || isSystemType(type) ? { name } : { group: name.slice(0, at), name: name.slice(at + 1) };
}

/**
 * Either one expression, or names. Ids are left out: which there are differs between copies of the schema of one version,
 * so that a document with a new id would be invalid to some. An expression of one id says the same.
 */
function licensesOf(licenses: readonly string[]): object[] {
  if (licenses.every(isLicenceExpression)) return [{ expression: conjunction(licenses) }];
  return licenses.map((name) => ({ license: { name } }));
}

/** What CycloneDX has no place for, where a reader of Plimsoll's documents finds it. */
function property(name: string, value: string): { name: string; value: string } {
  return { name: `plimsoll:${name}`, value };
}
