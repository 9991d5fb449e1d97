import type { Value } from '../document.js';
import type { ExtractionBuilder } from '../extraction-builder.js';
import { readJson } from '../json-document.js';

const SPACE = 0x20;
const NEWLINE = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SLASH = 0x2f;
const STAR = 0x2a;
const COMMA = 0x2c;
const CLOSE_LIST = 0x5d;
const CLOSE_MAPPING = 0x7d;

/**
 * The value of a JSON file with comments and trailing commas; undefined where it is none, which the builder then knows.
 * Those are blanked out and the rest is JSON: jsonc-parser recurses, so that deep nesting ends it, and lets a key
 * `__proto__` set the prototype.
 */
export function readJsonc(builder: ExtractionBuilder, content: Buffer): Value {
  return readJson(builder, toJson(Buffer.from(content)));
}

function toJson(text: Buffer): Buffer {
  let comma = -1;
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at] ?? 0;
    if (byte <= SPACE) continue;
    if (byte === SLASH && (text[at + 1] === SLASH || text[at + 1] === STAR)) {
      const end = endOfComment(text, at);
      text.fill(SPACE, at, end);
      at = end - 1;
      continue;
    }
    if ((byte === CLOSE_LIST || byte === CLOSE_MAPPING) && comma >= 0) text[comma] = SPACE;
    comma = byte === COMMA ? at : -1;
    if (byte === QUOTE) at = endOfString(text, at);
  }
  return text;
}

function endOfComment(text: Buffer, at: number): number {
  const isLine = text[at + 1] === SLASH;
  const end = isLine ? text.indexOf(NEWLINE, at) : text.indexOf('*/', at + 2);
  return end < 0 ? text.length : end + (isLine ? 0 : 2);
}

/** Where its closing quote is. */
function endOfString(text: Buffer, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== QUOTE) at += text[at] === BACKSLASH ? 2 : 1;
  return at;
}
