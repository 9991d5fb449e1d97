import { SaxesParser, type SaxesTagNS } from 'saxes';
import { PlimsollError } from '../../model/error.js';

/** Deeper than any document, and no trouble. */
const MAX_DEPTH = 1_000;

/** What an element becomes, for those that are read; all others are passed over with what is in them. */
interface Shape {
  attributes?: readonly string[];
  /** A list of its children; without it an object of them. */
  isList?: boolean;
  children?: () => Readonly<Record<string, Shape>>;
  /** Where its text goes; without children or attributes the element is its text. */
  textKey?: string;
  /** In a list it stands under its own name, as `{ "license": … }`. */
  isNamed?: boolean;
}

const TEXT: Shape = {};
const LICENSE: Shape = { isNamed: true, children: () => ({ id: TEXT, name: TEXT }) };
const EXPRESSION: Shape = { isNamed: true };
const PROPERTY: Shape = { attributes: ['name'], textKey: 'value' };
const OCCURRENCE: Shape = { children: () => ({ location: TEXT }) };
const COMPONENTS: Shape = { isList: true, children: () => ({ component: COMPONENT }) };
const COMPONENT: Shape = {
  attributes: ['type', 'bom-ref'],
  children: () => COMPONENT_CHILDREN,
};
const COMPONENT_CHILDREN: Readonly<Record<string, Shape>> = {
  name: TEXT,
  group: TEXT,
  version: TEXT,
  description: TEXT,
  purl: TEXT,
  licenses: { isList: true, children: () => ({ license: LICENSE, expression: EXPRESSION }) },
  properties: { isList: true, children: () => ({ property: PROPERTY }) },
  evidence: { children: () => ({ occurrences: { isList: true, children: () => ({ occurrence: OCCURRENCE }) } }) },
  components: COMPONENTS,
};
const TOOL: Shape = { children: () => ({ name: TEXT }) };
/** Up to 1.4 a list of tools, since then lists of components and services. */
const TOOLS: Shape = {
  isList: true,
  children: () => ({ tool: TOOL, components: { isList: true, children: () => ({ component: TOOL }) } }),
};
const REFERENCE: Shape = { attributes: ['ref'] };
const COMPOSITION: Shape = {
  children: () => ({
    aggregate: TEXT,
    assemblies: { isList: true, children: () => ({ assembly: REFERENCE }) },
    dependencies: { isList: true, children: () => ({ dependency: REFERENCE }) },
    vulnerabilities: { isList: true, children: () => ({ vulnerability: REFERENCE }) },
  }),
};
const BOM: Shape = {
  children: () => ({
    metadata: { children: () => ({ component: COMPONENT, tools: TOOLS }) },
    components: COMPONENTS,
    compositions: { isList: true, children: () => ({ composition: COMPOSITION }) },
  }),
};

/** A document of another kind, or none: what it is instead, as the object of "it is". */
export class NotCyclonedxXml extends Error {}

/**
 * CycloneDX XML in the form of its JSON, of which it has the same elements under the same names. Entities are not
 * expanded but XML's own five, and a document type, which could define others, is refused.
 *
 * @throws NotCyclonedxXml; PlimsollError `limit_exceeded`
 */
export function cyclonedxOfXml(text: string): { specVersion: string; bom: unknown } {
  const parser = new SaxesParser({ xmlns: true });
  const frames: Frame[] = [];
  let skipped = 0;
  let specVersion: string | null = null;
  let bom: unknown = null;
  parser.on('error', (error) => {
    throw new NotCyclonedxXml(`damaged XML (${error.message.slice(0, 100)})`);
  });
  parser.on('doctype', () => {
    throw new NotCyclonedxXml('XML with a document type');
  });
  parser.on('opentag', (tag) => {
    if (frames.length + skipped >= MAX_DEPTH) {
      throw new PlimsollError('limit_exceeded', `The SBOM has elements more than ${MAX_DEPTH} deep: no real one has.`);
    }
    const shape = frames.length === 0 ? BOM : frames.at(-1)?.shapeOf(tag.local);
    specVersion ??= versionOf(tag);
    if (skipped > 0 || !shape) skipped += 1;
    else frames.push(new Frame(tag, shape));
  });
  const addText = (piece: string) => {
    if (skipped === 0) frames.at(-1)?.addText(piece);
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    if (skipped > 0) {
      skipped -= 1;
      return;
    }
    const frame = frames.pop();
    const parent = frames.at(-1);
    if (frame && parent) parent.add(frame);
    else bom = frame?.value();
  });
  parser.write(text).close();
  return { specVersion: specVersion ?? '', bom };
}

/** Of the root element, by its namespace. */
function versionOf({ local, uri }: SaxesTagNS): string {
  const [, version] = /^http:\/\/cyclonedx\.org\/schema\/bom\/(\d+\.\d+)$/.exec(uri) ?? [];
  if (local === 'bom' && version !== undefined) return version;
  throw new NotCyclonedxXml(local === 'RDF' ? 'RDF' : `XML of another kind, <${local.slice(0, 40)}>`);
}

/** An element that is being read. */
class Frame {
  private readonly name: string;
  private readonly list: unknown[] = [];
  private readonly fields = new Map<string, unknown>();
  private text = '';

  constructor(
    tag: SaxesTagNS,
    private readonly shape: Shape,
  ) {
    this.name = tag.local;
    for (const attribute of shape.attributes ?? []) {
      const value = tag.attributes[attribute]?.value;
      if (value !== undefined) this.fields.set(attribute, value);
    }
  }

  shapeOf(name: string): Shape | undefined {
    const children = this.shape.children?.();
    return children && Object.hasOwn(children, name) ? children[name] : undefined;
  }

  addText(piece: string): void {
    if (!this.shape.children) this.text += piece;
  }

  /** Of an element that stands twice where one was expected, the first counts. */
  add(child: Frame): void {
    const value = child.value();
    if (this.shape.isList) this.list.push(child.shape.isNamed ? { [child.name]: value } : value);
    else if (!this.fields.has(child.name)) this.fields.set(child.name, value);
  }

  value(): unknown {
    const { isList, children, attributes, textKey } = this.shape;
    if (isList) return this.list;
    if (!children && !attributes) return this.text.trim();
    if (textKey !== undefined) this.fields.set(textKey, this.text.trim());
    return Object.fromEntries(this.fields);
  }
}
