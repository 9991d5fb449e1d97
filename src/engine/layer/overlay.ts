import type { CoverageItem } from '../../model/coverage.js';
import { PlimsollError } from '../../model/error.js';
import type { FileNote, PackageCache } from '../../model/inventory.js';
import { type ExtractedPackage, isSystemType, type PackageLocation } from '../../model/package.js';
import type { FoundSecret } from '../../model/secret.js';
import { type Extraction, emptyExtraction } from '../extractor/extractor.js';
import { ownedForm } from '../extractor/owned-path.js';
import { hashOf, lineageOf, PathSet } from '../path/path-set.js';
import { EXTRACTORS, extractorOf, isLockfile } from '../plugins.js';
import { outlives } from './file-note.js';
import type { ImageFacts, LayerFacts } from './layer-facts.js';
import { normalisePath } from './tar-header.js';

/** A file as the image shows it, with the layer that brought each of its packages. */
export interface VisibleFile {
  /** Absolute. */
  path: string;
  extraction: Extraction;
  packages: { found: ExtractedPackage; location: PackageLocation }[];
}

/** What layers show together. */
export interface ImageView {
  files: VisibleFile[];
  /** Of the files that are still there, and of secrets that were removed; paths absolute. */
  notes: FileNote[];
  /** Of all layers; null where one was read without looking for them. */
  secrets: FoundSecret[] | null;
  packageCaches: PackageCache[];
  gaps: CoverageItem[];
}

export interface OverlayOptions {
  /** Whether what lockfiles ask for counts as installed. */
  lockfiles: boolean;
  /** How many comparisons of paths between layers are too many. */
  maxSteps?: number;
}

/** Linux' own limit, path_resolution(7). */
const MAX_LINKS = 40;

/** Comparisons of paths between layers: some seconds. A hundred layers with 50,000 packages each stay below. */
const MAX_STEPS = 100_000_000;

const FIXED_PATHS = new Set(EXTRACTORS.flatMap(({ fixedPaths }) => fixedPaths));

/** Puts layers on top of each other (OCI image specification, "Applying Changesets"). */
export function overlay({ layers }: Pick<ImageFacts, 'layers'>, options: OverlayOptions): ImageView {
  const view = new View(options);
  for (const { diffId, facts } of layers) view.apply(diffId, facts);
  return view.finish();
}

/** The states of one path, bottom to top, since it last appeared; never empty. */
type Versions = { layer: string | null; extraction: Extraction }[];

/** The root file system as far as extractors care. Paths have no leading slash. */
class View {
  private readonly files = new Map<string, Versions>();
  private readonly notes = new Map<string, FileNote>();
  /** Notes of files that a later layer removed, where that does not end the trouble with them. */
  private readonly removed = new Map<string, FileNote>();
  private readonly packageCaches: PackageCache[] = [];
  /** By layer: the files that packages which a layer installed own. */
  private readonly owned = new Map<string | null, PathSet[]>();
  private readonly links = new Map<string, string>();
  private readonly occupied: PathSet[] = [];
  private readonly gaps: CoverageItem[] = [];
  private readonly secrets = new Map<string, FoundSecret>();
  private isSearched = true;
  private readonly lineages = new Map<string, number[]>();
  private steps = 0;

  constructor(private readonly options: OverlayOptions) {}

  apply(layer: string | null, facts: LayerFacts): void {
    this.hide(facts);
    for (const path of facts.folders) this.links.delete(path);
    for (const { path, target } of facts.links) this.links.set(path, target);
    for (const { path, extraction } of facts.files) {
      const real = this.real(path);
      const versions = this.files.get(real);
      if (versions) versions.push({ layer, extraction });
      else this.files.set(real, [{ layer, extraction }]);
      if (extraction.owned !== null) {
        this.owned.set(layer, [...(this.owned.get(layer) ?? []), new PathSet(extraction.owned)]);
      }
    }
    for (const note of facts.notes) {
      const real = this.real(note.path);
      this.notes.set(real, { ...note, path: `/${real}`, layer, removed: false });
    }
    this.addSecrets(layer, facts.secrets);
    for (const cache of facts.packageCaches) this.packageCaches.push({ ...cache, path: `/${cache.path}`, layer });
    this.gaps.push(...facts.gaps);
  }

