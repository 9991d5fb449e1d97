import type { ExtractionBuilder } from '../../extraction-builder.js';
import type { LockfileFormat } from '../lockfile-format.js';
import { SITE_PACKAGES } from './site-packages.js';

const NAME = 'requirements.txt';
/** Characters. */
const MAX_LINE = 64 * 1024;

/**
 * pip's requirements file (pip documentation, "Requirements File Format"). Only what is pinned with `==` or `===` can be
 * judged; of a requirement that is not, and of another file that is included, the first is named as a gap. Environment
 * markers are not looked at, as the environment is not known.
 */
export const requirements: LockfileFormat = {
  names: [NAME],
  dependencies: SITE_PACKAGES,
  read(builder, content) {
    for (const { line, text } of logicalLines(decode(content))) {
      if (text.length > MAX_LINE) builder.unparsable(line, `a line of ${text.length} characters`);
      else readRequirement(builder, text, line);
    }
  },
};

/** PowerShell writes UTF-16 with a byte order mark. */
function decode(content: Buffer): string {
  const isUtf16 = content[0] === 0xff && content[1] === 0xfe;
  return content.toString(isUtf16 ? 'utf16le' : 'utf8').replace(/^\uFEFF/, '');
}

/** Without comments, and with the lines that a backslash joins as one. */
function* logicalLines(content: string): Generator<{ line: number; text: string }> {
  let parts: string[] = [];
  let from = 1;
  let line = 0;
  for (const raw of content.split(/\r\n|\n|\r/)) {
    line += 1;
    if (parts.length === 0) from = line;
    const isJoined = raw.endsWith('\\') && !isComment(raw);
    parts.push(isJoined ? raw.slice(0, -1) : raw);
    if (isJoined) continue;
    yield { line: from, text: withoutComment(parts.join(' ')).trim() };
    parts = [];
  }
  if (parts.length > 0) yield { line: from, text: withoutComment(parts.join(' ')).trim() };
}

function isComment(line: string): boolean {
  return line.trimStart().startsWith('#');
}

/** A `#` begins a comment at the start of a line and behind a blank. */
function withoutComment(line: string): string {
  const at = line.search(/(?:^|\s)#/);
  return at < 0 ? line : line.slice(0, at);
}

const REQUIREMENT = /^([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*\(?([^;]*)/;
/** One version, of which `*` leaves a part open. */
const PIN = /(?:^|,)\s*===?\s*([^\s,;)*#]+)\s*(?=$|[,)#])/;
const INCLUDE = /^(?:-r\s*|--requirement[\s=]+)(.*)$/;

/** A folder or file, as of the project itself. */
const LOCAL = /^(?:(?:-e|--editable)[\s=]*)?(?:\.{0,2}\/|\.$|\.\[|file:)/;
/** As PEP 440 spells versions, and nothing that is still to be filled in. */
const VERSION = /^[\w.!+-]+$/;

function readRequirement(builder: ExtractionBuilder, text: string, line: number): void {
  if (text === '') return;
  const included = INCLUDE.exec(text)?.[1];
  if (included !== undefined) {
    // One of the same name is a lockfile of its own.
    if (!/(?:^|\/)requirements\.txt$/.test(included)) {
      builder.unparsable(line, `an include of ${included.slice(0, 100)}, which is not looked at`);
    }
    return;
  }
  if (LOCAL.test(text)) return;
  // Other options steer pip and name nothing; an editable requirement is a folder or a repository, without a version.
  if (text.startsWith('-') && !/^(?:-e|--editable)\b/.test(text)) return;
  // Options of one requirement stand behind it, as `--hash=…`.
  const [requirement = ''] = text.split(/\s--/, 1);
  const [, name, specifiers = ''] = REQUIREMENT.exec(requirement) ?? [];
  const version = PIN.exec(specifiers.trim())?.[1];
  if (name && version && VERSION.test(version)) builder.add({ type: 'pypi', name, version }, line);
  else builder.unparsable(line, `a requirement without a pinned version (${requirement.slice(0, 100)})`);
}
