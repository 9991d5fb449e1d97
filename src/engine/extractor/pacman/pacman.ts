import { ExtractionBuilder } from '../extraction-builder.js';
import type { Extraction, Extractor } from '../extractor.js';
import { contentOf, type FileView } from '../file-view.js';
import { TextLines } from '../text-lines.js';

/** One folder for each package, `name-version`. */
const FOLDER = 'var/lib/pacman/local/';
const DESCRIPTION = '/desc';
const FILES = '/files';
const PERCENT = 0x25;
const SLASH = 0x2f;

/**
 * The local database of pacman: sections of a `%NAME%` line, a value on each line after it, and an empty line.
 *
 * alpm-db(7), alpm-db-desc(5), alpm-db-files(5)
 */
export const pacman: Extractor = {
  name: 'pacman',
  version: 1,
  maxBytes: 32 * 1024 * 1024,
  fixedPaths: [FOLDER],
  candidates: { folders: [FOLDER] },
  wants(path: string): boolean {
    if (path.charCodeAt(0) !== 0x76 || !path.startsWith(FOLDER)) return false;
    const end = path.indexOf('/', FOLDER.length);
    return end > FOLDER.length && (path.endsWith(DESCRIPTION) || path.endsWith(FILES)) && path.lastIndexOf('/') === end;
  },
  extract(file: FileView): Extraction {
    const builder = new ExtractionBuilder(file.path);
    const lines = new TextLines(contentOf(file));
    if (file.path.endsWith(FILES)) readFiles(builder, lines);
    else readDescription(builder, lines);
    return builder.build();
  },
};

function readDescription(builder: ExtractionBuilder, lines: TextLines): void {
  const sections = new Map<string, string[]>();
  for (const { section, value } of valuesOf(lines)) {
    const known = sections.get(section);
    if (known) known.push(value);
    else sections.set(section, [value]);
  }
  const first = (section: string) => sections.get(section)?.[0];
  const [name, version] = [first('%NAME%'), first('%VERSION%')];
  if (!name || !version) {
    builder.unparsable(null, name ? 'no %VERSION%' : 'no %NAME%');
    return;
  }
  builder.add(
    {
      type: 'alpm',
      name,
      version,
      // Packages that were built before pacman 4.1 do not say what they were split from.
      source: { name: first('%BASE%') || name, version },
      architecture: first('%ARCH%') || null,
      licenses: sections.get('%LICENSE%') ?? [],
    },
    null,
  );
}

/** Folders end in a slash. */
function readFiles(builder: ExtractionBuilder, lines: TextLines): void {
  for (const { section, value } of valuesOf(lines)) {
    if (section === '%FILES%' && value.charCodeAt(value.length - 1) !== SLASH) builder.own(value);
  }
}

function* valuesOf(lines: TextLines): Generator<{ section: string; value: string }> {
  let section: string | null = null;
  while (lines.next()) {
    if (lines.isEmpty) section = null;
    else if (section !== null) yield { section, value: lines.text(0) };
    // Between sections pacman passes over everything else.
    else if (lines.byte(0) === PERCENT) section = lines.text(0).trimEnd();
  }
}
