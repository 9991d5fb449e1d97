/** The attributes that say what an archive is; names in lower case. */
const NAMES = new Set([
  'automatic-module-name',
  'bundle-license',
  'bundle-symbolicname',
  'bundle-version',
  'extension-name',
  'group-id',
  'implementation-title',
  'implementation-vendor',
  'implementation-vendor-id',
  'implementation-version',
  'plugin-license-name',
  'plugin-version',
  'short-name',
  'specification-title',
  'specification-vendor',
  'specification-version',
  'weave-classes',
]);

/** Attributes by their name in lower case. */
export type Manifest = ReadonlyMap<string, string>;

/**
 * The main section of a manifest, which ends at an empty line (JAR file specification, "Name-Value pairs and Sections").
 * A line that begins with a blank continues the one before it.
 */
export function parseManifest(content: Buffer): Manifest {
  const attributes = new Map<string, string>();
  let line = '';
  for (const next of mainSection(content).split(/\r\n|\r|\n/)) {
    if (next.startsWith(' ')) {
      line += next.slice(1);
      continue;
    }
    addAttribute(attributes, line);
    if (next === '' && line !== '') return attributes;
    line = next;
  }
  addAttribute(attributes, line);
  return attributes;
}

function addAttribute(attributes: Map<string, string>, line: string): void {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
  const value = line.slice(colon + 1).trim();
  if (NAMES.has(name) && isSubstance(value)) attributes.set(name, value);
}

/** Signed archives have a section for each of their entries behind the main one. */
const MAX_MAIN_SECTION = 64 * 1024;

function mainSection(content: Buffer): string {
  return content.toString('utf8', 0, MAX_MAIN_SECTION).replace(/^\uFEFF/, '');
}

/** Templates that nothing filled in, and keys of translations, say nothing. */
function isSubstance(value: string): boolean {
  return value !== '' && !value.startsWith('%') && !value.includes('${') && !value.includes('@VERSION@');
}

/** Of `Bundle-License: Apache-2.0;link="https://…", MIT`: what stands before the attributes of each. */
export function licensesOf(manifest: Manifest): string[] {
  const plugin = manifest.get('plugin-license-name');
  if (plugin !== undefined) return [plugin];
  const entries = manifest.get('bundle-license')?.match(/(?:[^,"]|"[^"]*")+/g) ?? [];
  const names = entries.map((entry) => (/^[^;"]*/.exec(entry.trim())?.[0] ?? '').trim());
  return [...new Set(names.filter((name) => name !== '' && !name.startsWith('<<')))];
}
