import type { CoverageItem } from '../../model/coverage.js';
import type { Distribution } from '../../model/distribution.js';
import { PlimsollError } from '../../model/error.js';
import { type ExtractedPackage, isSystemType, type PackageLocation, type SourcePackage } from '../../model/package.js';
import type { FoundPackage } from '../package-list.js';
import { distributionOf } from './distro.js';
import { belongsTo, mainDistribution, type NamedDistribution } from './document-distribution.js';
import { readPurl } from './purl-package.js';
import { type SbomFacts, SUBJECT } from './sbom-facts.js';

/** One component of a document, in what all formats have in common. */
export interface Component {
  /** As messages call it. */
  title: string;
  /** Its purl, or several of which one is a package's. */
  purls: readonly string[];
  /** Whether it is software by its kind, that a gap is due if it cannot be matched: no file, no folder of others. */
  isSoftware: boolean;
  /** Names in the document's own spelling. */
  names: readonly string[];
  version: string | null;
  licenses: readonly string[];
  /** `null`: built from none, `undefined`: not said beside the purl. */
  source: SourcePackage | null | undefined;
  locations: readonly PackageLocation[];
  /** By Plimsoll's own word, of a Maven project. */
  isGroupGuessed: boolean;
}

/** More than any document has: a distribution's whole archive is half of it. */
const MAX_COMPONENTS = 200_000;
/** Names of components that a gap shows. */
const NAMED = 5;
/** As for what extractors read. */
const MAX_NAME = 512;
const MAX_LICENSE = 256;
const MAX_PATH = 8_192;

/** Collects the components of a document. What cannot be matched is told in one gap for each reason. */
export class SbomBuilder {
  private readonly packages: { found: ExtractedPackage; locations: PackageLocation[]; named: NamedDistribution }[] = [];
  private readonly unidentified = new Names();
  private readonly untyped = new Names();
  private distribution: Distribution | null = null;
  private secondDistribution: Distribution | null = null;
  private incomplete: string[] = [];
  private malformed = 0;
  private components = 0;
  private sourcesNamed = 0;
  private sourcesMissing = 0;

  /** @throws PlimsollError `limit_exceeded` */
  add(component: Component): void {
    this.count();
    let verdict: 'none' | 'invalid' | 'unknown_type' = 'none';
    for (const purl of component.purls) {
      const read = readPurl(purl, component);
      if (typeof read === 'string') {
        if (verdict !== 'unknown_type') verdict = read;
        continue;
      }
      const { found: bare, distro, namespace } = read;
      const found: ExtractedPackage = {
        ...bare,
        ...(component.isGroupGuessed && bare.type === 'maven' && { isGroupGuessed: true }),
        licenses: component.licenses.filter((text) => text !== '' && isText(text, MAX_LICENSE)),
      };
      const isSourceNamed = component.source !== undefined || bare.source !== null;
      found.source = sourceOf(bare, component.source);
      if (!isStorable(found) || !isText(distro ?? '', MAX_NAME) || !isText(namespace ?? '', MAX_NAME)) {
        verdict = 'invalid';
        continue;
      }
      const named = { type: found.type, distribution: distributionOf(distro, namespace), distro };
      const locations = component.locations.filter(
        ({ path, layer }) => isText(path, MAX_PATH) && isText(layer ?? '', MAX_NAME),
      );
      this.packages.push({ found, locations, named });
      this.countSource(found, isSourceNamed);
      return;
    }
    if (!component.isSoftware) return;
    if (verdict === 'unknown_type') this.untyped.add(component.purls[0] ?? component.title);
    else this.unidentified.add(component.title);
  }

  /** An entry that is no component at all. */
  addMalformed(): void {
    this.count();
    this.malformed += 1;
  }

  setDistribution(found: Distribution): void {
    const texts = [found.id, found.versionId, found.codename, found.prettyName];
    if (found.id === '' || !texts.every((text) => text === null || isText(text, MAX_NAME))) this.malformed += 1;
    else if (!this.distribution) this.distribution = found;
    else if (found.id !== this.distribution.id || found.versionId !== this.distribution.versionId) {
      this.secondDistribution ??= found;
    }
  }

