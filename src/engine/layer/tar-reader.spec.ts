import { type Header, pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { type TarEntry, TarReader } from './tar-reader.js';

type Entry = Partial<Header> & { name: string; content?: string | Buffer };

async function tar(...entries: Entry[]): Promise<Buffer> {
  const archive = pack();
  for (const { content, ...header } of entries) archive.entry(header, content ?? '');
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

interface Read {
  entries: TarEntry[];
  contents: Record<string, string>;
}

function read(bytes: Buffer, chunkSize = bytes.length): Read {
  const entries: TarEntry[] = [];
  const contents: Record<string, string> = {};
  let current = '';
  const reader = new TarReader({
    entry(entry) {
      entries.push(entry);
      current = entry.path;
      if (entry.type === 'file') contents[current] = '';
      return entry.type === 'file';
    },
    data(chunk) {
      contents[current] += chunk.toString();
    },
    endEntry() {
      contents[current] += '.';
    },
  });
  for (let at = 0; at < bytes.length; at += chunkSize) reader.write(bytes.subarray(at, at + chunkSize));
  reader.end();
  return { entries, contents };
}

const code = (bytes: Buffer) => {
  try {
    read(bytes);
    return 'none';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

const LONG = `${'folder-name/'.repeat(30)}file`;

describe('TarReader', () => {
  it.each([1, 7, 511, 512, 513, 100_000])('reads the same in pieces of %d bytes', async (size) => {
    const bytes = await tar(
      { name: './etc/', type: 'directory' },
      { name: './etc/os-release', content: 'ID=alpine' },
      { name: LONG, content: 'x'.repeat(1_000) },
      { name: 'empty' },
      { name: 'lib', type: 'symlink', linkname: 'usr/lib' },
      { name: 'hard', type: 'link', linkname: 'etc/os-release' },
    );
    const { entries, contents } = read(bytes, size);
    expect(entries.map(({ type, path }) => `${type} ${path}`)).toEqual([
      'directory etc',
      'file etc/os-release',
      `file ${LONG}`,
      'file empty',
      'symlink lib',
      'hardlink hard',
    ]);
    expect(contents).toEqual({ 'etc/os-release': 'ID=alpine.', [LONG]: `${'x'.repeat(1_000)}.`, empty: '.' });
    expect(entries.map(({ linkName }) => linkName).filter(Boolean)).toEqual(['usr/lib', 'etc/os-release']);
  });

  it('takes paths for what they are inside the archive', async () => {
    const { entries } = read(
      await tar({ name: '/abs' }, { name: '../../up' }, { name: 'a/../b//./c' }, { name: './', type: 'directory' }),
    );
    expect(entries.map(({ path }) => path)).toEqual(['abs', 'up', 'b/c', '']);
  });

  it('reads names in pax headers and of GNU, sizes in base 256, and skips what it does not know', async () => {
    const content = Buffer.from('hello');
    const bytes = Buffer.concat([
      block('pax', 'x', Buffer.from(paxRecord('path', 'ä/pax'))),
      block('ignored', '0', content),
      block('././@LongLink', 'L', Buffer.from(`${LONG}\0`)),
      block('ignored', '0', content),
      block('global', 'g', Buffer.from(paxRecord('path', 'wrong'))),
      block('known', '0', content, { base256: true }),
      block('volume', 'V', Buffer.alloc(0)),
      Buffer.alloc(1_024),
    ]);
    expect(read(bytes).contents).toEqual({ 'ä/pax': 'hello.', [LONG]: 'hello.', known: 'hello.' });
  });

  it('does not read the map of a sparse file as an entry', () => {
    const sparse = block('sparse', 'S', Buffer.from('data'));
    sparse[482] = 1;
    checksum(sparse);
    const map = Buffer.alloc(512, 1);
    map[504] = 0;
    const bytes = Buffer.concat([
      sparse.subarray(0, 512),
      map,
      sparse.subarray(512),
      block('next', '0', Buffer.from('x')),
    ]);
    const { entries, contents } = read(bytes);
    expect(entries.map(({ path, sparse }) => [path, sparse])).toEqual([
      ['sparse', true],
      ['next', false],
    ]);
    expect(contents).toEqual({ sparse: 'data.', next: 'x.' });
  });

  it('ends at two blocks of zeros, whatever follows', async () => {
    const bytes = Buffer.concat([await tar({ name: 'a', content: 'x' }), Buffer.from('garbage'.repeat(200))]);
    expect(read(bytes).contents).toEqual({ a: 'x.' });
  });

  it('reads an archive without an end mark, an empty one, and nothing at all', async () => {
    const bytes = await tar({ name: 'a', content: 'x' });
    expect(read(bytes.subarray(0, 1_024)).contents).toEqual({ a: 'x.' });
    expect([code(Buffer.alloc(1_024)), code(Buffer.alloc(0))]).toEqual(['none', 'none']);
  });

  it('tells what is no tar, what is damaged and what is cut off apart', async () => {
    const bytes = await tar({ name: 'a', content: 'x'.repeat(2_000) }, { name: 'b', content: 'y' });
    expect(code(Buffer.from('no tar '.repeat(100)))).toBe('layer_not_a_tar');
    expect(code(Buffer.from('short'))).toBe('layer_not_a_tar');
    for (const length of [600, 2_000, 2_570, 3_000]) expect(code(bytes.subarray(0, length))).toBe('archive_truncated');
    const damaged = Buffer.from(bytes);
    damaged.write('9', 512 + 2_048 + 148);
    expect(code(damaged)).toBe('archive_corrupt');
    expect(code(block('a', 'L', Buffer.alloc(2 * 1024 * 1024)))).toBe('limit_exceeded');
    expect(code(Buffer.concat([block('a', 'x', Buffer.from('99 path=x\n')), block('a', '0', Buffer.alloc(0))]))).toBe(
      'archive_corrupt',
    );
  });

  it('is stopped by no random bytes: each is an expected error or none', () => {
    let seed = 1;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed;
    };
    const base = Buffer.concat([
      block('a', '0', Buffer.from('x')),
      block('b', 'x', Buffer.from(paxRecord('path', 'p'))),
    ]);
    for (let round = 0; round < 2_000; round += 1) {
      const bytes = Buffer.from(base);
      for (let n = random() % 6; n >= 0; n -= 1) bytes[random() % bytes.length] = random() % 256;
      for (let at = 0; at < bytes.length; at += 512) if (random() % 2) checksum(bytes.subarray(at, at + 512));
      expect(code(bytes)).toBeDefined();
    }
  });
});

function paxRecord(key: string, value: string): string {
  const body = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(body);
  while (Buffer.byteLength(`${length}${body}`) !== length) length = Buffer.byteLength(`${length}${body}`);
  return `${length}${body}`;
}

/** A header with its data, padded. */
function block(name: string, type: string, data: Buffer, { base256 = false } = {}): Buffer {
  const bytes = Buffer.alloc(512 + Math.ceil(data.length / 512) * 512);
  bytes.write(name);
  bytes.write('0000644\0', 100);
  if (base256) {
    bytes[124] = 0x80;
    bytes.writeUInt32BE(data.length, 132);
  } else bytes.write(`${data.length.toString(8).padStart(11, '0')} `, 124);
  bytes.write(type, 156);
  bytes.write('ustar\x0000', 257, 'latin1');
  data.copy(bytes, 512);
  checksum(bytes);
  return bytes;
}

function checksum(bytes: Buffer): void {
  bytes.write('        ', 148);
  const sum = bytes.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
}
