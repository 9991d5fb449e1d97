import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { PlimsollError } from '../../model/error.js';
import { type ContentOptions, textOf } from '../file-content.js';

/** An element with all that is in it. Names have no namespace prefix. */
export interface XmlElement {
  name: string;
  /** By name; no prototype. */
  attributes: Readonly<Record<string, string>>;
  children: XmlElement[];
  /** What stands directly in it, unescaped. */
  text: string;
}

/** An element that was read from a file, or what is known of one that is too large to be any record of a feed. */
export type XmlRecord = { element: XmlElement } | { oversized: string };

export interface XmlOptions extends ContentOptions {
  /** What the root element is called in this format. */
  root: string;
  /** The elements to read, wherever they stand; not inside of each other. */
  records: readonly string[];
}

/**
 * Reads elements of an XML file one by one, in the memory that one of them needs. Only the five entities of XML itself
 * are known; a document type, which could declare others, is refused.
 *
 * @throws PlimsollError `feed_source_invalid` for what is not well-formed, ends early, is not UTF-8 or has another root
 */
export async function* xmlRecords(path: string, options: XmlOptions): AsyncGenerator<XmlRecord> {
  const reader = new RecordReader(options);
  for await (const piece of textOf(path, options)) {
    reader.write(piece);
    yield* reader.take();
  }
  reader.close();
  yield* reader.take();
}

/** The children of a name. */
export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The first child of a name. */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name);
}

/** The text of the first child of a name, trimmed; empty where there is none. */
export function textIn(element: XmlElement, name: string): string {
  return childOf(element, name)?.text.trim() ?? '';
}

// Oracle's longest definition has some 12,000 elements, SUSE's some 30,000.
const MAX_DEPTH = 100;
const MAX_RECORD_ELEMENTS = 500_000;
const MAX_RECORD_CHARACTERS = 50_000_000;
/** Of one token: a text, a comment, an attribute. */
const MAX_TOKEN_CHARACTERS = 16_000_000;

class RecordReader {
  private readonly parser = new SaxesParser();
  private readonly finished: XmlRecord[] = [];
  private readonly stack: XmlElement[] = [];
  private depth = 0;
  private elements = 0;
  private characters = 0;
  private sinceToken = 0;
  /** The depth of a record that is skipped, since it is too large. */
  private skipped: number | null = null;
  private fault: string | null = null;

  constructor(private readonly options: XmlOptions) {
    this.parser.on('opentag', (tag) => this.open(tag));
    this.parser.on('closetag', () => this.closeTag());
    this.parser.on('text', (text) => this.text(text));
    this.parser.on('cdata', (text) => this.text(text));
    this.parser.on('doctype', () => this.fail('it declares a document type'));
    this.parser.on('error', (error) => this.fail(error.message.split('\n', 1)[0] ?? 'not well-formed'));
  }

  write(piece: string): void {
    this.sinceToken += piece.length;
    this.parser.write(piece);
    if (this.sinceToken > MAX_TOKEN_CHARACTERS) this.fail('it has a text without end');
    this.throwFault();
  }

  close(): void {
    this.parser.close();
    this.throwFault();
  }

  take(): XmlRecord[] {
    return this.finished.splice(0);
  }

  private open(tag: SaxesTagPlain): void {
    this.sinceToken = 0;
    const name = localName(tag.name);
    if (this.depth === 0 && name !== this.options.root) {
      this.fail(`expected its root to be <${this.options.root}>, got <${name.slice(0, 40)}>`);
    }
    if (++this.depth > MAX_DEPTH) this.fail(`its elements stand more than ${MAX_DEPTH} deep in each other`);
    if (this.fault !== null || this.skipped !== null) return;
    const parent = this.stack.at(-1);
    if (!parent && !this.options.records.includes(name)) return;
    if (!parent) {
      this.elements = 0;
      this.characters = 0;
    }
    const attributes = attributesOf(tag.attributes);
    if (++this.elements > MAX_RECORD_ELEMENTS) {
      this.skip();
      return;
    }
    const element: XmlElement = { name, attributes, children: [], text: '' };
    parent?.children.push(element);
    this.stack.push(element);
  }

  private closeTag(): void {
    this.sinceToken = 0;
    this.depth--;
    if (this.skipped !== null) {
      if (this.depth < this.skipped) this.skipped = null;
      return;
    }
    const element = this.stack.pop();
    if (element && this.stack.length === 0) this.finished.push({ element });
  }

  private text(text: string): void {
    this.sinceToken = 0;
    const element = this.stack.at(-1);
    if (!element) return;
    this.characters += text.length;
    if (this.characters > MAX_RECORD_CHARACTERS) {
      this.skip();
      return;
    }
    // Between elements there is only white space, which nobody asks for.
    if (element.children.length === 0 || text.trim() !== '') element.text += text;
  }

  private skip(): void {
    const [record] = this.stack;
    if (!record) return;
    this.finished.push({ oversized: record.attributes.id ?? textIn(record, 'id') });
    this.skipped = this.depth - this.stack.length + 1;
    this.stack.length = 0;
  }

  private fail(why: string): void {
    this.fault ??= why;
  }

  private throwFault(): void {
    if (this.fault === null) return;
    const message = `${this.options.name} cannot be read as XML: ${this.fault}. Check the feed's source, and sync again.`;
    throw new PlimsollError('feed_source_invalid', message);
  }
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

function attributesOf(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const byName: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(attributes)) byName[localName(name)] = value;
  return byName;
}
