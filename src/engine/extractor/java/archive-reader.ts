import type { CoverageItem } from '../../../model/coverage.js';
import { UnpackBudget } from '../../format/zip/unpack-budget.js';
import { ZipArchive, type ZipEntry } from '../../format/zip/zip-archive.js';
import { storedEntry } from '../../format/zip/zip-entry.js';
import { ZipFault } from '../../format/zip/zip-fault.js';
import { ExtractionBuilder } from '../extraction-builder.js';
import type { Extraction } from '../extractor.js';
import { type FileView, MemoryFile } from '../file-view.js';
import { isArchiveName, isForReading, isSurelyArchive } from './archive-name.js';
import { ClassFolder } from './class-folder.js';
import { guessCoordinates, ownProject } from './coordinates.js';
import { licensesOf, type Manifest, parseManifest } from './manifest.js';
import { parsePomProperties } from './pom-properties.js';
import { type Pom, parsePom } from './pom-xml.js';

const MIB = 1024 * 1024;
/** Of one file with all that is in it. Servers with hundreds of plugins, each an archive of archives, stay far below. */
const MAX = { depth: 10, archives: 20_000, entries: 3_000_000, copies: 100 };
/** Manifests of signed archives name each of their files. */
const MAX_MANIFEST_BYTES = 8 * MIB;
const MAX_POM_BYTES = MIB;
/** Archives that are compressed in another are unpacked into memory, where this many bytes of them may be at once. */
const MAX_UNPACKED_BYTES = 160 * MIB;

/** Reads one file, and the archives in it. */
export class ArchiveReader {
  private readonly builder: ExtractionBuilder;
  /** How often each package was found; more than enough places are not told. */
  private readonly copies = new Map<string, number>();
  private limitGap: CoverageItem | null = null;
  private readonly budget: UnpackBudget;
  private readonly left = { archives: MAX.archives, entries: MAX.entries };

  constructor(private readonly file: FileView) {
    this.builder = new ExtractionBuilder(file.path);
    this.budget = new UnpackBudget(file.size);
  }

  read(): Extraction {
    if (this.file.size > 0) this.readArchive(this.file, { path: this.file.path, inner: null, depth: 1, memory: 0 });
    const extraction = this.builder.build();
    return this.limitGap === null ? extraction : { ...extraction, gaps: [...extraction.gaps, this.limitGap] };
  }

  private readArchive(file: FileView, place: Place): void {
    this.left.archives -= 1;
    if (this.left.archives < 0) this.overLimit(`holds more than ${MAX.archives} archives`);
    else if (place.depth > MAX.depth) this.overLimit(`holds archives in archives deeper than ${MAX.depth}`);
    else this.readZip(file, place);
  }

  private readZip(file: FileView, place: Place): void {
    const archive = ZipArchive.open(file);
    if (archive === null) {
      if (isSurelyArchive(place.path)) this.fault(place, 'no zip directory that can be read');
      return;
    }
    const found = this.readDirectory(archive, place);
    this.addPackages(archive, found, place);
    for (const entry of found.archives) this.readInner(archive, entry, place);
  }

  private readDirectory(archive: ZipArchive, place: Place): Found {
    const found: Found = {
      manifest: null,
      properties: new Map(),
      poms: new Map(),
      archives: [],
      classes: new ClassFolder(),
    };
    try {
      for (const entry of archive.entries()) {
        this.left.entries -= 1;
        if (this.left.entries < 0) {
          this.overLimit(`has more than ${MAX.entries} entries`);
          break;
        }
        sort(entry, found);
      }
    } catch (error) {
      this.faultOf(place, error);
    }
    return found;
  }

  private addPackages(archive: ZipArchive, found: Found, place: Place): void {
    const maven: Pom[] = [];
    for (const [folder, entry] of found.properties) {
      const names = this.text(archive, entry, MAX_POM_BYTES, place);
      if (names === null) continue;
      const pom = this.pomOf(archive, found.poms.get(folder), place);
      const { group, artifact, version } = parsePomProperties(names);
      const [folderGroup = '', folderArtifact = ''] = /META-INF\/maven\/([^/]+)\/([^/]+)$/.exec(folder)?.slice(1) ?? [];
      maven.push({
        group: group || pom?.group || folderGroup,
        artifact: artifact || pom?.artifact || folderArtifact,
        version: version || pom?.version || '',
        licenses: pom?.licenses ?? [],
      });
      found.poms.delete(folder);
    }
    for (const entry of found.poms.values()) {
      const pom = this.pomOf(archive, entry, place);
      if (pom) maven.push(pom);
    }
    const content = found.manifest && this.text(archive, found.manifest, MAX_MANIFEST_BYTES, place);
    const manifest: Manifest = content ? parseManifest(content) : new Map();
    const evidence = { path: place.path, manifest, maven, classFolder: found.classes.path };
    const own = ownProject(evidence);
    for (const one of maven) {
      const guessed = one === own && one.version === '' ? guessCoordinates(evidence) : null;
      const licenses = one === own && one.licenses.length === 0 ? licensesOf(manifest) : one.licenses;
      this.add({ ...one, version: one.version || (guessed?.version ?? ''), licenses }, place);
    }
    if (own !== null || isForReading(place.path)) return;
    const guessed = guessCoordinates(evidence);
    if (guessed) this.add({ ...guessed, licenses: licensesOf(manifest) }, place, guessed.isGroupGuessed);
  }

