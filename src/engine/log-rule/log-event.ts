/** A line is judged by no more of its characters than these. */
const MAX_LINE = 16 * 1024;

/** Where programs that log JSON write what people read. */
const MESSAGES = ['message', 'msg', 'log', '@message'];

/** One line of a log. What a line of JSON says is read when a rule asks for it. */
export class LogEvent {
  readonly text: string;
  private lowerText: string | null = null;
  private json: Record<string, unknown> | null | undefined;

  /** @param line without its line break */
  constructor(line: string) {
    this.text = line.length > MAX_LINE ? line.slice(0, MAX_LINE) : line;
  }

  get lower(): string {
    this.lowerText ??= this.text.toLowerCase();
    return this.lowerText;
  }

  /** What people read of it: of JSON its message, else all of it. */
  get message(): string {
    const fields = this.fields();
    if (fields === null) return this.text;
    for (const name of MESSAGES) if (typeof fields[name] === 'string') return fields[name];
    return this.text;
  }

  /**
   * A field of a line of JSON; names with dots lead into objects. A line that is no JSON has the field `message` alone.
   *
   * @returns a list has several values; none: there is no such field, or it is null
   */
  field(name: string): { exists: boolean; values: string[] } {
    if (name === 'message') return { exists: true, values: [this.message] };
    const fields = this.fields();
    const value = fields === null ? undefined : within(fields, name);
    return { exists: value !== undefined, values: [value].flat().flatMap(textOf) };
  }

  private fields(): Record<string, unknown> | null {
    if (this.json === undefined) this.json = parseObject(this.text);
    return this.json;
  }
}

function parseObject(text: string): Record<string, unknown> | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return null;
  try {
    return JSON.parse(trimmed) as Record<string, unknown>;
  } catch {
    return null;
  }
}

function within(fields: Record<string, unknown>, name: string): unknown {
  if (Object.hasOwn(fields, name)) return fields[name];
  let value: unknown = fields;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

function textOf(value: unknown): string[] {
  switch (typeof value) {
    case 'string':
      return [value];
    case 'number':
    case 'boolean':
      return [String(value)];
    default:
      return value === null || value === undefined ? [] : [JSON.stringify(value)];
  }
}
