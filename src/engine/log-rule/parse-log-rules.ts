import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { Severity } from '../../model/severity.js';
import { detectionItem, every, RuleFault, type RuleValue, some, type Test } from './detection-item.js';
import type { Burst, LogRule, LogRuleError } from './log-rule.js';
import { ruleCondition } from './rule-condition.js';

/** Characters of a text with rules. */
const MAX_TEXT = 1_048_576;
const MAX_RULES = 2_000;
/** Of one rule. */
const MAX_VALUES = 5_000;

/** Products whose logs no container writes. */
const OTHER_PRODUCTS = new Set(
  'windows macos aws azure gcp m365 okta onelogin github bitbucket cisco fortios juniper huawei zeek qualys rpc_firewall'.split(
    ' ',
  ),
);

const name = z.string().min(1).max(200);
const optional = <T extends z.ZodType>(type: T) => type.nullish().transform((value) => value ?? null);
const about = {
  title: name,
  id: optional(name),
  name: optional(name),
  level: optional(z.enum(['informational', 'low', 'medium', 'high', 'critical'])),
};

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const values = z.union([value, z.array(value)]).transform((each) => [each].flat());
const fieldMap = z.record(z.string(), values);
const selection = z.union([fieldMap, z.array(z.union([value, fieldMap]))]);

const ruleShape = z.object({
  ...about,
  logsource: z.object({ product: optional(z.string()) }),
  detection: z.object({ condition: z.union([z.string().max(5_000), z.array(z.string().max(5_000)).min(1)]) }).loose(),
});

const correlationShape = z.object({
  ...about,
  correlation: z.object({
    type: z.literal('event_count'),
    rules: z.union([z.string(), z.array(z.string()).min(1)]).transform((rules) => [rules].flat()),
    'group-by': optional(z.array(z.enum(['container.id', 'container.name']))),
    timespan: z.string().regex(/^[1-9]\d{0,5}[smhd]$/),
    condition: z.strictObject({ gt: z.number().int().min(0) }).or(z.strictObject({ gte: z.number().int().min(1) })),
    generate: optional(z.boolean()),
  }),
});

/**
 * Reads Sigma rules and correlations that count (`event_count`), one for each document of a YAML text: Sigma rules
 * specification 2.1. A rule that is not understood is left out, and told of.
 */
export function parseLogRules(text: string): { rules: LogRule[]; errors: LogRuleError[] } {
  const reader = new RuleReader();
  if (text.length > MAX_TEXT) return { rules: [], errors: [{ line: null, message: TOO_LONG }] };
  const lines = new LineCounter();
  let documents: Document[];
  try {
    const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
    documents = Array.isArray(parsed) ? parsed : [];
  } catch {
    return { rules: [], errors: [{ line: null, message: 'The rules are no YAML, or too deeply nested.' }] };
  }
  for (const document of documents.slice(0, MAX_RULES)) {
    reader.read(document, (offset) => lines.linePos(offset).line);
  }
  if (documents.length > MAX_RULES) {
    reader.errors.push({ line: null, message: `Only the first ${MAX_RULES} of ${documents.length} rules are used.` });
  }
  return { rules: reader.rules(), errors: reader.errors };
}

const TOO_LONG = `The rules are longer than ${MAX_TEXT} characters.`;

class RuleReader {
  readonly errors: LogRuleError[] = [];
  /** By every name that a correlation may call it by. */
  private readonly byName = new Map<string, LogRule>();
  private readonly written: LogRule[] = [];
  private readonly correlations: {
    rule: Omit<LogRule, 'test'>;
    of: string[];
    generate: boolean;
    line: number | null;
  }[] = [];

  read(document: Document, lineAt: (offset: number) => number): void {
    const [error] = document.errors;
    if (error) {
      this.errors.push({ line: lineAt(error.pos[0]), message: `No YAML: ${error.message.slice(0, 200)}.` });
      return;
    }
    const lineOf = (path: readonly PropertyKey[]) => lineOfNode(document, path, lineAt);
    try {
      const plain: unknown = document.toJS({ maxAliasCount: 0 });
      if (plain === null || plain === undefined) return;
      if (typeof plain === 'object' && 'correlation' in plain) this.addCorrelation(plain, lineOf);
      else this.addRule(plain, lineOf);
    } catch (fault) {
      if (fault instanceof RuleFault) throw fault;
      // Of aliases, which are refused, and of the stack.
      this.errors.push({ line: lineOf([]), message: 'The rule has aliases, or is too deeply nested.' });
    }
  }

  /** Rules that a correlation counts are told of by it alone, unless it says `generate`. */
  rules(): LogRule[] {
    const counted = new Set<LogRule>();
    const bursts = this.correlations.flatMap(({ rule, of, generate, line }): LogRule[] => {
      const parts = of.map((each) => this.byName.get(each));
      const missing = of.find((_, index) => parts[index] === undefined);
      if (missing !== undefined) {
        this.errors.push({
          line,
          message: `The rule "${rule.title}" counts "${missing.slice(0, 100)}", which there is not.`,
        });
        return [];
      }
      const found = parts.flatMap((part) => (part ? [part] : []));
      if (!generate) for (const part of found) counted.add(part);
      return [{ ...rule, test: some(found.map(({ test }) => test)) }];
    });
    return [...this.written.filter((rule) => !counted.has(rule)), ...bursts];
  }

