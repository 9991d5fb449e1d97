import { z } from 'zod';
import type { PackageLocation, SourcePackage } from '../../model/package.js';
import { distribution } from './distro.js';
import { licenceTerms } from './licence-terms.js';
import { type Component, SbomBuilder } from './sbom-builder.js';
import type { SbomFacts } from './sbom-facts.js';
import { namesSources } from './writer.js';

/*
 * CycloneDX, 1.2 to 1.7: only what tells of packages, tolerant of everything else. A field that is not as expected is
 * taken for one that is not there; what is no component, or no list of components, is counted by the builder.
 */

const TEXT = z.string().nullish().catch(null);

const LIST = z.array(z.unknown()).nullish().catch(null);

const COMPONENT = z.object({
  type: TEXT,
  'bom-ref': TEXT,
  name: TEXT,
  group: TEXT,
  version: TEXT,
  description: TEXT,
  purl: TEXT,
  licenses: LIST,
  properties: LIST,
  evidence: z.object({ occurrences: LIST }).nullish().catch(null),
  components: z.unknown().optional(),
});
type CycloneDxComponent = z.infer<typeof COMPONENT>;

/** CycloneDX expressions refer to no texts of the document. */
const NO_NAMES: ReadonlyMap<string, string> = new Map();

const PROPERTY = z.object({ name: z.string(), value: z.string() });
const LICENSE = z.object({
  expression: TEXT,
  license: z.object({ id: TEXT, name: TEXT }).nullish().catch(null),
});
const OCCURRENCE = z.object({ location: z.string() });
const COMPOSITION = z.object({ aggregate: z.string(), assemblies: LIST, dependencies: LIST, vulnerabilities: LIST });

const DOCUMENT = z.object({
  metadata: z.object({ component: z.unknown().optional(), tools: z.unknown().optional() }).nullish().catch(null),
  components: z.array(z.unknown(), 'expected a list').nullish(),
  compositions: LIST,
});

/** @throws z.ZodError when `components` is no list */
export function readCyclonedx(json: unknown): SbomFacts {
  const { metadata, components, compositions } = DOCUMENT.parse(json);
  const builder = new SbomBuilder();
  const subject = metadata?.component == null ? null : (COMPONENT.safeParse(metadata.component).data ?? null);
  // Components may hold components, to any depth.
  const waiting = childrenOf(subject?.components, builder);
  for (const entry of components?.toReversed() ?? []) waiting.push(entry);
  while (waiting.length > 0) {
    const component = COMPONENT.safeParse(waiting.pop()).data;
    if (!component) {
      builder.addMalformed();
      continue;
    }
    for (const child of childrenOf(component.components, builder)) waiting.push(child);
    if (component.type === 'operating-system') addDistribution(builder, component);
    else builder.add(componentOf(component));
  }
  // What the document is about may itself be a package; if not, it is what all the others are in.
  if (subject?.type === 'operating-system') addDistribution(builder, subject);
  else if (subject) builder.add({ ...componentOf(subject), isSoftware: false });
  for (const what of incompleteParts(compositions ?? [])) builder.addIncomplete(what);
  return builder.build(namesSources(metadata?.tools));
}

/** Last first, as they wait to be taken from the end. */
function childrenOf(children: unknown, builder: SbomBuilder): unknown[] {
  if (children === undefined || children === null) return [];
  if (Array.isArray(children)) return children.toReversed();
  builder.addMalformed();
  return [];
}

function addDistribution(builder: SbomBuilder, component: CycloneDxComponent): void {
  const properties = propertiesOf(component);
  const own = properties.get('plimsoll:distribution:id');
  if (own !== undefined) {
    builder.setDistribution({
      id: own,
      versionId: properties.get('plimsoll:distribution:versionId') ?? null,
      codename: properties.get('plimsoll:distribution:codename') ?? null,
      prettyName: component.description || null,
    });
    return;
  }
  const name = properties.get('syft:distro:id') ?? component.name;
  if (!name) return;
  builder.setDistribution({
    ...distribution(name, properties.get('syft:distro:versionID') ?? component.version ?? null),
    codename: properties.get('syft:distro:versionCodename') ?? null,
    prettyName: properties.get('syft:distro:prettyName') ?? null,
  });
}

