import { parse, TomlError } from 'smol-toml';
import type { Mapping } from '../document.js';
import type { ExtractionBuilder } from '../extraction-builder.js';
import { marksOf, mayHoldOver } from '../value-count.js';

/** Each takes up to some 600 bytes of memory. */
const MAX_VALUES = 600_000;
const MARKS = marksOf('\n,[{.');

/** The table that a TOML 1.0 file holds; null where it is no TOML, which the builder then knows. */
export function readToml(builder: ExtractionBuilder, content: Buffer): Mapping | null {
  if (mayHoldOver(MAX_VALUES, content, MARKS)) {
    builder.unparsable(null, `more than ${MAX_VALUES} values`);
    return null;
  }
  try {
    return parse(content.toString('utf8').replace(/^\uFEFF/, ''), { maxDepth: 100, integersAsBigInt: 'asNeeded' });
  } catch (error) {
    builder.unparsable(error instanceof TomlError ? error.line : null, 'a TOML syntax error');
    return null;
  }
}
