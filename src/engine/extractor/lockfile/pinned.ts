import type { PackageType } from '../../../model/package.js';
import { textOf, textsOf, type Value } from '../document.js';
import type { ExtractionBuilder } from '../extraction-builder.js';

/**
 * Adds a package as a document names it, or says that it could not.
 *
 * @param line from 1, or null
 */
export function addPinned(
  builder: ExtractionBuilder,
  type: PackageType,
  { name, version, license }: { name: Value; version: Value; license?: Value },
  line: number | null = null,
): void {
  const name_ = textOf(name)?.trim();
  const version_ = textOf(version)?.trim();
  if (!name_) builder.unparsable(line, 'a package without a name');
  else if (!version_) builder.unparsable(line, `no version of ${name_.slice(0, 100)}`);
  else builder.add({ type, name: name_, version: version_, licenses: textsOf(license) }, line);
}
