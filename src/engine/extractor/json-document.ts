import { type Mapping, mappingOf, type Value } from './document.js';
import type { ExtractionBuilder } from './extraction-builder.js';
import { marksOf, mayHoldOver } from './value-count.js';

/** Each takes up to some 60 bytes of memory. */
const MAX_VALUES = 2_000_000;
const MARKS = marksOf(',:[{');

/** The JSON object that a file holds; null where it holds none, which the builder then knows. */
export function readJsonObject(builder: ExtractionBuilder, content: Buffer): Mapping | null {
  const value = readJson(builder, content);
  if (value === undefined) return null;
  const mapping = mappingOf(value);
  if (!mapping) builder.unparsable(1, 'no JSON object');
  return mapping;
}

/** The value that a file holds; undefined where it is no JSON (RFC 8259), which the builder then knows. */
export function readJson(builder: ExtractionBuilder, content: Buffer): Value {
  if (mayHoldOver(MAX_VALUES, content, MARKS)) {
    builder.unparsable(null, `more than ${MAX_VALUES} values`);
    return undefined;
  }
  try {
    return JSON.parse(content.toString('utf8').replace(/^\uFEFF/, '')) as Value;
  } catch (error) {
    const line = / line (\d+) /.exec((error as Error).message)?.[1];
    builder.unparsable(line ? Number(line) : null, 'a JSON syntax error');
    return undefined;
  }
}
