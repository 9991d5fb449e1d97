import type { FileNote, FileTrait } from '../../model/inventory.js';
import type { TarEntry } from './tar-reader.js';

/** As a layer has it: the path without leading slash. */
export type LayerNote = Omit<FileNote, 'layer'>;

/** What is worth remembering of an entry; null for most. Asked for every entry, so it looks at numbers first. */
export function noteOf(entry: TarEntry): LayerNote | null {
  const { path, type, mode, uid, gid, size } = entry;
  if (type !== 'file' && type !== 'directory') return null;
  const traits: FileTrait[] = [];
  if (type === 'file' && (mode & 0o6000) !== 0 && (mode & 0o111) !== 0) {
    if ((mode & 0o4000) !== 0) traits.push('setuid');
    if ((mode & 0o2000) !== 0) traits.push('setgid');
  }
  if (entry.capabilities) traits.push('capabilities');
  if ((mode & 0o002) !== 0 && (type === 'file' || (mode & 0o1000) === 0)) traits.push('world_writable');
  return traits.length === 0 ? null : { path, type, mode, uid, gid, size, traits };
}
