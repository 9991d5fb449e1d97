import { PlimsollError } from '../../model/error.js';

/** Of `ecosystems.txt`, which has a line for each of some hundred names. */
export const MAX_LIST_BYTES = 2 ** 20;

/**
 * Reads `ecosystems.txt`: one name a line. OSV lists releases too (`Debian:12`), whose records are all in the part of
 * the ecosystem, so they are left out where that is listed.
 *
 * @throws PlimsollError `feed_source_invalid` for a name that could lead out of the export, and for an empty list
 */
export function parseEcosystems(text: string, where: string): string[] {
  const names = new Set<string>();
  for (const line of text.split('\n')) {
    const name = line.trim();
    if (name === '') continue;
    if (!isPartName(name)) {
      throw invalidList(where, `expected names of ecosystems, one a line, got ${JSON.stringify(name.slice(0, 80))}`);
    }
    names.add(name);
  }
  if (names.size === 0) throw invalidList(where, 'it names no ecosystem');
  return [...names].filter((name) => !names.has(baseOf(name)) || baseOf(name) === name).sort();
}

/** Whether a name can be a folder of the export: the only use of a name besides showing it. */
export function isPartName(name: string): boolean {
  return name.length <= 100 && !/[/\\\p{Cc}\p{Cf}]|^\.|\.\./u.test(name) && name.trim() === name && name !== '';
}

/** Whether an id can be the file of a record. */
export function isRecordId(id: string): boolean {
  return id !== '' && id.length <= 250 && !/[/\\\p{Cc}\p{Cf}]|^\.|\.\./u.test(id) && id.trim() === id;
}

/** @throws PlimsollError `feed_source_invalid` */
export function requirePartName(name: string): void {
  if (isPartName(name)) return;
  const message = `Expected the name of an ecosystem, as Debian or crates.io, got ${JSON.stringify(name.slice(0, 80))}.`;
  throw new PlimsollError('feed_source_invalid', message);
}

/** `Debian:12` → `Debian`. */
function baseOf(name: string): string {
  return name.split(':', 1)[0] ?? name;
}

function invalidList(where: string, why: string): PlimsollError {
  return new PlimsollError('feed_source_invalid', `${where} cannot be used: ${why}. Check PLIMSOLL_OSV_SOURCE.`);
}