  /** Whoever has the image has all of its layers: what a later layer removes is still to be read. */
  private addSecrets(layer: string | null, secrets: LayerFacts['secrets']): void {
    if (secrets === null) this.isSearched = false;
    for (const secret of secrets ?? []) {
      const key = `${secret.ruleId}\0${secret.path}\0${secret.hash}`;
      if (!this.secrets.has(key)) this.secrets.set(key, { ...secret, path: `/${secret.path}`, layer });
    }
  }

  finish(): ImageView {
    const files: VisibleFile[] = [];
    const gaps: CoverageItem[] = [];
    for (const path of this.files.keys()) {
      if (!this.options.lockfiles && isLockfile(path)) continue;
      const versions = this.files.get(path) ?? [];
      const absolute = `/${path}`;
      const all = attribute(absolute, versions);
      const packages =
        this.owned.size === 0 ? all : all.filter(({ found, location }) => !this.isOwned(path, found, location));
      files.push({ path: absolute, extraction: versions.at(-1)?.extraction ?? emptyExtraction(), packages });
      for (const gap of this.fileGaps(path, versions)) gaps.push(gap);
    }
    const buried = [...this.removed].filter(([path]) => !this.notes.has(path)).map(([, note]) => note);
    return {
      files,
      notes: [...this.notes.values(), ...buried],
      packageCaches: this.packageCaches,
      secrets: this.isSearched ? [...this.secrets.values()] : null,
      gaps: [...this.gaps, ...gaps, ...this.unreadTargets()],
    };
  }

  /** What could not be read of a file; nothing of one that is part of a system's package, and judged as that. */
  private fileGaps(path: string, versions: Versions): CoverageItem[] {
    const gaps = versions.at(-1)?.extraction.gaps ?? [];
    if (gaps.length === 0) return gaps;
    const isDatabase = (extractorOf(path)?.fixedPaths.length ?? 0) > 0;
    return !isDatabase && this.isOwnedIn(sinceSameGaps(versions), path) ? [] : gaps;
  }

  /**
   * Whether a language's package is part of one that the system's package manager installed, and so reported as that.
   * Only the layer that brought the package is asked: a file that was put in the place of an owned one later is not what
   * the distribution built.
   */
  private isOwned(path: string, { type }: ExtractedPackage, { layer }: PackageLocation): boolean {
    return !isSystemType(type) && this.isOwnedIn(layer, path);
  }

  private isOwnedIn(layer: string | null, path: string): boolean {
    const owned = this.owned.get(layer);
    if (!owned) return false;
    const form = ownedForm(path);
    return owned.some((paths) => paths.has(form));
  }

  private removeNote(path: string): void {
    const note = this.notes.get(path);
    if (note && outlives(note)) this.removed.set(path, { ...note, removed: true });
    this.notes.delete(path);
  }

  /**
   * Takes away what the layer removes or hides of the layers below: by whiteouts, by opaque folders, and by what is no
   * folder, which hides what is at its path and, where that is a folder, in it.
   */
  private hide(facts: LayerFacts): void {
    const occupied = new PathSet(facts.occupied);
    this.occupied.push(occupied);
    if (this.files.size === 0 && this.links.size === 0 && this.notes.size === 0) return;
    const removed = new Set(facts.whiteouts.map((path) => hashOf(this.real(path))));
    const emptied = new Set(facts.opaques.map((path) => hashOf(this.resolve(path) ?? path)));
    const isEmptied = facts.opaques.includes('');
    const removesAny = removed.size + emptied.size > 0;
    // Paths come folder by folder: what was found of the folders above the last one holds for most of the next.
    const kept: number[] = [];
    const isGone = (path: string, isReplaced: boolean): boolean => {
      const lineage = this.lineage(path);
      const itself = lineage[lineage.length - 1] ?? 0;
      if (isEmptied || (removesAny && removed.has(itself)) || (!isReplaced && occupied.hasHash(itself))) return true;
      for (let i = 0; i < lineage.length - 1; i += 1) {
        const above = lineage[i] ?? 0;
        if (above === kept[i]) continue;
        if (removesAny && (removed.has(above) || emptied.has(above))) return true;
        if (occupied.hasHash(above)) return true;
        kept[i] = above;
      }
      return false;
    };
    const replaced = new Set(facts.files.map(({ path }) => path));
    for (const path of this.files.keys()) if (isGone(path, replaced.has(path))) this.files.delete(path);
    for (const path of this.links.keys()) if (isGone(path, replaced.has(path))) this.links.delete(path);
    const folders = new PathSet(facts.directories);
    for (const path of this.notes.keys()) {
      if (isGone(path, false) || folders.has(path)) this.removeNote(path);
    }
  }

