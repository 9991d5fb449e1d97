/** A value as JSON or YAML has it, of which nothing is known yet. */
export type Raw = null | boolean | number | string | Raw[] | { [key: string]: Raw };

/** Of one object, more wrong fields are not named one by one. */
const MAX_FAULTS = 5;

/** What is wrong in one object, sentences that name the field. */
export class Faults {
  readonly list: string[] = [];
  private left = 0;

  add(path: string, expected: string, value: Raw | undefined): void {
    this.say(`${path}: expected ${expected}, got ${typeOf(value)}`);
  }

  say(text: string): void {
    if (this.list.length < MAX_FAULTS) this.list.push(text);
    else this.left += 1;
  }

  /** In one sentence without its end; null where nothing is wrong. */
  get summary(): string | null {
    if (this.list.length === 0) return null;
    return `${this.list.join('; ')}${this.left === 0 ? '' : `; and ${this.left} more`}`;
  }
}

/**
 * The fields of one object of a Kubernetes object. Null stands for what is not set, as in Kubernetes. What is set to another
 * type than Kubernetes has there is named in the faults and read as not set: whoever reads must not take that for known.
 */
export class Fields {
  constructor(
    private readonly value: { [key: string]: Raw },
    /** Of this object in the whole one, `spec.containers[0]`; empty for the whole. */
    readonly path: string,
    readonly faults: Faults,
  ) {}

  has(name: string): boolean {
    const value = this.raw(name);
    return value !== undefined && value !== null;
  }

  raw(name: string): Raw | undefined {
    return Object.hasOwn(this.value, name) ? this.value[name] : undefined;
  }

  keys(): string[] {
    return Object.keys(this.value);
  }

  /** Empty is not set, as Kubernetes leaves out what is empty. */
  text(name: string): string | null {
    const value = this.raw(name);
    if (typeof value === 'string') return value === '' ? null : storable(value);
    if (value !== undefined && value !== null) this.wrong(name, 'a text', value);
    return null;
  }

  flag(name: string): boolean | null {
    const value = this.raw(name);
    if (typeof value === 'boolean') return value;
    if (value !== undefined && value !== null) this.wrong(name, 'true or false', value);
    return null;
  }

  number(name: string): number | null {
    const value = this.raw(name);
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
    if (value !== undefined && value !== null) this.wrong(name, 'a whole number', value);
    return null;
  }

  /** A number or a text, as ports are. */
  numberOrText(name: string): number | string | null {
    return typeof this.raw(name) === 'string' ? this.text(name) : this.number(name);
  }

  texts(name: string): string[] {
    return this.items(name).flatMap(({ value, path }) => {
      if (typeof value === 'string') return [storable(value)];
      this.faults.add(path, 'a text', value);
      return [];
    });
  }

  numbers(name: string): number[] {
    return this.items(name).flatMap(({ value, path }) => {
      if (typeof value === 'number' && Number.isSafeInteger(value)) return [value];
      this.faults.add(path, 'a whole number', value);
      return [];
    });
  }

  /** Texts by name, in the order of names. Numbers and switches, which YAML makes of them, are texts too. */
  texted(name: string): Record<string, string> {
    const value = this.raw(name);
    if (value === undefined || value === null) return {};
    if (typeof value !== 'object' || Array.isArray(value)) {
      this.wrong(name, 'texts by name', value);
      return {};
    }
    const read: [string, string][] = [];
    for (const key of Object.keys(value).sort()) {
      const item = value[key];
      if (typeof item === 'string') read.push([storable(key), storable(item)]);
      else if (typeof item === 'number' || typeof item === 'boolean') read.push([storable(key), String(item)]);
      else if (item === null) read.push([storable(key), '']);
      else this.faults.add(`${this.at(name)}.${storable(key)}`, 'a text', item);
    }
    return Object.fromEntries(read);
  }

  object(name: string): Fields | null {
    const value = this.raw(name);
    if (value === undefined || value === null) return null;
    if (typeof value === 'object' && !Array.isArray(value)) return new Fields(value, this.at(name), this.faults);
    this.wrong(name, 'an object', value);
    return null;
  }

  /** An object that is not there has no fields. */
  part(name: string): Fields {
    return this.object(name) ?? new Fields({}, this.at(name), this.faults);
  }

  objects(name: string): Fields[] {
    return this.items(name).flatMap(({ value, path }) => {
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
        return [new Fields(value, path, this.faults)];
      }
      this.faults.add(path, 'an object', value);
      return [];
    });
  }

  /** What cannot be left out. */
  needed(name: string): string {
    const value = this.raw(name);
    if (value === undefined || value === null || value === '') {
      this.faults.say(`${this.at(name)} is missing`);
      return '';
    }
    return this.text(name) ?? '';
  }

  neededNumber(name: string): number {
    if (!this.has(name)) this.faults.say(`${this.at(name)} is missing`);
    return this.number(name) ?? 0;
  }

  /** One of some words; another one is a fault, and so is none. */
  oneOf<T extends string>(name: string, words: readonly T[]): T | null {
    const value = this.needed(name);
    const word = words.find((each) => each === value);
    if (word === undefined && value !== '')
      this.faults.say(`${this.at(name)}: expected ${words.join(', ')}, got "${value.slice(0, 60)}"`);
    return word ?? null;
  }

  at(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  private items(name: string): { value: Raw; path: string }[] {
    const value = this.raw(name);
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) return value.map((item, index) => ({ value: item, path: `${this.at(name)}[${index}]` }));
    this.wrong(name, 'a list', value);
    return [];
  }

  private wrong(name: string, expected: string, value: Raw): void {
    this.faults.add(this.at(name), expected, value);
  }
}

/** PostgreSQL stores neither NUL nor unpaired surrogates. */
export function storable(text: string): string {
  return text.includes('\0') ? text.toWellFormed().replaceAll('\0', '') : text.toWellFormed();
}

function typeOf(value: Raw | undefined): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'a number' : 'a number that is not whole';
  return typeof value === 'string' ? 'a text' : String(value);
}
