import { describe, expect, it } from 'vitest';
import { type ZipPart, zip, zipOf } from '../../../../test/support/zip.js';
import { MemoryFile } from '../../extractor/file-view.js';
import { ZipArchive, type ZipEntry } from './zip-archive.js';
import { readEntry, storedEntry } from './zip-entry.js';
import { ZipFault } from './zip-fault.js';

const MIB = 2 ** 20;
const open = (bytes: Buffer) => ZipArchive.open(new MemoryFile('x.zip', bytes));

/** What an archive holds; a fault in the place of what cannot be read. */
function list(bytes: Buffer, limit = MIB): string[] {
  const archive = open(bytes);
  if (!archive) return ['no archive'];
  const found: string[] = [];
  try {
    for (const entry of archive.entries()) found.push(`${entry.name} ${content(archive, entry, limit)}`);
  } catch (error) {
    found.push(faultOf(error));
  }
  return found;
}

function content(archive: ZipArchive, entry: ZipEntry, limit: number): string {
  try {
    return readEntry(archive, entry, limit).toString();
  } catch (error) {
    return faultOf(error);
  }
}

function faultOf(error: unknown): string {
  if (!(error instanceof ZipFault)) throw error;
  return `${error.kind}: ${error.message}`;
}

const PARTS: ZipPart[] = [
  { name: 'a', content: 'one' },
  { name: 'b/ü', content: 'two', stored: true, localExtra: 20 },
  { name: 'c', content: 'three', streamed: true },
  { name: 'd', content: 'four', wide: true },
];
const TEXTS = ['a one', 'b/ü two', 'c three', 'd four'];
const script = Buffer.from('#!/bin/sh\nexec java -jar "$0"\n');

describe('zip archives', () => {
  it.each([
    ['plain', {}],
    ['with a comment that holds the mark of an end', { comment: 'PK\x05\x06 no end, PK\x05\x06' }],
    ['with zip64', { wide: true }],
    ['behind a script, counted', { prefix: script }],
    ['behind a script, not counted', { prefix: script, prefixUncounted: true }],
    ['behind a script with zip64', { prefix: script, prefixUncounted: true, wide: true }],
    ['in front of other bytes', { suffix: Buffer.alloc(500, 1) }],
  ])('are read %s', (_, options) => {
    expect(list(zipOf(PARTS, options))).toEqual(TEXTS);
  });

  it('may be empty, and may have more entries than their end can count', () => {
    expect(list(zip({}))).toEqual([]);
    const bytes = zipOf(PARTS);
    bytes.writeUInt16LE(1, bytes.length - 12); // 65,540 entries would be counted as 4
    expect(list(bytes)).toEqual(TEXTS);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a text', Buffer.from('version https://git-lfs.github.com/spec/v1\n')],
    ['an end whose directory is elsewhere', Buffer.concat([Buffer.alloc(100), zip({ a: 'x' }).subarray(-22)])],
    ['an end whose directory would begin before the file', zip({ a: 'x' }).subarray(-40)],
    ['a cut-off archive', zipOf(PARTS).subarray(0, 300)],
    ['ends without end', Buffer.from('PK\x05\x06'.repeat(10_000), 'latin1')],
  ])('are not %s', (_, bytes) => {
    expect(list(bytes)).toEqual(['no archive']);
  });

  it('say where the directory breaks off', () => {
    const bytes = zipOf(PARTS);
    bytes.writeUInt32LE(0, bytes.indexOf('PK\x01\x02', bytes.indexOf('PK\x01\x02') + 1));
    expect(list(bytes)).toEqual(['a one', 'corrupt: a zip directory that breaks off']);
  });
});

describe('entries of a zip archive', () => {
  it.each<[string, Partial<ZipPart>, string]>([
    ['is encrypted', { encrypted: true }, 'corrupt: an encrypted entry "a"'],
    ['is compressed as Java does not know', { method: 12 }, 'corrupt: an entry "a" of compression method 12'],
    ['is elsewhere', { claims: { offset: 7 } }, 'corrupt: an entry "a" that is not where the directory says'],
    [
      'is behind the end',
      { claims: { offset: 2 ** 31 } },
      'corrupt: an entry "a" that is not where the directory says',
    ],
    [
      'is beyond all sense',
      { wide: true, claims: { offset: 2 ** 52 } },
      'corrupt: an entry "a" that is not where the directory says',
    ],
    [
      'ends behind the archive',
      { claims: { compressedSize: 10_000 } },
      'corrupt: an entry "a" that ends behind the archive',
    ],
    ['is cut off', { claims: { compressedSize: 3 } }, 'corrupt: an entry "a" that cannot be decompressed'],
    [
      'is no deflate stream',
      { stored: true, method: 8, content: 'text' },
      'corrupt: an entry "a" that cannot be decompressed',
    ],
    ['was changed', { claims: { crc32: 1 } }, 'corrupt: an entry "a" with another checksum than the directory says'],
    ['claims to be smaller', { claims: { size: 1 } }, 'one'],
    ['claims to be larger', { claims: { size: 0xfffffffe } }, 'one'],
    ['goes on behind its end', { content: 'one', claims: { compressedSize: 20 } }, 'one'],
    [
      'is over the limit',
      { content: Buffer.alloc(MIB + 1), stored: true },
      `too_large: an entry "a" over the limit of ${MIB} bytes`,
    ],
    ['is a bomb', { content: Buffer.alloc(50 * MIB) }, `too_large: an entry "a" over the limit of ${MIB} bytes`],
    [
      'is a bomb that claims to be small',
      { content: Buffer.alloc(50 * MIB), claims: { size: 5 } },
      `too_large: an entry "a" over the limit of ${MIB} bytes`,
    ],
  ])('are told where one %s', (_, part, expected) => {
    const [first] = list(
      zipOf([
        { name: 'a', content: 'one', ...part },
        { name: 'b', content: 'x'.repeat(100) },
      ]),
    );
    expect(first).toBe(`a ${expected}`);
  });

  it('have names that come into messages without control characters', () => {
    expect(list(zipOf([{ name: 'a\n\u001b[31m', content: '', encrypted: true }]))).toEqual([
      'a\n\u001b[31m corrupt: an encrypted entry "a??[31m"',
    ]);
  });

  it('are files where they lie, if stored', () => {
    const inner = zip({ x: 'y' });
    const archive = open(zipOf([{ name: 'in.zip', content: inner, stored: true, localExtra: 9 }])) as ZipArchive;
    const [entry] = [...archive.entries()] as [ZipEntry];
    const file = storedEntry(archive, entry);
    expect(file?.read(0, 1_000).equals(inner)).toBe(true);
    expect(file?.read(inner.length - 2, 1_000)).toHaveLength(2);
    const deflated = open(zip({ a: 'b' })) as ZipArchive;
    expect(storedEntry(deflated, [...deflated.entries()][0] as ZipEntry)).toBeNull();
  });
});