  /** The path's hashes, computed once for all layers. */
  private lineage(path: string): number[] {
    let lineage = this.lineages.get(path);
    if (!lineage) {
      lineage = lineageOf(path);
      this.lineages.set(path, lineage);
    }
    this.steps += lineage.length;
    if (this.steps > (this.options.maxSteps ?? MAX_STEPS)) {
      throw new PlimsollError(
        'limit_exceeded',
        'The layers hold more files that have to be compared with each other than any real image: it was made to take time.',
      );
    }
    return lineage;
  }

  /** Fixed paths that lead to something that no extractor was asked to read. */
  private unreadTargets(): CoverageItem[] {
    if (this.links.size === 0) return [];
    const gaps: CoverageItem[] = [];
    for (const fixed of FIXED_PATHS) {
      const isFolder = fixed.endsWith('/');
      const path = isFolder ? fixed.slice(0, -1) : fixed;
      const real = this.resolve(path);
      if (
        real === path ||
        (real !== null && (FIXED_PATHS.has(isFolder ? `${real}/` : real) || this.isAbsent(real, isFolder)))
      )
        continue;
      const where = real === null ? 'round in a circle' : `to /${real}, which was not read`;
      const message = `/${path} leads ${where}: what it holds is not known.`;
      gaps.push({ code: 'link_unresolved', subject: `/${path}`, message });
    }
    return gaps;
  }

  /**
   * Whether a path is surely not there: no layer has it, nor anything but folders on the way to it, which could be a
   * link. Folders are not kept, so of them nothing is sure.
   */
  private isAbsent(path: string, isFolder: boolean): boolean {
    if (isFolder) return false;
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const prefix = path.slice(0, end);
      if (!this.links.has(prefix) && this.occupied.some((paths) => paths.has(prefix))) return false;
    }
    return true;
  }

  /** Where a path of a layer ends up: a container engine follows links on the way to it, but not at its end. */
  private real(path: string): string {
    const slash = path.lastIndexOf('/');
    if (slash < 0 || this.links.size === 0) return path;
    const parent = this.resolve(path.slice(0, slash));
    if (parent === null) return path;
    return parent === '' ? path.slice(slash + 1) : `${parent}${path.slice(slash)}`;
  }

  /** Follows links, also at the end; null where they go round in a circle. */
  private resolve(path: string): string | null {
    const pending = path.split('/').reverse();
    let resolved: string[] = [];
    for (let followed = 0; pending.length > 0; ) {
      resolved.push(pending.pop() ?? '');
      const target = this.links.get(resolved.join('/'));
      if (target === undefined) continue;
      followed += 1;
      if (followed > MAX_LINKS) return null;
      resolved.pop();
      const base = target.startsWith('/') ? '' : resolved.join('/');
      pending.push(...normalisePath(`${base}/${target}`).split('/').filter(Boolean).reverse());
      resolved = [];
    }
    return resolved.join('/');
  }
}

/**
 * A package came with the first of the topmost versions that all have it: a package manager writes its whole database
 * anew in each layer that installs something.
 */
function attribute(path: string, versions: Versions): VisibleFile['packages'] {
  const last = versions.at(-1);
  if (!last) return [];
  if (versions.length === 1) return last.extraction.packages.map((found) => located(found, path, last.layer));
  const earlier = versions.slice(0, -1).map(({ extraction }) => new Set(extraction.packages.map(keyOf)));
  return last.extraction.packages.map((entry) => {
    let since = earlier.length;
    if (since > 0) for (const key = keyOf(entry); since > 0 && earlier[since - 1]?.has(key); ) since -= 1;
    return located(entry, path, versions[since]?.layer ?? null);
  });
}

function located(entry: ExtractedPackage, path: string, layer: string | null): VisibleFile['packages'][number] {
  if (entry.inner === undefined) return { found: entry, location: { path, layer } };
  const { inner, ...found } = entry;
  return { found, location: { path: `${path}!/${inner}`, layer } };
}

/** The layer of the first of the topmost versions that all have the same gaps. */
function sinceSameGaps(versions: Versions): string | null {
  const keys = versions.map(({ extraction }) => JSON.stringify(extraction.gaps));
  let since = versions.length - 1;
  while (since > 0 && keys[since - 1] === keys.at(-1)) since -= 1;
  return versions[since]?.layer ?? null;
}

function keyOf({ name, version, architecture }: ExtractedPackage): string {
  return `${name}\0${version}\0${architecture}`;
}
