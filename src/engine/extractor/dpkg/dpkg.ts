import { ExtractionBuilder } from '../extraction-builder.js';
import type { Extraction, Extractor } from '../extractor.js';
import { contentOf, type FileView } from '../file-view.js';
import { TextLines } from '../text-lines.js';

const FOLDER = 'var/lib/dpkg/';
const STATUS = `${FOLDER}status`;
/** Distroless images keep one file for each package here, with no status field. */
const STATUS_FOLDER = 'var/lib/dpkg/status.d/';
/** In the folder of distroless images: the checksums and names of a package's files. */
const CHECKSUMS = '.md5sums';
/** One list of files for each package, `name.list` or `name:architecture.list`. */
const LISTS = 'var/lib/dpkg/info/';
/** Where dpkg writes changes first, in files with numbers for names; it moves them to the status file when it ends. */
const UPDATE = /^var\/lib\/dpkg\/updates\/\d+$/;
const COLON = 0x3a;
const BLANK = 0x20;
const MD5_DIGITS = 32;
const HASH = 0x23;

/** The status file of dpkg: deb822(5) stanzas. */
export const dpkg: Extractor = {
  name: 'dpkg',
  version: 3,
  maxBytes: 32 * 1024 * 1024,
  fixedPaths: [STATUS, STATUS_FOLDER],
  candidates: { folders: [FOLDER] },
  wants(path: string): boolean {
    if (path.charCodeAt(0) !== 0x76 || !path.startsWith(FOLDER)) return false;
    if (isList(path) || path === STATUS || UPDATE.test(path)) return true;
    return (
      path.length > STATUS_FOLDER.length &&
      path.startsWith(STATUS_FOLDER) &&
      path.indexOf('/', STATUS_FOLDER.length) < 0
    );
  },
  extract(file: FileView): Extraction {
    const builder = new ExtractionBuilder(file.path);
    const lines = new TextLines(contentOf(file));
    if (isList(file.path)) readList(builder, lines);
    else if (file.path.endsWith(CHECKSUMS)) readChecksums(builder, lines);
    else if (!UPDATE.test(file.path)) readStanzas(builder, lines);
    else if (file.size > 0) builder.unparsable(null, 'changes that the status file does not have yet');
    return builder.build();
  },
};

function readStanzas(builder: ExtractionBuilder, lines: TextLines): void {
  let stanza: Stanza | null = null;
  while (lines.next()) {
    const first = lines.byte(0);
    if (isBlank(lines)) {
      if (stanza) finish(builder, stanza);
      stanza = null;
    } else if (first === HASH) {
      // A comment, deb822(5).
    } else if (first === 0x20 || first === 0x09) {
      if (!stanza) builder.unparsable(lines.line, 'a continuation line outside a stanza');
    } else {
      const colon = lines.content.indexOf(COLON, lines.start);
      if (colon <= lines.start || colon >= lines.end) builder.unparsable(lines.line, 'no "Field: value"');
      else {
        stanza ??= { line: lines.line, fields: new Map() };
        readField(stanza, lines, colon - lines.start);
      }
    }
  }
  if (stanza) finish(builder, stanza);
}

function isList(path: string): boolean {
  return path.endsWith('.list') && path.startsWith(LISTS);
}

/** dpkg-query(1) -L: a path on each line, folders among them. */
function readList(builder: ExtractionBuilder, lines: TextLines): void {
  while (lines.next()) if (!lines.isEmpty) builder.own(lines.text(0));
}

/** md5sum(1): a checksum, two characters between, and a path; here without leading slash. */
function readChecksums(builder: ExtractionBuilder, lines: TextLines): void {
  while (lines.next()) if (lines.byte(MD5_DIGITS) === BLANK) builder.own(lines.text(MD5_DIGITS + 2));
}

interface Stanza {
  line: number;
  fields: Map<Field, string>;
}

const FIELDS = ['package', 'status', 'version', 'architecture', 'source'] as const;
type Field = (typeof FIELDS)[number];

function isBlank(lines: TextLines): boolean {
  for (let at = 0; ; at += 1) {
    const byte = lines.byte(at);
    if (byte === -1) return true;
    if (byte !== 0x20 && byte !== 0x09) return false;
  }
}

/** Field names are not case-sensitive, deb822(5). Names are compared by length first: most fields are not wanted. */
function readField(stanza: Stanza, lines: TextLines, colon: number): void {
  if (colon < 6 || colon > 12) return;
  const name = lines.text(0, colon).toLowerCase();
  const field = FIELDS.find((candidate) => candidate === name);
  if (field) stanza.fields.set(field, lines.text(colon + 1).trim());
}

/**
 * dpkg(1): the third word of Status is the package's state. `config-files` is left behind by a removed package; every
 * other state but `not-installed` has files on the disk.
 */
function finish(builder: ExtractionBuilder, { line, fields }: Stanza): void {
  const state = fields.get('status')?.split(/\s+/)[2];
  if (state === 'not-installed' || state === 'config-files') return;
  const name = fields.get('package');
  const version = fields.get('version');
  if (!name || !version) {
    builder.unparsable(line, name ? `no version of ${name.slice(0, 100)}` : 'a stanza without a package name');
    return;
  }
  builder.add(
    {
      type: 'deb',
      name,
      version,
      source: sourceOf(name, version, fields.get('source')),
      architecture: fields.get('architecture') || null,
      licenses: [],
    },
    line,
  );
}

/** deb-control(5) Source: a name, and in parentheses the version where it is not the package's own. */
function sourceOf(name: string, version: string, source: string | undefined): { name: string; version: string } {
  const match = /^(\S+)(?:\s+\(([^()\s]+)\))?$/.exec(source ?? '');
  return { name: match?.[1] ?? name, version: match?.[2] ?? version };
}
