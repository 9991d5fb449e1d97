import { inflateSync } from 'node:zlib';
import type { Executable } from '../../format/executable/executable.js';
import type { ExtractionBuilder } from '../extraction-builder.js';

/** The first name is of cargo-auditable, the others of its predecessor rust-audit in ELF, PE and Mach-O files. */
const SECTIONS = ['.dep-v0', '.rust-deps-v0', 'rdep-v0', 'rust-deps-v0'];
/** As cargo-auditable's own reader limits it; a thousand crates are some 100 KB. */
const MAX_JSON_BYTES = 8 * 1024 * 1024;

/**
 * The crates that cargo-auditable lists in a program: JSON, compressed with zlib. Crates that only ran while it was
 * built are left out.
 */
export function addCrates(builder: ExtractionBuilder, program: Executable): void {
  const section = SECTIONS.map((name) => program.section(name)).find((found) => found !== null);
  if (!section) return;
  const crates = parse(program.content(section, MAX_JSON_BYTES));
  if (crates === null) {
    builder.unparsable(null, 'a list of Rust crates that cannot be read');
    return;
  }
  for (const crate of crates) {
    if (!isCrate(crate)) builder.unparsable(null, 'a Rust crate without name or version');
    else if ((crate.kind ?? 'runtime') === 'runtime') {
      builder.add({ type: 'cargo', name: crate.name, version: crate.version }, null);
    }
  }
}

interface Crate {
  name: string;
  version: string;
  kind?: unknown;
}

function parse(compressed: Buffer): unknown[] | null {
  try {
    const text = inflateSync(compressed, { maxOutputLength: MAX_JSON_BYTES }).toString('utf8');
    const document: unknown = JSON.parse(text);
    const packages: unknown = isObject(document) ? document.packages : null;
    return Array.isArray(packages) ? packages : null;
  } catch {
    return null;
  }
}

function isCrate(value: unknown): value is Crate {
  return isObject(value) && typeof value.name === 'string' && typeof value.version === 'string';
}

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
