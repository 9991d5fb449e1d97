import type { Evidence } from '../../../model/control.js';
import type { FileNote } from '../../../model/inventory.js';
import { isSystemType } from '../../../model/package.js';
import type { ImageSubject } from './image-subject.js';

/** Where a program shows: as a package of the system, by one of its names, and as a file that containers see. */
export function programEvidence(
  { inventory }: ImageSubject,
  packages: ReadonlySet<string>,
  isProgram: (note: FileNote) => boolean,
): Evidence[] {
  const installed = inventory.packages.filter(({ type, name }) => isSystemType(type) && packages.has(name));
  const files = (inventory.image?.notes ?? []).filter((note) => !note.removed && isProgram(note));
  return [
    ...installed.map(({ name, version, locations }) => ({
      resource: `package ${name}`,
      path: locations[0]?.path ?? null,
      value: version,
    })),
    ...files.map(({ path, layer }) => ({ resource: layer, path, value: null })),
  ];
}
