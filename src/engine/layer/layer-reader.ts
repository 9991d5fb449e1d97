import type { CoverageItem } from '../../model/coverage.js';
import { PlimsollError } from '../../model/error.js';
import { type Extraction, type Extractor, emptyExtraction, START_BYTES } from '../extractor/extractor.js';
import { contentOf, type FileView, MemoryFile, type Spool } from '../extractor/file-view.js';
import { PathFilter } from '../path/path-filter.js';
import { PathSetBuilder } from '../path/path-set.js';
import { EXTRACTORS, extractorOf, recognise } from '../plugins.js';
import { BodyReader } from './body-reader.js';
import { type LayerNote, noteOf } from './file-note.js';
import type { LayerFacts } from './layer-facts.js';
import { cacheFolderOf, type LayerPackageCache } from './package-cache.js';
import { type SecretFinder, SecretReader } from './secret-reader.js';
import { normalisePath } from './tar-header.js';
import type { TarEntry, TarHandler } from './tar-reader.js';

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

/** More than any layer has; each costs memory. */
const MAX = { entries: 5_000_000, whiteouts: 500_000, files: 200_000, packages: 500_000 };

/** Notes over this are counted in one gap: an image with so many setuid or world-writable files has told enough. */
const MAX_NOTES = 20_000;
const MAX_CACHES = 1_000;

/** Linux opens no longer path (limits.h, PATH_MAX); the deepest that package managers make are under a hundred folders. */
const MAX_PATH = { length: 4_096, depth: 256 };

/** A shorter path is not too deep. */
const LONG_PATH = 2 * MAX_PATH.depth - 1;

/** Every path at which a symbolic link would change where a fixed path leads. */
const FIXED = new Set(
  EXTRACTORS.flatMap(({ fixedPaths }) => fixedPaths).flatMap((path) => {
    const parts = path.replace(/\/$/, '').split('/');
    return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  }),
);

const MAY_BE_FIXED = new PathFilter();
for (const path of FIXED) MAY_BE_FIXED.add(path);

/** A part of another file that is larger is not kept for it; rpm's logs have 4 MB at most. Bytes. */
const MAX_PART = 64 * 1024 * 1024;

/** What a reader needs a second pass for. */
export interface SecondPass {
  readonly size: number;
  /** Files that wanted names are hard links to: file → wanted names. */
  readonly linked: ReadonlyMap<string, readonly string[]>;
  /** Files that are read together with another: file → the other. */
  readonly parts: ReadonlyMap<string, FileView>;
}

const FIRST_PASS: SecondPass = { size: 0, linked: new Map(), parts: new Map() };

export interface LayerReaderParts {
  /** Where bodies go that are too large for memory. */
  spool: Spool;
  /** Null where a scan does not ask for secrets. */
  secrets: SecretFinder | null;
}

/**
 * Takes the entries of one layer in their order (OCI image specification, "Image Layer Filesystem Changeset") and keeps
 * what extractors read of the files they want, by path or by their first bytes. Memory is the largest wanted file up to
 * the size from which the spool takes it, and 8 bytes for each path.
 */
export class LayerReader implements TarHandler {
  private readonly files = new Map<string, Extraction>();
  private readonly whiteouts: string[] = [];
  private readonly opaques: string[] = [];
  private readonly links = new Map<string, string>();
  private readonly folders = new Set<string>();
  private readonly occupied = new PathSetBuilder();
  private readonly directories = new PathSetBuilder();
  private readonly gaps: CoverageItem[] = [];
  /** Wanted names that are hard links to files whose content was not kept: name → the file's name. */
  private readonly hardLinks = new Map<string, string>();
  /** What was read for hard links that are still to come: name → extraction. */
  private readonly early = new Map<string, Extraction>();
  private readonly notes = new Map<string, LayerNote>();
  /** Of the paths in `files`, `hardLinks`, `notes` and `parts`. */
  private readonly kept = new PathFilter();
  private readonly packageCaches = new Map<string, LayerPackageCache>();
  /** By their own path, with the file that they are a part of. */
  private readonly parts = new Map<string, { whole: string; part: FileView }>();
  private readonly body: BodyReader;
  /** The file whose data comes now; its readers are null until its first bytes were seen. */
  private current: { entry: TarEntry; readers: Reading[] | null } | null = null;
  private entries = 0;
  private packages = 0;
  private unnoted = 0;
  private tooLong = 0;
  private readonly secrets: SecretReader | null;

  /** @param known what another reader of the same layer `missed` */
  constructor(
    { spool, secrets }: LayerReaderParts,
    private readonly known: SecondPass = FIRST_PASS,
  ) {
    this.body = new BodyReader(spool);
    this.secrets = secrets && new SecretReader(secrets);
  }