  /** The document says that it does not tell of everything. @param what as it says, for the message */
  addIncomplete(what: string): void {
    if (this.incomplete.length < NAMED) this.incomplete.push(what);
  }

  /** @param namesSources whether the writer of the document names the source package wherever it has another name */
  build(namesSources: boolean): SbomFacts {
    const main = mainDistribution(
      this.distribution,
      this.packages.map(({ named }) => named),
    );
    const packages = this.packages.map(({ found, locations, named }): FoundPackage => {
      const distribution = isSystemType(found.type) ? belongsTo(named, main) : main;
      return { found, locations, distribution };
    });
    return { distribution: main, packages, gaps: this.gaps(namesSources) };
  }

  private count(): void {
    this.components += 1;
    if (this.components <= MAX_COMPONENTS) return;
    throw new PlimsollError('limit_exceeded', `The SBOM has more than ${MAX_COMPONENTS} components: split it.`);
  }

  /** Advisories of these are filed under source packages. */
  private countSource({ type }: ExtractedPackage, isNamed: boolean): void {
    if (type !== 'deb' && type !== 'apk') return;
    if (isNamed) this.sourcesNamed += 1;
    else this.sourcesMissing += 1;
  }

  private gaps(namesSources: boolean): CoverageItem[] {
    const gaps: CoverageItem[] = [];
    const add = (code: CoverageItem['code'], message: string) => gaps.push({ code, subject: SUBJECT, message });
    if (this.unidentified.count > 0) {
      const message = `components have no package URL with a version, and were not matched: ${this.unidentified}.`;
      add('component_unidentified', `${this.unidentified.count} ${message}`);
    }
    if (this.untyped.count > 0) {
      const message = `components are of a kind that has no advisories here, and were not matched: ${this.untyped}.`;
      add('component_unidentified', `${this.untyped.count} ${message}`);
    }
    if (this.malformed > 0) {
      add(
        'component_unidentified',
        `${this.malformed} entries of the SBOM are not of the form of a component, and were not looked at.`,
      );
    }
    if (this.secondDistribution) {
      const { id, versionId } = this.secondDistribution;
      const message = `The SBOM names a second distribution, ${id} ${versionId ?? ''}`.trimEnd();
      add('sbom_incomplete', `${message}: packages that do not say of which one they are were taken for the first's.`);
    }
    if (this.incomplete.length > 0) {
      add(
        'sbom_incomplete',
        `The SBOM says of itself that it does not list everything: ${this.incomplete.join('; ')}.`,
      );
    }
    if (!namesSources && this.sourcesNamed === 0 && this.sourcesMissing > 0) {
      add(
        'sbom_incomplete',
        `The SBOM names the source package of none of its ${this.sourcesMissing} system packages: advisories are filed under source packages, so those of packages with another name were not found.`,
      );
    }
    return gaps;
  }
}

/** Without a word a package is its own source, but for an rpm, whose source has a version of its own. */
function sourceOf(found: ExtractedPackage, stated: SourcePackage | null | undefined): SourcePackage | null {
  if (!isSystemType(found.type)) return null;
  if (stated !== undefined) return stated;
  if (found.source !== null || found.type === 'rpm') return found.source;
  return { name: found.name, version: found.version };
}

/** The first few of many names, as a message lists them. */
class Names {
  count = 0;
  private readonly first: string[] = [];

  add(name: string): void {
    this.count += 1;
    if (this.first.length < NAMED)
      this.first.push(
        JSON.stringify(
          name
            .slice(0, 100)
            .replace(/\p{Cc}/gu, ' ')
            .toWellFormed(),
        ),
      );
  }

  toString(): string {
    return this.first.join(', ') + (this.count > this.first.length ? ' …' : '');
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f\ufffd]/;

/** PostgreSQL stores neither NUL nor unpaired surrogates; U+FFFD stands for bytes that were no text. */
function isText(text: string, max: number): boolean {
  return text.length <= max && !CONTROL.test(text) && text.isWellFormed();
}

function isStorable({ name, version, source, architecture, module }: ExtractedPackage): boolean {
  const required = [name, version, ...(source ? [source.name, source.version] : [])];
  const optional = [architecture ?? '', module ?? ''];
  return required.every((text) => text !== '') && [...required, ...optional].every((text) => isText(text, MAX_NAME));
}
