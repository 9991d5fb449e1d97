import { ExtractionBuilder, type FoundPackage } from '../extraction-builder.js';
import type { Extraction, Extractor } from '../extractor.js';
import { contentOf, type FileView } from '../file-view.js';
import { TextLines } from '../text-lines.js';

const PATHS = ['lib/apk/db/installed', 'usr/lib/apk/db/installed'] as const;
const COLON = 0x3a;
const LAST_LETTER = 'd'.charCodeAt(0);

/**
 * The database of installed packages of apk-tools: records of `X:value` lines, an empty line after each. Letters are
 * case-sensitive (`A` is the architecture, `a` a file's attributes).
 *
 * https://wiki.alpinelinux.org/wiki/Apk_spec#Installed_Database_V2
 */
export const apk: Extractor = {
  name: 'apk',
  version: 3,
  maxBytes: 32 * 1024 * 1024,
  fixedPaths: PATHS,
  candidates: { endings: PATHS },
  wants(path: string): boolean {
    return path.charCodeAt(path.length - 1) === LAST_LETTER && (path === PATHS[0] || path === PATHS[1]);
  },
  extract(file: FileView): Extraction {
    const builder = new ExtractionBuilder(file.path);
    const lines = new TextLines(contentOf(file));
    let record: ApkRecord | null = null;
    let folder = '';
    while (lines.next()) {
      if (lines.isEmpty) {
        if (record) finish(builder, record);
        record = null;
        continue;
      }
      if (lines.byte(1) !== COLON) {
        builder.unparsable(lines.line, 'no "letter:value"');
        continue;
      }
      if (!record) {
        record = { line: lines.line };
        // What a record names before its first folder is in the root.
        folder = '';
      }
      // F: a folder of the package, R: a file in the folder named last.
      if (lines.byte(0) === 0x46) folder = lines.text(2);
      else if (lines.byte(0) === 0x52) builder.own(`${folder}/${lines.text(2)}`);
      else readField(record, lines);
    }
    if (record) finish(builder, record);
    return builder.build();
  },
};

interface ApkRecord {
  line: number;
  name?: string;
  version?: string;
  architecture?: string;
  origin?: string;
  license?: string;
}

function readField(record: ApkRecord, lines: TextLines): void {
  switch (lines.byte(0)) {
    case 0x50: // P
      record.name = lines.text(2);
      break;
    case 0x56: // V
      record.version = lines.text(2);
      break;
    case 0x41: // A
      record.architecture = lines.text(2);
      break;
    case 0x6f: // o
      record.origin = lines.text(2);
      break;
    case 0x4c: // L
      record.license = lines.text(2);
      break;
  }
}

function finish(builder: ExtractionBuilder, record: ApkRecord): void {
  const { name, version, line } = record;
  if (!name || !version) {
    builder.unparsable(line, `a record without ${name ? 'a version (V:)' : 'a name (P:)'}`);
    return;
  }
  const found: FoundPackage = {
    type: 'apk',
    name,
    version,
    source: { name: record.origin || name, version },
    architecture: record.architecture || null,
    licenses: record.license ? [record.license] : [],
  };
  builder.add(found, line);
}
