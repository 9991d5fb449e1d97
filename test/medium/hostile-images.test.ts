import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildInventory } from '../../src/engine/inventory.js';
import type { PlimsollError } from '../../src/model/error.js';
import { DigestMemory } from '../../src/source/archive/digest-memory.js';
import { LayerWorkers } from '../../src/source/archive/layer-workers.js';
import { readImage } from '../../src/source/archive/read-image.js';
import { alpine, type TarEntries, tar } from '../support/image.js';
import { tarHeader } from '../support/slow-tarball.js';

const SYSTEM = alpine([{ name: 'musl', version: '1.2.5-r0' }], '3.20.3');
const MIB = 1024 * 1024;
const END = Buffer.alloc(1_024);

/** Layers that were made to hurt. Whatever they do, reading ends, says what it left out, and leaves nothing behind. */
describe('a hostile image', () => {
  let folder: string;
  let workers: LayerWorkers;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-hostile-'));
    workers = new LayerWorkers();
  });
  afterAll(async () => {
    await workers.close();
    await rm(folder, { recursive: true });
  });

  async function read(layer: Buffer, maxLayerBytes = 2 ** 30) {
    const path = join(folder, 'layer.tar');
    const tempDir = join(folder, 'tmp');
    await writeFile(path, layer);
    const facts = readImage(
      { transport: 'rootfs', path },
      {
        cache: { get: async () => new Map(), put: async () => undefined },
        digests: new DigestMemory(),
        workers,
        signal: new AbortController().signal,
        onProgress: () => undefined,
        platform: null,
        maxLayerBytes,
        tempDir,
        secretKey: Buffer.alloc(32, 1),
      },
    );
    try {
      const { packages, gaps } = buildInventory(await facts, { lockfiles: true });
      return { names: packages.map(({ name }) => name), gaps: gaps.map(({ code }) => code).sort() };
    } catch (error) {
      return { failed: (error as PlimsollError).code ?? String(error) };
    } finally {
      expect(await readdir(tempDir).catch(() => [])).toEqual([]);
    }
  }
  const readEntries = async (entries: TarEntries) => read(await tar(entries));
  /** Gzip members follow each other, RFC 1952 §2.2: what compresses once is repeated for nothing. */
  const repeated = (start: Buffer, piece: Buffer, times: number) => {
    const member = gzipSync(piece);
    return Buffer.concat([gzipSync(start), ...Array.from({ length: times }, () => member), gzipSync(END)]);
  };
  const withoutEnd = async (entries: TarEntries) => (await tar(entries)).subarray(0, -END.length);

  it('is read inside of itself, whatever its names say', async () => {
    const database = 'P:escaped\nV:1-r0\n\n';
    expect(
      await readEntries({
        'etc/os-release': SYSTEM['etc/os-release'] as string,
        '../../../lib/apk/db/installed': database,
        '/etc/passwd': 'x',
      }),
    ).toEqual({ names: ['escaped'], gaps: [] });
  });

  it.each(['character-device', 'block-device', 'fifo'] as const)('opens no %s', async (type) => {
    const { 'lib/apk/db/installed': _, ...rest } = SYSTEM;
    const found = await readEntries({ ...rest, 'lib/apk/db/installed': { type, size: 0 } });
    expect(found).toEqual({ names: [], gaps: ['nothing_recognised'] });
  });

  it('follows links no longer than a system does', async () => {
    const loop = { a: { type: 'symlink' as const, linkname: 'b' }, b: { type: 'symlink' as const, linkname: 'a' } };
    const found = await readEntries({
      ...SYSTEM,
      ...loop,
      'var/lib/dpkg/status': { type: 'symlink', linkname: 'status' },
      'usr/lib/os-release': { type: 'symlink', linkname: '/a/b/a/b' },
    });
    expect(found).toMatchObject({ names: ['musl'], gaps: expect.arrayContaining(['link_unresolved']) });
  });

  it('has a million entries, and one that counts', async () => {
    const thousand = Buffer.concat(Array.from({ length: 1_000 }, (_, n) => tarHeader(`many/${n}`, 0)));
    expect(await read(repeated(await withoutEnd(SYSTEM), thousand, 1_000))).toEqual({ names: ['musl'], gaps: [] });
  });

  it('has more entries than any', async () => {
    const many = Buffer.concat(Array.from({ length: 10_000 }, () => tarHeader('same', 0)));
    expect(await read(repeated(await withoutEnd(SYSTEM), many, 510), 2 ** 34)).toEqual({ failed: 'limit_exceeded' });
  });

  it('unpacks to 10 GB of zeros', async () => {
    const start = Buffer.concat([await withoutEnd(SYSTEM), tarHeader('zeros', 10_240 * MIB)]);
    expect(await read(repeated(start, Buffer.alloc(MIB), 10_240), 2 ** 28)).toEqual({
      names: [],
      gaps: ['layer_too_large', 'nothing_recognised'],
    });
  });

  it('claims 10 GB in a kilobyte', async () => {
    const layer = Buffer.concat([await withoutEnd(SYSTEM), tarHeader('lib/apk/db/installed', 10_240 * MIB)]);
    expect(await read(gzipSync(layer))).toEqual({ failed: 'archive_truncated' });
  });

  it('is gzip in gzip in gzip', async () => {
    expect(await read(gzipSync(gzipSync(gzipSync(await tar(SYSTEM)))))).toEqual({ failed: 'not_an_archive' });
  });

  it('names one file twice: the later counts', async () => {
    const twice = Buffer.concat([
      await withoutEnd(SYSTEM),
      await tar({ 'lib/apk/db/installed': 'P:later\nV:2-r0\n\n' }),
    ]);
    expect(await read(twice)).toEqual({ names: ['later'], gaps: [] });
  });

  it('hides a database in a sparse file, or makes it too large', async () => {
    const sparse = { 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.size': '9' };
    const { 'lib/apk/db/installed': content, ...rest } = SYSTEM;
    expect(await readEntries({ ...rest, 'lib/apk/db/installed': { content: content as string, pax: sparse } })).toEqual(
      {
        names: [],
        gaps: ['file_too_large', 'nothing_recognised'],
      },
    );
    const large = Buffer.concat([
      await withoutEnd(rest),
      tarHeader('lib/apk/db/installed', 64 * MIB),
      Buffer.alloc(64 * MIB, 'x'),
      END,
    ]);
    expect(await read(gzipSync(large))).toEqual({ names: [], gaps: ['file_too_large', 'nothing_recognised'] });
  });
});
