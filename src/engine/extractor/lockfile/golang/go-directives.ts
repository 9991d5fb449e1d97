import type { ExtractionBuilder } from '../../extraction-builder.js';
import { TextLines } from '../../text-lines.js';

/** Bytes. */
const MAX_LINE = 16 * 1024;
const WORD = /\s*(?:"([^"]*)"|`([^`]*)`|([^\s"`]+))/y;

interface Directive {
  verb: string;
  words: string[];
  /** From 1. */
  line: number;
}

/**
 * The directives of a go.mod file, those of blocks one by one (Go Modules Reference, "Grammar"). Comments begin with `//`
 * and end with the line.
 */
export class Directives implements Iterable<Directive> {
  constructor(
    private readonly builder: ExtractionBuilder,
    private readonly content: Buffer,
  ) {}

  *[Symbol.iterator](): Generator<Directive> {
    const lines = new TextLines(this.content);
    let block: string | null = null;
    while (lines.next()) {
      const { line } = lines;
      const words = lines.end - lines.start > MAX_LINE ? null : wordsOf(lines.text(0));
      if (words === null) {
        this.builder.unparsable(line, 'no directive');
        continue;
      }
      const [first, second] = words;
      if (first === undefined) continue;
      if (block !== null) {
        if (first === ')') block = null;
        else yield { verb: block, words, line };
      } else if (second === '(' && words.length === 2) block = first;
      else if (second === '(' && words[2] === ')') continue;
      else yield { verb: first, words: words.slice(1), line };
    }
    if (block !== null) this.builder.unparsable(lines.line, 'a block that is not closed');
  }
}

/** Null for a string that is not closed. */
function wordsOf(line: string): string[] | null {
  // A path in quotes may have the two slashes, but none that can be fetched does.
  const comment = line.indexOf('//');
  const text = (comment < 0 ? line : line.slice(0, comment)).replace(/^\uFEFF/, '').trimEnd();
  const words: string[] = [];
  for (WORD.lastIndex = 0; WORD.lastIndex < text.length; ) {
    const match = WORD.exec(text);
    if (!match) return null;
    const word = match[1] ?? match[2] ?? match[3] ?? '';
    // `require(` is written too.
    if (match[3] !== undefined && word.length > 1 && word.endsWith('(')) words.push(word.slice(0, -1), '(');
    else words.push(word);
  }
  return words;
}
