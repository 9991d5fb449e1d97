import { describe, expect, it } from 'vitest';
import { noteOf } from './file-note.js';
import type { TarEntry } from './tar-reader.js';

const entry = (more: Partial<TarEntry>): TarEntry => ({
  type: 'file',
  path: 'usr/bin/su',
  linkName: '',
  size: 10,
  sparse: false,
  mode: 0o755,
  uid: 0,
  gid: 0,
  capabilities: false,
  ...more,
});

describe('noteOf', () => {
  it.each<[string, Partial<TarEntry>, string[] | null]>([
    ['a plain program', {}, null],
    ['setuid', { mode: 0o4755 }, ['setuid']],
    ['setgid', { mode: 0o2755 }, ['setgid']],
    ['both', { mode: 0o6755 }, ['setuid', 'setgid']],
    ['setuid without execution, which does nothing', { mode: 0o4644 }, null],
    ['a setgid folder, whose files inherit the group', { type: 'directory', mode: 0o2775 }, null],
    [
      'another name of a setuid program',
      { type: 'hardlink', mode: 0o4755, linkName: 'usr/bin/x', size: 0 },
      ['setuid'],
    ],
    ['a symbolic link, whose mode means nothing', { type: 'symlink', mode: 0o777 }, null],
    ['a device', { type: 'other', mode: 0o666, path: 'dev/null' }, null],
    ['capabilities', { capabilities: true }, ['capabilities']],
    ['a file that all may write', { mode: 0o666 }, ['world_writable']],
    ['a folder that all may write', { type: 'directory', mode: 0o777 }, ['world_writable']],
    ['a shared folder', { type: 'directory', path: 'tmp', mode: 0o1777 }, null],
    ['a key that all may write', { path: 'root/.ssh/id_rsa', mode: 0o666 }, ['world_writable', 'private_key']],
    ['an empty key', { path: 'root/.ssh/id_rsa', mode: 0o600, size: 0 }, null],
    [
      'a key by another name of its file',
      { type: 'hardlink', path: 'a/id_rsa', size: 0, mode: 0o600 },
      ['private_key'],
    ],
  ])('%s', (_what, more, traits) => {
    expect(noteOf(entry(more))?.traits ?? null).toEqual(traits);
  });
});
