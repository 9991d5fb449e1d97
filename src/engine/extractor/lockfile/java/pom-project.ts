import { SaxesParser } from 'saxes';
import type { ExtractionBuilder } from '../../extraction-builder.js';

/** What a pom.xml says of dependencies; values as written, with `${…}`. */
export interface Project {
  dependencies: Dependency[];
  /** Of dependencyManagement. */
  managed: Dependency[];
  /** By the names that Maven gives them: `project.version`. They go before properties of the same name. */
  values: Map<string, string>;
  properties: Map<string, string>;
}

export interface Dependency {
  /** Where it begins, from 1. */
  line: number;
  groupId?: string;
  artifactId?: string;
  version?: string;
  scope?: string;
  optional?: string;
}

const DEPENDENCY = '/project/dependencies/dependency';
const MANAGED = '/project/dependencyManagement/dependencies/dependency';
const PROPERTIES = '/project/properties';
/** What is deeper is none of these. */
const MAX_DEPTH = 6;
/** Of a value; a longer one is cut, and named as a fault by whoever needs it. */
const MAX_TEXT = 1024;

/** Null for a file that is no XML or has another root, which the builder then knows. */
export function readProject(builder: ExtractionBuilder, content: Buffer): Project | null {
  const reader = new ProjectReader();
  try {
    reader.read(decode(content));
  } catch {
    builder.unparsable(reader.line, 'an XML syntax error');
    return null;
  }
  if (reader.project === null) builder.unparsable(1, 'no project');
  return reader.project;
}

class ProjectReader {
  project: Project | null = null;
  private readonly parser = new SaxesParser();
  private readonly path: string[] = [];
  private depth = 0;
  private text = '';
  private dependency: Dependency | null = null;

  constructor() {
    this.parser.on('error', (error) => {
      throw error;
    });
    this.parser.on('opentag', ({ name }) => this.open(name));
    this.parser.on('text', (text) => this.append(text));
    this.parser.on('cdata', (text) => this.append(text));
    this.parser.on('closetag', () => this.close());
  }

  get line(): number {
    return this.parser.line;
  }

  read(text: string): void {
    this.parser.write(text).close();
  }

  private open(name: string): void {
    this.depth += 1;
    this.text = '';
    if (this.depth > MAX_DEPTH) return;
    this.path.push(name);
    const path = this.where;
    if (path === '/project') this.project = { dependencies: [], managed: [], values: new Map(), properties: new Map() };
    if (path === DEPENDENCY || path === MANAGED) {
      this.dependency = { line: this.line };
      this.project?.[path === MANAGED ? 'managed' : 'dependencies'].push(this.dependency);
    }
  }

  private append(text: string): void {
    if (this.text.length < MAX_TEXT) this.text += text.slice(0, MAX_TEXT);
  }

  private close(): void {
    this.depth -= 1;
    if (this.depth >= MAX_DEPTH) return;
    const name = this.path.pop() ?? '';
    this.take(this.where, name, this.text.trim());
    this.text = '';
  }

  private get where(): string {
    return this.path.length === 0 ? '' : `/${this.path.join('/')}`;
  }

  private take(parent: string, name: string, value: string): void {
    const { project, dependency } = this;
    if (!project || value === '') return;
    switch (parent) {
      case PROPERTIES:
        project.properties.set(name, value);
        break;
      case '/project':
        if (name === 'groupId' || name === 'artifactId' || name === 'version') setOf(project, '', name, value);
        break;
      case '/project/parent':
        setOf(project, 'parent.', name, value);
        // A project has its parent's group and version where it gives none.
        if (name === 'groupId' || name === 'version') setInherited(project, name, value);
        break;
      case DEPENDENCY:
      case MANAGED:
        if (dependency && isField(name)) dependency[name] = value;
    }
  }
}

function isField(name: string): name is Exclude<keyof Dependency, 'line'> {
  return ['groupId', 'artifactId', 'version', 'scope', 'optional'].includes(name);
}

/** The names by which Maven 2 and 3 know a value of the project. */
function setOf({ values }: Project, of: string, name: string, value: string): void {
  values.set(`project.${of}${name}`, value);
  values.set(`pom.${of}${name}`, value);
}

function setInherited(project: Project, name: string, value: string): void {
  if (!project.values.has(`project.${name}`)) setOf(project, '', name, value);
}

/** XML 1.0, 4.3.3: UTF-8 unless the declaration names another encoding, of which Western European ones are in use. */
function decode(content: Buffer): string {
  const [, encoding = 'utf-8'] = /^<\?xml[^>]*?encoding=["']([\w-]+)/.exec(content.toString('latin1', 0, 200)) ?? [];
  const isUtf8 = /^utf-?8$/i.test(encoding);
  return content.toString(isUtf8 ? 'utf8' : 'latin1').replace(/^\uFEFF/, '');
}
