import { isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments, type Scalar, type YAMLMap } from 'yaml';
import { SEVERITIES, type Severity } from '../../../../model/severity.js';
import { type CustomControl, KINDS } from './custom-control.js';
import { ExpressionError, parseExpression } from './expression.js';

export interface ParsedControls {
  controls: CustomControl[];
  /** What is wrong, in order; a control with an error is left out. */
  errors: ControlError[];
}

/** Where, counted from one. */
interface ControlError {
  line: number;
  column: number;
  message: string;
}

/** Characters, and controls, of one file. */
const MAX_FILE = 1_000_000;
const MAX_CONTROLS = 500;
const MAX_TEXT = 1_000;
const ID = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const FIELDS = ['id', 'title', 'severity', 'kinds', 'expression', 'message', 'remediation'];

/**
 * Reads operators' own controls: YAML with a list `controls`, each `{id, title, severity, kinds, expression, message,
 * remediation}`, where the expression is CEL over `object` and `podSpec`. Total: what is wrong is an error with its place.
 *
 * @param taken ids that there are already
 */
export function parseCustomControls(text: string, taken: ReadonlySet<string>): ParsedControls {
  const lines = new LineCounter();
  const parser = new Parser(text, lines, new Set(taken));
  if (text.length > MAX_FILE) parser.fail(0, `expected at most ${MAX_FILE} characters, got ${text.length}`);
  else parser.read();
  return { controls: parser.controls, errors: parser.errors };
}

class Parser {
  readonly controls: CustomControl[] = [];
  readonly errors: ControlError[] = [];

  constructor(
    private readonly text: string,
    private readonly lines: LineCounter,
    private readonly ids: Set<string>,
  ) {}

  read(): void {
    const documents = parseAllDocuments(this.text, { lineCounter: this.lines });
    if (!Array.isArray(documents)) return;
    for (const document of documents) {
      for (const { pos, message } of document.errors) this.fail(pos[0], message.split('\n', 1)[0] ?? '');
      if (document.errors.length > 0) continue;
      const root = document.contents;
      if (root === null) continue;
      const list = isMap(root) ? root.get('controls', true) : null;
      if (!isSeq(list)) this.failAt(root, 'expected a list "controls"');
      else if (list.items.length > MAX_CONTROLS) this.failAt(list, `expected at most ${MAX_CONTROLS} controls`);
      else for (const item of list.items) this.readControl(item as Node | null);
    }
  }

  private readControl(node: Node | null): void {
    const before = this.errors.length;
    if (!isMap(node)) {
      this.failAt(node, `expected a control: a map of ${FIELDS.join(', ')}`);
      return;
    }
    for (const { key } of node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      if (!FIELDS.includes(name)) this.failAt(key as Node, `expected one of ${FIELDS.join(', ')}, got "${name}"`);
    }
    const id = this.idOf(node);
    const [title, message, remediation] = ['title', 'message', 'remediation'].map(
      (field) => this.textOf(node, field)?.text ?? '',
    );
    const severity = this.severityOf(node);
    const kinds = this.kindsOf(node);
    const expression = this.expressionOf(node);
    if (this.errors.length > before || !expression || severity === null) return;
    this.ids.add(id);
    const words = { title: title ?? '', message: message ?? '', remediation: remediation ?? '' };
    this.controls.push({ id, severity, kinds, ...words, ...expression });
  }

  private idOf(node: YAMLMap): string {
    const found = this.textOf(node, 'id');
    if (!found) return '';
    if (!ID.test(found.text)) this.failAt(found.node, `expected lower-case words with hyphens, got "${found.text}"`);
    else if (this.ids.has(found.text)) this.failAt(found.node, `there is a control "${found.text}" already`);
    return found.text;
  }

  private severityOf(node: YAMLMap): Severity | null {
    const found = this.textOf(node, 'severity');
    if (!found) return null;
    const severity = SEVERITIES.find((each) => each === found.text) ?? null;
    if (severity === null) this.failAt(found.node, `expected one of ${SEVERITIES.join(', ')}, got "${found.text}"`);
    return severity;
  }

  private kindsOf(node: YAMLMap): string[] {
    const list = node.get('kinds', true) as unknown;
    if (!isSeq(list) || list.items.length === 0) {
      this.failAt((list as Node | undefined) ?? node, 'expected kinds: a list as [Deployment, StatefulSet]');
      return [];
    }
    return list.items.flatMap((item) => {
      const kind = isScalar(item) ? String(item.value) : '';
      if (Object.hasOwn(KINDS, kind)) return kind;
      this.failAt(item as Node, `expected one of ${Object.keys(KINDS).join(', ')}, got "${kind}"`);
      return [];
    });
  }

  private expressionOf(node: YAMLMap): Pick<CustomControl, 'expression' | 'text'> | null {
    const found = this.textOf(node, 'expression', this.text.length);
    if (!found) return null;
    try {
      return { expression: parseExpression(found.text), text: found.text.trim() };
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.fail(this.placeOf(found.node, found.text, error.offset), `the expression: ${error.message}`);
      return null;
    }
  }

  /** Where a letter of a value is in the file: on its own line, where the value was not folded or escaped. */
  private placeOf({ range, type }: Scalar, value: string, offset: number): number {
    const start = range?.[0] ?? 0;
    const source = this.text.slice(start, range?.[1]);
    const before = value.slice(0, offset);
    const isBlock = type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED';
    if (!isBlock) return start + offset + (type === 'PLAIN' ? 0 : 1);
    const line = before.split('\n').length;
    const lines = source.split('\n');
    const above = lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0);
    const indent = /^ */.exec(lines[line] ?? '')?.[0].length ?? 0;
    return start + above + indent + (before.length - before.lastIndexOf('\n') - 1);
  }

  private textOf(map: YAMLMap, field: string, max = MAX_TEXT): { text: string; node: Scalar } | null {
    const node = map.get(field, true) as unknown;
    if (!isScalar(node) || typeof node.value !== 'string' || node.value.trim() === '') {
      this.failAt((node as Node | undefined) ?? map, `expected ${field}: a text`);
      return null;
    }
    if (node.value.length > max) {
      this.failAt(node, `expected at most ${max} characters, got ${node.value.length}`);
      return null;
    }
    return { text: node.value, node };
  }

  private failAt(node: Node | null | undefined, message: string): void {
    this.fail(node?.range?.[0] ?? 0, message);
  }

  fail(offset: number, message: string): void {
    const { line, col } = this.lines.linePos(offset);
    // Before anything was read there are no lines.
    this.errors.push({ line: Math.max(line, 1), column: Math.max(col, 1), message });
  }
}
