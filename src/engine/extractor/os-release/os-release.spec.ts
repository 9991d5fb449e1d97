import { describe, expect, it } from 'vitest';
import type { Extraction } from '../extractor.js';
import { MemoryFile } from '../file-view.js';
import { osRelease } from './os-release.js';

const read = (text: string | Buffer, path = 'x'): Extraction =>
  osRelease.extract(new MemoryFile(path, Buffer.from(text)));

describe('os-release', () => {
  it('reads quoted, escaped and bare values', () => {
    const text = `# comment\nNAME='A B'\nID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian \\"12\\""\n`;
    expect(read(text).distribution).toEqual({
      id: 'debian',
      versionId: '12',
      codename: 'bookworm',
      prettyName: 'Debian "12"',
    });
  });

  it('takes linux for the id that is not given, and nothing for an empty file', () => {
    expect(read('VERSION_ID=1\n').distribution).toMatchObject({ id: 'linux', versionId: '1' });
    expect(read('').distribution).toBeNull();
  });

  it('names a gap for a quote that is never closed', () => {
    const found = read('ID="debian\nVERSION_ID=12\n', 'etc/os-release');
    expect(found.distribution).toMatchObject({ id: 'linux', versionId: '12' });
    expect(found.gaps[0]?.message).toContain('line 1');
  });
});
