import { entriesOf, mappingOf, textOf } from '../../document.js';
import type { ExtractionBuilder } from '../../extraction-builder.js';
import { TextLines } from '../../text-lines.js';
import type { LockfileFormat } from '../lockfile-format.js';
import { addPinned } from '../pinned.js';
import { readYaml } from '../yaml-document.js';
import { aliasOf, isLink, splitAt } from './npm-source.js';

const METADATA = '\n__metadata:';

/**
 * Yarn's lockfile: a form of its own in Yarn 1, YAML from Yarn 2 on. Neither tells what is for development only, so all
 * counts.
 */
export const yarnLock: LockfileFormat = {
  names: ['yarn.lock'],
  dependencies: /\/node_modules\//,
  read(builder, content) {
    if (content.includes(METADATA) || content.subarray(0, METADATA.length).includes(METADATA.trim())) {
      readBerry(builder, content);
    } else readClassic(builder, content);
  },
};

/** `resolution` names what was resolved: `name@npm:1.0.0`, `name@workspace:.`, `name@patch:…`; `version` is its own. */
function readBerry(builder: ExtractionBuilder, content: Buffer): void {
  for (const document of readYaml(builder, content)) {
    for (const [key, value] of entriesOf(document)) {
      const entry = mappingOf(value);
      if (key === '__metadata') continue;
      const resolved = splitAt(textOf(entry?.resolution) ?? '');
      if (!resolved) builder.unparsable(null, 'an entry without a resolution');
      else if (!isLink(resolved.rest)) addPinned(builder, 'npm', { name: resolved.name, version: entry?.version });
    }
  }
}

const SPACE = 0x20;
/** Bytes; the longest real ones, of hundreds of descriptors, have some thousand. */
const MAX_LINE = 64 * 1024;
const HASH = 0x23;
/** A descriptor in quotes with the escapes of JSON, or bare. */
const DESCRIPTOR = /^(?:"((?:[^"\\]|\\.)*)"|([^",:\s][^",\s]*?))(?:,\s*|(?=:$))/;
/** Of a block; a name is given where it is not the one that was asked for. */
const FIELD = /^ {2}"?(name|version)"?:? "?([^"\s]+)"?$/;

/**
 * Yarn 1: blocks that begin with the descriptors that they are for, `"a@^1.0.0", a@~1.0.1:`, and have `version "1.0.1"`
 * two blanks in.
 */
function readClassic(builder: ExtractionBuilder, content: Buffer): void {
  const lines = new TextLines(content);
  let block: { name: string; line: number } | null = null;
  const end = () => {
    if (block) builder.unparsable(block.line, `no version of ${block.name.slice(0, 100)}`);
    block = null;
  };
  while (lines.next()) {
    if (lines.isEmpty || lines.byte(0) === HASH) continue;
    if (lines.byte(0) !== SPACE) {
      end();
      const name = lines.end - lines.start > MAX_LINE ? null : nameOfBlock(lines.text(0));
      if (name === null) builder.unparsable(lines.line, 'no descriptor of a package');
      else if (name !== '') block = { name, line: lines.line };
    } else if (block !== null && lines.byte(2) !== SPACE) {
      const [, field, value] = FIELD.exec(lines.text(0)) ?? [];
      if (field === 'name' && value) block.name = value;
      if (field !== 'version' || !value) continue;
      addPinned(builder, 'npm', { name: block.name, version: value }, block.line);
      block = null;
    }
  }
  end();
}

/** Of the package that a block's descriptors name; empty for one of the project itself, null for no such line. */
function nameOfBlock(line: string): string | null {
  let rest = line.trimEnd();
  let name: string | null = null;
  while (rest !== ':') {
    const match = DESCRIPTOR.exec(rest);
    if (!match) return null;
    rest = rest.slice(match[0].length);
    const descriptor = splitAt(match[1] ?? match[2] ?? '');
    if (!descriptor) return null;
    name ??= isLink(descriptor.rest) ? '' : (aliasOf(descriptor.rest)?.name ?? descriptor.name);
  }
  return name;
}