  /** Files that have a wanted name too, or belong to another, which came later. Only a second pass can read them. */
  get missed(): SecondPass {
    const linked = new Map<string, string[]>();
    for (const [name, file] of this.hardLinks) linked.set(file, [...(linked.get(file) ?? []), name]);
    const parts = new Map<string, FileView>();
    for (const { whole, part } of this.parts.values()) if (this.files.has(whole)) parts.set(whole, part);
    return { size: linked.size + parts.size, linked, parts };
  }

  entry(entry: TarEntry): boolean {
    this.entries += 1;
    checkLimit('entries', this.entries);
    const { path, type } = entry;
    if (path === '') return false;
    if (path.length > LONG_PATH && isTooLong(path)) {
      this.tooLong += 1;
      return false;
    }
    const slash = path.lastIndexOf('/') + 1;
    if (path.startsWith(WHITEOUT, slash)) {
      this.addWhiteout(path, slash);
      return false;
    }
    // A later entry of the same name takes the place of an earlier one.
    if (this.kept.mayHave(path)) {
      this.files.delete(path);
      this.hardLinks.delete(path);
      this.notes.delete(path);
      this.parts.delete(path);
    }
    this.note(entry);
    if (MAY_BE_FIXED.mayHave(path) && FIXED.has(path)) {
      this.links.delete(path);
      this.folders.delete(path);
      if (type === 'directory') this.folders.add(path);
      if (type === 'symlink') this.links.set(path, entry.linkName);
    }
    if (type === 'directory') {
      this.directories.add(path);
      return false;
    }
    this.occupied.add(path);
    if (type === 'file') {
      this.countCache(entry);
      const isSearched = this.secrets?.begin(path, entry.size) ?? false;
      return this.wants(entry) || isSearched;
    }
    if (type === 'hardlink') this.addHardLink(path, normalisePath(entry.linkName));
    return false;
  }

  data(chunk: Buffer): void {
    this.secrets?.write(chunk);
    if (!this.current) return;
    if (this.current.readers === null) {
      const isStart = this.body.start.length === 0 && chunk.length >= START_BYTES;
      if (!isStart) this.body.write(chunk);
      const start = isStart ? chunk : this.body.start;
      if (start.length < START_BYTES) return;
      this.decide(start);
      if (isStart && this.current) this.body.write(chunk);
      return;
    }
    this.body.write(chunk);
  }

  /** Whether anything asks for more of the entry's data. */
  get wantsMore(): boolean {
    return this.current !== null || this.secrets?.isReading === true;
  }

  endEntry(): void {
    this.secrets?.end();
    if (this.current?.readers === null) this.decide(this.body.start);
    if (!this.current) return;
    const { entry, readers } = this.current;
    this.current = null;
    for (const { name, extractor } of readers ?? []) {
      this.addRead(entry.path, name, this.extract(name, extractor));
    }
    this.body.end();
  }

  private extract(name: string, extractor: Extractor): Extraction {
    const file = this.body.view(name);
    const whole = extractor.partOf?.(name) ?? null;
    // Its gaps are of what the other file was read together with.
    if (whole !== null && this.known.parts.has(whole)) return emptyExtraction();
    const extraction = extractor.extract(file, this.known.parts.get(name));
    if (whole !== null && extraction.gaps.length > 0 && file.size <= MAX_PART) {
      this.kept.add(name);
      this.parts.set(name, { whole, part: new MemoryFile(name, Buffer.from(contentOf(file))) });
    }
    return extraction;
  }

  /** Something that could not be read, and that the layer itself does not tell of. */
  addGap(gap: CoverageItem): void {
    this.gaps.push(gap);
  }

  end(): LayerFacts {
    for (const [name, file] of this.hardLinks) {
      const message = `/${name} is a hard link to /${file}, which is no file of this layer: it was not looked at.`;
      this.gaps.push({ code: 'link_unresolved', subject: `/${name}`, message });
    }
    if (this.tooLong > 0) {
      const message = `${this.tooLong} entries have paths over ${MAX_PATH.length} characters or ${MAX_PATH.depth} folders, which no system could open: they were not looked at.`;
      this.gaps.push({ code: 'limit_exceeded', subject: '/', message });
    }
    if (this.unnoted > 0) {
      const message = `The layer has ${this.unnoted} more files with attributes that controls ask about than the ${MAX_NOTES} that are kept.`;
      this.gaps.push({ code: 'limit_exceeded', subject: '/', message });
    }
    this.gaps.push(...(this.secrets?.gaps() ?? []));
    return {
      files: [...this.files].map(([path, extraction]) => ({ path, extraction })),
      notes: [...this.notes.values()],
      secrets: this.secrets?.all() ?? null,
      packageCaches: [...this.packageCaches.values()],
      whiteouts: this.whiteouts,
      opaques: this.opaques,
      links: [...this.links].map(([path, target]) => ({ path, target })),
      folders: [...this.folders],
      occupied: this.occupied.build(),
      directories: this.directories.build(),
      gaps: this.gaps,
    };
  }

