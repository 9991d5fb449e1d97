/**
 * What a JSON, YAML or TOML document says. It comes from a file that nobody vouches for: any value may be of any kind,
 * so it is read through the functions here, which answer null or nothing for another kind than the one that is asked for.
 */
export type Value =
  | null
  | undefined
  | boolean
  | number
  | bigint
  | Date
  | string
  | readonly Value[]
  | { readonly [key: string]: Value };

export type Mapping = { readonly [key: string]: Value };

export function mappingOf(value: Value): Mapping | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
    ? (value as Mapping)
    : null;
}

/** The pairs of a mapping; none of anything else. */
export function entriesOf(value: Value): [string, Value][] {
  return Object.entries(mappingOf(value) ?? {});
}

/** What a mapping that came from outside has under a key that came from outside too, which may be `constructor`. */
export function fieldOf(mapping: Mapping | null, key: string): Value {
  return mapping !== null && Object.hasOwn(mapping, key) ? mapping[key] : undefined;
}

export function listOf(value: Value): readonly Value[] {
  return Array.isArray(value) ? value : [];
}

/** A string that is not empty. */
export function textOf(value: Value): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Every string of a list, or the one that stands in its place. */
export function textsOf(value: Value): string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((entry) => textOf(entry)?.trim() || []);
}