  private addRule(plain: unknown, lineOf: (path: readonly PropertyKey[]) => number | null): void {
    const parsed = ruleShape.safeParse(plain);
    if (!parsed.success) {
      this.refuse(parsed.error, lineOf);
      return;
    }
    const { detection, logsource, title, level } = parsed.data;
    const { product } = logsource;
    if (product !== null && OTHER_PRODUCTS.has(product)) {
      this.errors.push({
        line: lineOf([]),
        message: `The rule "${title}" is for logs of ${product}, which are none of a container.`,
      });
      return;
    }
    let at: PropertyKey[] = ['detection'];
    try {
      const selections = new Map<string, Test>();
      for (const [key, part] of Object.entries(detection)) {
        if (key === 'condition' || key === 'timeframe') continue;
        at = ['detection', key];
        selections.set(key, selectionTest(part));
      }
      at = ['detection', 'condition'];
      const tests = [detection.condition].flat().map((condition) => ruleCondition(condition, selections));
      this.add(
        { id: idOf(parsed.data), title, severity: severityOf(level), test: some(tests), burst: null },
        parsed.data,
      );
    } catch (fault) {
      if (!(fault instanceof RuleFault)) throw fault;
      this.errors.push({ line: lineOf(at), message: `The rule "${title}" ${fault.message}.` });
    }
  }

  private addCorrelation(plain: unknown, lineOf: (path: readonly PropertyKey[]) => number | null): void {
    const parsed = correlationShape.safeParse(plain);
    if (!parsed.success) {
      this.refuse(parsed.error, lineOf);
      return;
    }
    const { correlation, title, level } = parsed.data;
    const count = 'gt' in correlation.condition ? correlation.condition.gt + 1 : correlation.condition.gte;
    const burst: Burst = { count, withinMs: millisecondsOf(correlation.timespan) };
    const rule = { id: idOf(parsed.data), title, severity: severityOf(level), burst };
    this.correlations.push({ rule, of: correlation.rules, generate: correlation.generate ?? false, line: lineOf([]) });
  }

  private add(rule: LogRule, names: { id: string | null; name: string | null }): void {
    this.written.push(rule);
    for (const each of [names.id, names.name]) if (each !== null) this.byName.set(each, rule);
  }

  private refuse(error: z.ZodError, lineOf: (path: readonly PropertyKey[]) => number | null): void {
    const [issue] = error.issues;
    const path = issue?.path ?? [];
    const message = `The rule has another form than was expected (${path.map(String).join('.') || 'the whole'}: ${issue?.message ?? 'invalid'}).`;
    this.errors.push({ line: lineOf(path), message: message.slice(0, 400) });
  }
}

/** @throws RuleFault */
function selectionTest(part: unknown): Test {
  const parsed = selection.safeParse(part);
  if (!parsed.success) throw new RuleFault('has a selection that is neither a map nor a list of keywords or maps');
  let left = MAX_VALUES;
  const item = (key: string, list: readonly RuleValue[]) => {
    left -= list.length;
    if (left < 0) throw new RuleFault(`has a selection of more than ${MAX_VALUES} values`);
    if (list.length === 0) throw new RuleFault(`has a selection with an empty list (${key.slice(0, 50)})`);
    return detectionItem(key, list);
  };
  const map = (fields: Record<string, RuleValue[]>) => {
    const tests = Object.entries(fields).map(([key, list]) => item(key, list));
    if (tests.length === 0) throw new RuleFault('has an empty selection');
    return every(tests);
  };
  if (!Array.isArray(parsed.data)) return map(parsed.data);
  if (parsed.data.length === 0) throw new RuleFault('has an empty selection');
  return some(parsed.data.map((each) => (typeof each === 'object' && each !== null ? map(each) : item('', [each]))));
}

function idOf({ name: called, id, title }: { name: string | null; id: string | null; title: string }): string {
  return called ?? id ?? title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

/** A rule without a level is not judged by its author. */
function severityOf(level: 'informational' | Severity | null): Severity {
  if (level === null) return 'unknown';
  return level === 'informational' ? 'low' : level;
}

function millisecondsOf(timespan: string): number {
  const unit = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[timespan.at(-1) ?? ''] ?? 0;
  return Number.parseInt(timespan, 10) * unit;
}

/** The line of what is at a path, or of what is around it. */
function lineOfNode(
  document: Document,
  path: readonly PropertyKey[],
  lineAt: (offset: number) => number,
): number | null {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0];
  for (const part of path) {
    let next: unknown = null;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === part);
      if (isNode(pair?.key)) offset = pair.key.range?.[0] ?? offset;
      next = pair?.value;
    } else if (isSeq(node)) {
      next = node.items[Number(part)];
      if (isNode(next)) offset = next.range?.[0] ?? offset;
    }
    if (!isNode(next)) break;
    node = next;
  }
  return offset === undefined ? null : lineAt(offset);
}