  private addWhiteout(path: string, slash: number): void {
    const name = path.slice(slash + WHITEOUT.length);
    if (path.endsWith(OPAQUE) && path.length === slash + OPAQUE.length) {
      this.opaques.push(path.slice(0, Math.max(0, slash - 1)));
    } else if (name !== '' && name !== '.' && name !== '..' && !name.startsWith(WHITEOUT)) {
      // Names with two prefixes are aufs' own bookkeeping.
      this.whiteouts.push(path.slice(0, slash) + name);
    }
    checkLimit('whiteouts', this.whiteouts.length + this.opaques.length);
  }

  private wants(entry: TarEntry): boolean {
    const { path, size } = entry;
    const extractor = extractorOf(path);
    const linked = this.known.linked.size === 0 ? undefined : this.known.linked.get(path);
    // Most files have no extractor by their path: their first bytes are asked.
    if (!extractor && !linked) {
      if (size === 0) return false;
      this.begin(entry, null);
      return true;
    }
    const wanting = [path, ...(linked ?? [])].flatMap((name) => {
      const wanted = name === path ? extractor : extractorOf(name);
      return wanted ? [{ name, extractor: wanted }] : [];
    });
    const readers = wanting.filter((reading) => this.isReadable(entry, reading));
    if (readers.length > 0) this.begin(entry, readers);
    return readers.length > 0;
  }

  private begin(entry: TarEntry, readers: Reading[] | null): void {
    this.current = { entry, readers };
    this.body.begin(entry.size);
  }

  private decide(start: Buffer): void {
    if (!this.current) return;
    const { entry } = this.current;
    const extractor = recognise(start);
    const reading = extractor && { name: entry.path, extractor };
    if (reading && this.isReadable(entry, reading)) this.current.readers = [reading];
    else {
      this.current = null;
      this.body.end();
    }
  }

  /** Says so where it is not. */
  private isReadable({ path, size, sparse }: TarEntry, { name, extractor }: Reading): boolean {
    if (!sparse && size <= extractor.maxBytes) return true;
    this.addRead(path, name, unread(name, sparse ? null : size, extractor.maxBytes));
    return false;
  }

  private note(entry: TarEntry): void {
    const note = noteOf(entry);
    if (!note) return;
    if (this.notes.size < MAX_NOTES) {
      this.notes.set(note.path, note);
      this.kept.add(note.path);
    } else this.unnoted += 1;
  }

  private countCache({ path, size }: TarEntry): void {
    if (size === 0) return;
    const folder = cacheFolderOf(path);
    if (folder === null) return;
    const cache = this.packageCaches.get(folder);
    if (cache) {
      cache.files += 1;
      cache.bytes += size;
    } else if (this.packageCaches.size < MAX_CACHES)
      this.packageCaches.set(folder, { path: folder, files: 1, bytes: size });
    else this.unnoted += 1;
  }

  private addHardLink(path: string, file: string): void {
    const known = this.files.get(file);
    const wanted = extractorOf(path);
    if (known && extractorOf(file) === wanted) {
      this.addFile(path, known);
      return;
    }
    if (!wanted) return;
    const early = this.early.get(path);
    if (early && this.known.linked.get(file)?.includes(path)) this.addFile(path, early);
    else {
      this.hardLinks.set(path, file);
      this.kept.add(path);
    }
  }

  /** @param name the file's own, or that of a hard link to it */
  private addRead(path: string, name: string, extraction: Extraction): void {
    // Most executables tell nothing, and are not worth remembering.
    if (isEmpty(extraction) && !extractorOf(name)) return;
    if (name === path) this.addFile(path, extraction);
    else this.early.set(name, extraction);
  }

  private addFile(path: string, extraction: Extraction): void {
    this.files.set(path, extraction);
    this.kept.add(path);
    checkLimit('files', this.files.size);
    this.packages += extraction.packages.length;
    checkLimit('packages', this.packages);
  }
}

function isEmpty({ packages, distribution, owned, gaps }: Extraction): boolean {
  return packages.length === 0 && distribution === null && owned === null && gaps.length === 0;
}

function isTooLong(path: string): boolean {
  return path.length > MAX_PATH.length || path.split('/', MAX_PATH.depth + 1).length > MAX_PATH.depth;
}

interface Reading {
  name: string;
  extractor: Extractor;
}

function unread(path: string, size: number | null, maxBytes: number): Extraction {
  const why = size === null ? 'is stored as a sparse file' : `has ${size} bytes, over the limit of ${maxBytes}`;
  const message = `/${path} ${why}: it was not read.`;
  return { ...emptyExtraction(), gaps: [{ code: 'file_too_large', subject: `/${path}`, message }] };
}

function checkLimit(what: keyof typeof MAX, count: number): void {
  if (count <= MAX[what]) return;
  throw new PlimsollError('limit_exceeded', `A layer has more than ${MAX[what]} ${what}: no real image does.`);
}
