import { cvesOf, isWord, summaryOf, timeOf } from '../feed-text.js';
import { evrOf } from '../rpm/evr.js';
import { childOf, childrenOf, textIn, type XmlElement } from '../xml/xml-records.js';

/** An `<update>` of updateinfo.xml (createrepo_c's schema), reduced to what matching needs. */
export interface Update {
  id: string;
  /** `security`, `bugfix`, `enhancement`, `newpackage`. */
  type: string;
  /** As the vendor writes it: `important`. */
  severity: string;
  title: string;
  updated: Date;
  cves: string[];
  packages: UpdatePackage[];
}

interface UpdatePackage {
  name: string;
  version: string;
  architecture: string;
  /** `nodejs:18`, where its collection is a module's. */
  module: string | undefined;
}

/** @throws Error that says what is wrong */
export function parseUpdate(update: XmlElement): Update {
  const id = textIn(update, 'id');
  if (!isWord(id)) throw new Error(`expected an id, got ${JSON.stringify(id.slice(0, 40))}`);
  const references = childOf(update, 'references')?.children ?? [];
  return {
    id,
    type: update.attributes.type ?? '',
    severity: textIn(update, 'severity'),
    title: summaryOf(textIn(update, 'title')),
    updated: timeOf(dateIn(update, 'updated') ?? dateIn(update, 'issued')),
    cves: cvesOf(
      references
        .filter(({ attributes }) => attributes.type?.toLowerCase() === 'cve')
        .map(({ attributes }) => attributes.id ?? ''),
    ),
    packages: childrenOf(update, 'pkglist').flatMap((list) => childrenOf(list, 'collection').flatMap(packagesOf)),
  };
}

/** `<updated date="…"/>`; dnf's own writer puts the date in the text. */
function dateIn(update: XmlElement, name: string): string | undefined {
  const element = childOf(update, name);
  return element?.attributes.date ?? element?.text;
}

function packagesOf(collection: XmlElement): UpdatePackage[] {
  const module = moduleOf(childOf(collection, 'module'));
  return childrenOf(collection, 'package').flatMap(({ attributes }) => {
    const { name = '', version = '', release = '', epoch, arch = '' } = attributes;
    // What is installed is a binary.
    if (arch === 'src' || arch === 'nosrc') return [];
    const evr = evrOf(epoch, version, release);
    if (!isWord(name) || evr === null || (arch !== '' && !isWord(arch))) {
      const nevra = `${name}-${epoch ?? ''}:${version}-${release}.${arch}`;
      throw new Error(`expected a package's name, version and release, got ${JSON.stringify(nevra.slice(0, 100))}`);
    }
    return [{ name, version: evr, architecture: arch, module }];
  });
}

function moduleOf(module: XmlElement | undefined): string | undefined {
  if (!module) return undefined;
  const { name = '', stream = '' } = module.attributes;
  if (!isWord(name) || !isWord(stream)) throw new Error('expected a module to have a name and a stream');
  return `${name}:${stream}`;
}