  /** What has no version cannot be matched, and is no package. */
  private add({ group, artifact, version, licenses }: Pom, { inner }: Place, isGroupGuessed = false): void {
    if (group === '' || artifact === '' || version === '') return;
    const name = `${group}:${artifact}`;
    const key = `${name}\0${version}`;
    const copies = this.copies.get(key) ?? 0;
    if (copies === MAX.copies) return;
    this.copies.set(key, copies + 1);
    const place = inner === null ? {} : { inner };
    const guess = isGroupGuessed ? { isGroupGuessed } : {};
    this.builder.add({ type: 'maven', name, version, licenses, ...place, ...guess }, null);
  }

  private pomOf(archive: ZipArchive, entry: ZipEntry | undefined, place: Place): Pom | null {
    const content = entry && this.text(archive, entry, MAX_POM_BYTES, place);
    return content ? parsePom(content.toString('utf8')) : null;
  }

  private readInner(archive: ZipArchive, entry: ZipEntry, place: Place): void {
    if (entry.compressedSize === 0) return;
    const inner = place.inner === null ? entry.name : `${place.inner}!/${entry.name}`;
    const next = { path: entry.name, inner, depth: place.depth + 1, memory: place.memory };
    try {
      const stored = storedEntry(archive, entry);
      if (stored) {
        this.readArchive(stored, next);
        return;
      }
      const content = this.budget.read(archive, entry, MAX_UNPACKED_BYTES - place.memory);
      if (content.length === 0) return;
      this.readArchive(new MemoryFile(entry.name, content), { ...next, memory: place.memory + content.length });
    } catch (error) {
      this.faultOf(place, error);
    }
  }

  private text(archive: ZipArchive, entry: ZipEntry, limit: number, place: Place): Buffer | null {
    try {
      return this.budget.read(archive, entry, limit);
    } catch (error) {
      this.faultOf(place, error);
      return null;
    }
  }

  private faultOf(place: Place, error: unknown): void {
    if (!(error instanceof ZipFault)) throw error;
    if (error.kind === 'too_large') this.overLimit(`has ${error.message}`);
    else this.fault(place, error.message);
  }

  private fault({ inner }: Place, what: string): void {
    this.builder.unparsable(null, inner === null ? what : `in ${JSON.stringify(inner.slice(0, 500))} ${what}`);
  }

  private overLimit(what: string): void {
    const subject = `/${this.file.path}`;
    this.limitGap ??= {
      code: 'limit_exceeded',
      subject,
      message: `${subject} ${what}: what is beyond was not looked at.`,
    };
  }
}

/** Where an archive is, and what is open for it. */
interface Place {
  /** Its name, also in another archive. */
  path: string;
  /** Its path in the file; null for the file itself. */
  inner: string | null;
  depth: number;
  /** Bytes of the archives around it that are in memory. */
  memory: number;
}

/** The entries of an archive that are asked for. */
interface Found {
  manifest: ZipEntry | null;
  /** By the folder that they are in. */
  properties: Map<string, ZipEntry>;
  poms: Map<string, ZipEntry>;
  archives: ZipEntry[];
  classes: ClassFolder;
}

const MANIFEST = 'meta-inf/manifest.mf';
const POM_PROPERTIES = '/pom.properties';
/** Elsewhere a pom.xml is a template, or a document. */
const POM = /^META-INF\/maven\/[^/]+\/[^/]+\/pom\.xml$/;

function sort(entry: ZipEntry, found: Found): void {
  const { name } = entry;
  if (name.endsWith('.class')) found.classes.see(name);
  else if (name.length === MANIFEST.length && name.toLowerCase() === MANIFEST) found.manifest = entry;
  else if (name.endsWith(POM_PROPERTIES)) found.properties.set(name.slice(0, -POM_PROPERTIES.length), entry);
  else if (name.endsWith('/pom.xml') && POM.test(name)) found.poms.set(name.slice(0, -'/pom.xml'.length), entry);
  else if (isArchiveName(name)) found.archives.push(entry);
}
