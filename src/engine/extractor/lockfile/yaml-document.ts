import { type Document, isScalar, parseAllDocuments, visit } from 'yaml';
import type { Value } from '../document.js';
import type { ExtractionBuilder } from '../extraction-builder.js';
import { marksOf, mayHoldOver } from '../value-count.js';

/** Each takes up to some 1,500 bytes of memory and 20 µs; the largest lockfiles have some 100,000. */
const MAX_VALUES = 300_000;
/** A `-` parts values too where lists begin on one line; more often it is part of a name. */
const MARKS = marksOf('\n\r,[{-?');

/**
 * The documents of a YAML 1.2 file; none where it is no YAML, which the builder then knows. Aliases are refused: no
 * package manager writes them, and a few lines of them unfold to more than memory holds.
 */
export function readYaml(builder: ExtractionBuilder, content: Buffer): Value[] {
  if (mayHoldOver(MAX_VALUES, content, MARKS)) {
    builder.unparsable(null, `more than ${MAX_VALUES} values`);
    return [];
  }
  try {
    // It takes the square of their number to find keys that come twice: `hasKeyTwice` does not.
    const documents = parseAllDocuments(content.toString('utf8'), {
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'error',
    });
    if (!Array.isArray(documents)) return [];
    const [error] = documents.flatMap(({ errors }) => errors);
    if (error) throw error;
    if (documents.some(hasKeyTwice)) builder.unparsable(null, 'a key that comes twice, of which the last was read');
    return documents.map((document): Value => document.toJS({ maxAliasCount: 0 }));
  } catch {
    // Errors of its own, of aliases, and of the stack, which deep nesting uses up.
    builder.unparsable(null, 'a YAML syntax error, an alias or too deep nesting');
    return [];
  }
}

/** YAML 1.2, 3.2.1.3: the keys of a mapping are unique. Package managers write texts alone. */
function hasKeyTwice(document: Document.Parsed): boolean {
  let isTwice = false;
  visit(document, {
    Map(_key, { items }) {
      const keys = new Set(items.map(({ key }) => (isScalar(key) ? key.value : key)));
      isTwice ||= keys.size < items.length;
      return isTwice ? visit.BREAK : undefined;
    },
  });
  return isTwice;
}
