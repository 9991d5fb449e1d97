import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseAllDocuments,
  type Tags,
} from 'yaml';
import type { Raw } from './object/fields.js';

/** Larger documents take too much memory; characters. */
const MAX_DOCUMENT = 8 * 1024 * 1024;

/** A manifest that people write has a few; more is made to grow. */
const MAX_ALIASES = 100;

/** A line that is neither blank, nor a comment, a directive or a mark. */
const CONTENT = /^(?!\s*(?:#|$)|%|---\s*(?:#|$)|\.\.\.\s*$).+/m;

export interface YamlSink {
  /** @param line from 1, where the object begins */
  object(value: Raw, line: number): void;
  fault(message: string, line: number, column: number): void;
}

/**
 * The objects of a file of manifests: documents, and the items of lists. One that is broken leaves the others as they are,
 * since documents are cut at their marks before they are parsed, as kubectl does. Texts mean what they mean to kubectl, which
 * has YAML 1.1: `yes` is true, and 0644 is octal.
 */
export function readYaml(text: string, sink: YamlSink): void {
  for (const { content, line } of documentsOf(text)) {
    if (content.length > MAX_DOCUMENT) {
      const message = `a document has ${content.length} characters, over the limit of ${MAX_DOCUMENT}: give it as JSON`;
      sink.fault(message, line, 1);
    } else if (CONTENT.test(content)) readDocument(content, line, sink);
  }
}

/** Cut before each line that begins with `---`, which can be within no value. */
function* documentsOf(text: string): Generator<{ content: string; line: number }> {
  let start = 0;
  let line = 1;
  for (const match of text.matchAll(/^---(?=\s|$)/gm)) {
    const content = text.slice(start, match.index);
    yield { content, line };
    line += newlinesIn(content);
    start = match.index;
  }
  yield { content: text.slice(start), line };
}

function readDocument(content: string, firstLine: number, sink: YamlSink): void {
  const lines = new LineCounter();
  const position = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: firstLine + line - 1, column: col };
  };
  let documents: ReturnType<typeof parseAllDocuments>;
  try {
    documents = parseAllDocuments(content, {
      version: '1.1',
      customTags: withoutTimes,
      lineCounter: lines,
      prettyErrors: false,
      logLevel: 'silent',
      merge: true,
    });
  } catch (error) {
    sink.fault(`it cannot be parsed: ${wordsOf(error)}`, firstLine, 1);
    return;
  }
  for (const document of documents as Document.Parsed[]) readParsed(document, content, position, sink);
}

function readParsed(
  document: Document.Parsed,
  content: string,
  position: (offset: number) => { line: number; column: number },
  sink: YamlSink,
): void {
  const broken = document.errors.find(({ code }) => code !== 'DUPLICATE_KEY');
  const [first] = broken === undefined ? document.errors : [broken];
  if (first !== undefined) {
    const { line, column } = position(first.pos[0]);
    const isTemplate = /\{\{/.test(content);
    const advice = isTemplate ? ' It holds expressions of a template: render it first, as with helm template.' : '';
    const message = `${first.message.slice(0, 300)}.${advice}`;
    sink.fault(
      broken === undefined ? `a key is there twice, and the last one was read: ${message}` : message,
      line,
      column,
    );
    if (broken !== undefined) return;
  }
  if (document.contents === null) return;
  const begin = position(document.contents.range[0]);
  let value: Raw;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES }) as Raw;
  } catch (error) {
    sink.fault(`it cannot be read: ${wordsOf(error)}`, begin.line, begin.column);
    return;
  }
  const items = itemsOf(document.contents, value);
  if (items === null) sink.object(value, begin.line);
  else for (const { item, offset } of items) sink.object(item, offset === null ? begin.line : position(offset).line);
}

/** The items of a list, and where each begins; null for what is no list. */
function itemsOf(node: ParsedNode, value: Raw): { item: Raw; offset: number | null }[] | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const { kind, items } = value;
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items)) return null;
  const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && key.value === 'items') : undefined;
  const nodes = pair !== undefined && isSeq(pair.value) ? pair.value.items : [];
  return items.map((item, index) => {
    const each = nodes[index] as ParsedNode | undefined;
    return { item: withKindOf(item, value), offset: each?.range?.[0] ?? null };
  });
}

/** Items of a list of one kind, `PodList`, need not repeat it. */
export function withKindOf(item: Raw, list: { [key: string]: Raw }): Raw {
  const { kind, apiVersion } = list;
  if (typeof item !== 'object' || item === null || Array.isArray(item) || item.kind !== undefined) return item;
  if (typeof kind !== 'string' || kind === 'List' || typeof apiVersion !== 'string') return item;
  return { ...item, kind: kind.slice(0, -'List'.length), apiVersion };
}

/** Of YAML 1.1 kubectl leaves out numbers to the base 60 and dates, so that `10:30` stays a text. */
function withoutTimes(tags: Tags): Tags {
  return tags.filter((tag) => {
    if (typeof tag === 'string') return true;
    return tag.tag !== 'tag:yaml.org,2002:timestamp' && !('format' in tag && tag.format === 'TIME');
  });
}

function newlinesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function wordsOf(error: unknown): string {
  return error instanceof RangeError ? 'it is nested too deep' : (error as Error).message.slice(0, 300);
}
