import { ExtractionBuilder } from '../extraction-builder.js';
import type { Extraction, Extractor } from '../extractor.js';
import { contentOf, type FileView } from '../file-view.js';
import { TextLines } from '../text-lines.js';

const ENDING = '.gemspec';
const LAST_LETTER = 'c'.charCodeAt(0);
/** RubyGems writes one for each gem it installs; those that came with Ruby are in `default/`. */
const INSTALLED = /(?:^|\/)specifications\/(?:default\/)?[^/]+\.gemspec$/;

const STUB = '# stub: ';
/** RubyGems looks for the stub no further, nor is it of use to look for an assignment in longer lines. */
const MAX_STUB_LINE = 3;
const MAX_LINE = 2048;

/**
 * Installed gems: the specification that RubyGems generates at installation, in Ruby. Its head has a comment for readers
 * that run no Ruby: `# stub: name version platform require_paths`. The platform is no part of the version.
 */
export const ruby: Extractor = {
  name: 'ruby',
  version: 1,
  maxBytes: 4 * 1024 * 1024,
  fixedPaths: [],
  candidates: { endings: [ENDING] },
  wants(path: string): boolean {
    return path.charCodeAt(path.length - 1) === LAST_LETTER && path.endsWith(ENDING) && INSTALLED.test(path);
  },
  extract(file: FileView): Extraction {
    const builder = new ExtractionBuilder(file.path);
    const gem = readSpecification(contentOf(file));
    if (gem.name === null || gem.version === null) {
      builder.unparsable(1, gem.name === null ? 'no gem name' : `no version of ${gem.name.slice(0, 100)}`);
    } else builder.add({ type: 'gem', name: gem.name, version: gem.version, licenses: gem.licenses }, 1);
    return builder.build();
  },
};

interface Gem {
  name: string | null;
  version: string | null;
  licenses: string[];
}

/** `s.name = "rake".freeze`, `s.version = Gem::Version.new("1.0")`, `s.licenses = ["MIT".freeze, "Ruby".freeze]`. */
const ASSIGNMENT = /^[a-z_]\w{0,30}\.(name|version|licenses?) *= *(.*)$/;
/** A string without interpolation or escapes: `"a"`, `'a'`, or `%q{a}`, as RubyGems before 2 wrote it. */
const STRING = /"([^"\\#]*)"|'([^'\\]*)'|%q\{([^{}\\]*)\}/g;

function readSpecification(content: Buffer): Gem {
  const gem: Gem = { name: null, version: null, licenses: [] };
  const lines = new TextLines(content);
  let licensed = false;
  while (lines.next()) {
    if (lines.end - lines.start > MAX_LINE) continue;
    if (lines.byte(0) === 0x23) {
      if (lines.line <= MAX_STUB_LINE) readStub(gem, lines.text(0));
      continue;
    }
    const [, field, value = ''] = ASSIGNMENT.exec(lines.text(0).trim()) ?? [];
    if (field === undefined) continue;
    const texts = [...value.matchAll(STRING)].map(([, double, single, braces]) => double ?? single ?? braces ?? '');
    if (field === 'name') gem.name ??= texts[0] || null;
    else if (field === 'version') gem.version ??= texts[0] || null;
    else if (!licensed) {
      gem.licenses = texts.filter((text) => text !== '');
      licensed = true;
    }
    if (gem.name !== null && gem.version !== null && licensed) break;
  }
  return gem;
}

function readStub(gem: Gem, line: string): void {
  if (!line.startsWith(STUB)) return;
  const [name, version] = line.slice(STUB.length).split(' ');
  if (!name || !version) return;
  gem.name ??= name;
  gem.version ??= version;
}
