import type { Distribution } from '../../model/distribution.js';
import type { ExtractedPackage } from '../../model/package.js';
import { PathSetBuilder } from '../path/path-set.js';
import type { Extraction } from './extractor.js';
import { mayHoldPackages, ownedForm } from './owned-path.js';

/** The largest distribution has some 100,000 packages in its whole archive; no system installs more. */
const MAX_PACKAGES = 100_000;
const MAX_NAME = 512;
/** Of the path in an archive; archives in archives have longer ones. */
const MAX_INNER = 4_096;
/** What a person reads; there are as many more as are counted. */
const MAX_LEFT_OUT = 100;
/** A license field that holds a whole text names nothing. */
const MAX_LICENSE = 256;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** A package as `add` takes it: what its ecosystem does not have may be left out. */
export type FoundPackage = Pick<ExtractedPackage, 'type' | 'name' | 'version'> & Partial<ExtractedPackage>;

/**
 * Collects what one file says. Everything here comes from an untrusted file and goes to a database: what is not plain
 * text is refused with a gap, one gap for all faults of the file.
 */
export class ExtractionBuilder {
  private readonly packages: ExtractedPackage[] = [];
  private distribution: Distribution | null = null;
  private firstFault: { line: number | null; why: string } | null = null;
  private faults = 0;
  private full = false;
  private readonly leftOut = new Map<string, string[]>();
  private owned: PathSetBuilder | null = null;

  /** @param path of the file, without leading slash */
  constructor(private readonly path: string) {}

  /** @param line where the package begins in the file, from 1; null where the file has no lines */
  add(package_: FoundPackage, line: number | null): void {
    const found = { source: null, architecture: null, licenses: [], module: null, ...package_ };
    if (this.packages.length >= MAX_PACKAGES) {
      this.full = true;
      return;
    }
    const fault = faultOf(found);
    if (fault !== null) {
      this.unparsable(line, `${fault} that is not plain text`);
      return;
    }
    const licenses = found.licenses.filter((license) => isText(license, MAX_LICENSE));
    this.packages.push(licenses.length === found.licenses.length ? found : { ...found, licenses });
  }

  /**
   * A package that the system's own tool does not list: it is named as not examined.
   *
   * @param why as the start of a sentence: `rpm refuses a package whose …`
   */
  leaveOut(package_: FoundPackage, why: string): void {
    const { name, version, architecture } = package_;
    const title = [`${name}-${version}`, ...(architecture ? [architecture] : [])].join('.');
    const titles = this.leftOut.get(why) ?? [];
    if (isText(title, 3 * MAX_NAME)) this.leftOut.set(why, titles).get(why)?.push(title);
    else this.unparsable(null, 'a package name that is not plain text');
  }

  /** A file that a package of a system's database owns; with or without leading slash. */
  own(path: string): void {
    this.owned ??= new PathSetBuilder();
    const form = ownedForm(path);
    if (mayHoldPackages(form)) this.owned.add(form);
  }

  setDistribution(found: Distribution): void {
    const values = [found.id, found.versionId, found.codename, found.prettyName];
    if (values.every((value) => value === null || isText(value, MAX_NAME))) this.distribution = found;
    else this.unparsable(null, 'values that are not plain text');
  }

  /** @param why what is wrong, as the object of "has": `no version` */
  unparsable(line: number | null, why: string): void {
    this.firstFault ??= { line, why };
    this.faults += 1;
  }

  build(): Extraction {
    const subject = `/${this.path}`;
    const gaps: Extraction['gaps'] = [];
    if (this.firstFault) {
      const { line, why } = this.firstFault;
      const where = line === null ? subject : `${subject} line ${line}`;
      const more = this.faults === 1 ? '' : `, and ${this.faults - 1} more such faults`;
      const message = `${where} has ${why}${more}: what could be read was kept, the rest was not looked at.`;
      gaps.push({ code: 'file_unparsable', subject, message });
    }
    for (const [why, titles] of this.leftOut) {
      const named = titles.slice(0, MAX_LEFT_OUT).join(', ');
      const more = titles.length > MAX_LEFT_OUT ? ` and ${titles.length - MAX_LEFT_OUT} more` : '';
      const message = `${subject} has ${named}${more}: ${why}, so it is not listed, and was not examined.`;
      gaps.push({ code: 'file_unparsable', subject, message });
    }
    if (this.full) {
      const message = `${subject} lists more than ${MAX_PACKAGES} packages: the rest was not looked at.`;
      gaps.push({ code: 'file_too_large', subject, message });
    }
    return { packages: this.packages, distribution: this.distribution, owned: this.owned?.encode() ?? null, gaps };
  }
}

function faultOf({ name, version, source, architecture, module, inner }: ExtractedPackage): string | null {
  if (!isName(name)) return 'a package name';
  if (!isName(version)) return `a version of ${name}`;
  if (source && !(isName(source.name) && isName(source.version))) return `a source of ${name}`;
  if (architecture !== null && !isName(architecture)) return `an architecture of ${name}`;
  if (inner !== undefined && !isText(inner, MAX_INNER)) return `a place of ${name}`;
  if (module !== null && !isName(module)) return `a module of ${name}`;
  return null;
}

function isName(text: string): boolean {
  return text !== '' && isText(text, MAX_NAME);
}

/** PostgreSQL stores neither NUL nor unpaired surrogates. */
function isText(text: string, max: number): boolean {
  return text.length <= max && !CONTROL.test(text) && text.isWellFormed();
}
