import { basename } from 'node:path';
import type { Raw } from './object/fields.js';
import { READ_KINDS, type ReadKind } from './object/read-kinds.js';

/** What is a list, and of which kind; null for any other object. */
export function listOf(value: Raw): { kind: string; value: { [key: string]: Raw }; items: Raw[] } | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const { kind, items } = value;
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items)) return null;
  return { kind: kind.slice(0, -'List'.length), value, items };
}

/** An empty list of `kubectl get` does not say of what it is, but its file may: `cronjobs.json`. */
export function kindOfFile(name: string): ReadKind | null {
  const [first = '', ...groups] = basename(name)
    .replace(/\.(?:gz|zst)$/i, '')
    .replace(/\.(?:json|ya?ml)$/i, '')
    .toLowerCase()
    .split('.');
  const named = READ_KINDS.filter(({ resource, kind }) => resource === first || kind.toLowerCase() === first);
  const group = groups.join('.');
  return (group === '' ? named[0] : named.find(({ groups: served }) => served.includes(group))) ?? null;
}

/** Objects that an API made have what only it gives. */
export function isServed(value: Raw): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { metadata } = value;
  return (
    typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata) && typeof metadata.uid === 'string'
  );
}

/** What a list says before its items. */
export function headOf(bytes: Buffer): { [key: string]: Raw } {
  try {
    const list = JSON.parse(`${bytes.toString('utf8')}]}`) as Raw;
    return typeof list === 'object' && list !== null && !Array.isArray(list) ? list : {};
  } catch {
    return {};
  }
}

/** A message of the parser repeats what it read, which may be a secret. */
export function placeless(error: unknown): string {
  return (
    /^(.*?)(?: in JSON|, "|, \.\.\.|$)/.exec((error as Error).message)?.[1]?.replace(/['"`].*['"`]/, 'token') ?? ''
  );
}