function componentOf(component: CycloneDxComponent): Component {
  const { type, group, name, version, purl } = component;
  const properties = propertiesOf(component);
  return {
    title: [group, name, version].filter(Boolean).join(' ') || purl || component['bom-ref'] || 'without a name',
    purls: purl ? [purl] : [],
    isSoftware: isSoftware(type ?? 'library', Boolean(version)),
    names: name ? [...(group ? [`${group}/${name}`] : []), name] : [],
    version: version || null,
    licenses: licensesOf(component),
    source: sourceOf(properties, version ?? ''),
    locations: locationsOf(component, properties),
    isGroupGuessed: properties.get('plimsoll:group:guessed') === 'true',
  };
}

/** Whether a component that cannot be matched leaves a gap. Without a version an application is a place of others. */
function isSoftware(type: string, isVersioned: boolean): boolean {
  switch (type) {
    case 'library':
    case 'framework':
      return true;
    case 'application':
    case 'platform':
    case 'firmware':
    case 'device-driver':
      return isVersioned;
    default:
      return false;
  }
}

/** The first of each name. */
function propertiesOf({ properties }: CycloneDxComponent): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of properties ?? []) {
    const property = PROPERTY.safeParse(entry).data;
    if (property && property.value !== '' && !found.has(property.name)) found.set(property.name, property.value);
  }
  return found;
}

function licensesOf({ licenses }: CycloneDxComponent): string[] {
  return (licenses ?? []).flatMap((entry) => {
    const { expression, license } = LICENSE.safeParse(entry).data ?? {};
    if (expression) return licenceTerms(expression, NO_NAMES);
    return license?.id || license?.name || [];
  });
}

/** As Plimsoll writes it, and Trivy, and cdxgen's Trivy; Syft puts it into the purl. */
function sourceOf(properties: ReadonlyMap<string, string>, ownVersion: string): SourcePackage | null | undefined {
  if (properties.has('plimsoll:package:type')) {
    const [name, version] = [properties.get('plimsoll:source:name'), properties.get('plimsoll:source:version')];
    return name !== undefined && version !== undefined ? { name, version } : null;
  }
  const trivy = (field: string) => properties.get(`aquasecurity:trivy:${field}`);
  const [name, version] = [trivy('SrcName'), trivy('SrcVersion')];
  if (name === undefined || version === undefined) {
    const origin = name ?? trivy('PackageOrigin');
    return origin !== undefined && ownVersion !== '' ? { name: origin, version: ownVersion } : undefined;
  }
  const [epoch, release] = [trivy('SrcEpoch'), trivy('SrcRelease')];
  return { name, version: `${epoch ? `${epoch}:` : ''}${version}${release ? `-${release}` : ''}` };
}

function locationsOf({ evidence }: CycloneDxComponent, properties: ReadonlyMap<string, string>): PackageLocation[] {
  const occurrences = (evidence?.occurrences ?? []).flatMap((entry) => OCCURRENCE.safeParse(entry).data ?? []);
  if (occurrences.length > 0) {
    return occurrences.map(({ location }, index) => ({
      path: location,
      layer: properties.get(`plimsoll:location:${index}:layer`) ?? null,
    }));
  }
  // Syft's first place is the one that tells of the package, the others are its files.
  const syft = properties.get('syft:location:0:path');
  if (syft !== undefined) return [{ path: syft, layer: properties.get('syft:location:0:layerID') ?? null }];
  const path = properties.get('aquasecurity:trivy:FilePath') ?? properties.get('SrcFile');
  if (path === undefined) return [];
  return [{ path: absolute(path), layer: properties.get('aquasecurity:trivy:LayerDiffID') ?? null }];
}

function absolute(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}

/** ECMA-424, compositions: what the document says is not all that there is. */
function incompleteParts(compositions: readonly unknown[]): string[] {
  return compositions.flatMap((entry) => {
    const composition = COMPOSITION.safeParse(entry).data;
    if (!composition?.aggregate.startsWith('incomplete')) return [];
    const { aggregate, assemblies, dependencies, vulnerabilities } = composition;
    const isOfVulnerabilities = (vulnerabilities?.length ?? 0) > 0 && !assemblies?.length && !dependencies?.length;
    return isOfVulnerabilities ? [] : [`a composition is ${JSON.stringify(aggregate.slice(0, 60))}`];
  });
}
