import type { FileNote, FileTrait } from '../../model/inventory.js';
import { sensitiveTrait } from './sensitive-path.js';
import type { TarEntry } from './tar-reader.js';

/** As a layer has it: the path without leading slash. */
export type LayerNote = Omit<FileNote, 'layer' | 'removed'>;

/** What is still worth telling of a file that a later layer removed: the image goes on holding it. */
const KEPT: ReadonlySet<FileTrait> = new Set(['private_key', 'credentials', 'possible_credentials', 'leftover']);

/**
 * What is worth remembering of an entry; null for most. Asked for every entry, so it looks at numbers first. A further
 * name of a file (a hard link) has the file's attributes, and may outlive its first one.
 */
export function noteOf(entry: TarEntry): LayerNote | null {
  const { path, type, mode, uid, gid, size } = entry;
  if (type === 'directory') {
    if ((mode & 0o1002) !== 0o002) return null;
    return { path, type, mode, uid, gid, size, traits: ['world_writable'] };
  }
  if (type !== 'file' && type !== 'hardlink') return null;
  const sensitive = sensitiveTrait(path, type === 'hardlink' ? 1 : size);
  if (sensitive === null && (mode & 0o6002) === 0 && !entry.capabilities) return null;
  const traits: FileTrait[] = [];
  if ((mode & 0o111) !== 0) {
    if ((mode & 0o4000) !== 0) traits.push('setuid');
    if ((mode & 0o2000) !== 0) traits.push('setgid');
  }
  if (entry.capabilities) traits.push('capabilities');
  if ((mode & 0o002) !== 0) traits.push('world_writable');
  if (sensitive !== null) traits.push(sensitive);
  return traits.length === 0 ? null : { path, type: 'file', mode, uid, gid, size, traits };
}

/** Whether a note outlives the file in the view of the image. */
export function outlives({ traits }: Pick<FileNote, 'traits'>): boolean {
  return traits.some((trait) => KEPT.has(trait));
}
