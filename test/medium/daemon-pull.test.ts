import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildInventory } from '../../src/engine/inventory.js';
import { LayerWorkers } from '../../src/source/archive/layer-workers.js';
import { readDaemonTls } from '../../src/source/daemon/daemon-tls.js';
import { type DaemonImageOptions, readDaemonImage } from '../../src/source/daemon/read-daemon-image.js';
import { alpine, dockerArchive, tar } from '../support/image.js';
import { readOptions } from '../support/read-options.js';

describe('reading from a container engine', () => {
  let folder: string;
  let tempDir: string;
  let workers: LayerWorkers;
  let engine: Server;
  let archive: Buffer;
  /** What is answered to a request for the image itself. */
  let send: (response: ServerResponse) => void;
  let inspected: [status: number, body: string];
  let progress: number[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-engine-'));
    tempDir = join(folder, 'tmp');
    workers = new LayerWorkers();
    archive = await dockerArchive([await tar(alpine([{ name: 'musl', version: '1.2.5-r0' }]))]);
  });
  afterAll(async () => {
    await workers.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    inspected = [200, JSON.stringify({ Size: archive.length })];
    send = (response) => response.end(archive);
    progress = [];
    engine = createServer(({ url }, response) => {
      if (url?.endsWith('/get')) send(response.writeHead(200, { 'content-type': 'application/x-tar' }));
      else response.writeHead(inspected[0]).end(inspected[1]);
    });
    engine.listen(join(folder, 'engine.sock'));
    await once(engine, 'listening');
  });
  afterEach(async () => {
    expect(await readdir(tempDir).catch(() => [])).toEqual([]);
    engine.closeAllConnections();
    engine.close();
    await once(engine, 'close');
  });

  function options(more: Partial<DaemonImageOptions> = {}): DaemonImageOptions {
    return {
      ...readOptions({ workers, tempDir, known: new Map(), progress }),
      maxImageBytes: 2 ** 30,
      daemon: { address: { kind: 'unix', path: join(folder, 'engine.sock') }, tls: null },
      ...more,
    };
  }

  const read = (more?: Partial<DaemonImageOptions>) => readDaemonImage('app:1', options(more));
  const failure = (reading: Promise<unknown>) =>
    reading.then(
      () => ({ code: 'none', message: '' }),
      ({ code, message }: { code: string; message: string }) => ({ code, message }),
    );

  it('reads what the engine sends', async () => {
    const { packages } = buildInventory(await read(), { lockfiles: false });
    expect(packages.map(({ name }) => name)).toEqual(['musl']);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(1);
  });

  it.each<[string, string, () => void]>([
    [
      'has no such image',
      'image_not_found',
      () => {
        inspected = [404, '{"message":"No such image: app:1"}'];
      },
    ],
    [
      'refuses',
      'daemon_forbidden',
      () => {
        inspected = [403, 'no'];
      },
    ],
    [
      'has trouble',
      'daemon_failed',
      () => {
        inspected = [500, '{"message":"the disk\\nis broken"}'];
      },
    ],
    [
      'is no engine',
      'daemon_failed',
      () => {
        inspected = [200, '<html>'];
      },
    ],
    [
      'breaks off',
      'archive_truncated',
      () => {
        send = (response) => void response.write(archive.subarray(0, 5_000), () => response.destroy());
      },
    ],
    [
      'sends half',
      'archive_truncated',
      () => {
        send = (response) => void response.end(archive.subarray(0, archive.length / 2));
      },
    ],
    [
      'sends nothing',
      'not_an_archive',
      () => {
        send = (response) => void response.end();
      },
    ],
  ])('says that the engine %s: %s', async (_what, code, prepare) => {
    prepare();
    const { code: actual, message } = await failure(read());
    expect(actual).toBe(code);
    expect(message).not.toMatch(/[\n<]/);
  });

  it('takes no more than it may', async () => {
    expect((await failure(read({ maxImageBytes: 4_096 }))).code).toBe('limit_exceeded');
  });

  it('says that no engine is there', async () => {
    const address = { kind: 'unix' as const, path: join(folder, 'nobody.sock') };
    expect((await failure(read({ daemon: { address, tls: null } }))).code).toBe('daemon_unreachable');
    expect((await failure(readDaemonTls(folder))).code).toBe('daemon_unreachable');
    await writeFile(join(folder, 'file.sock'), '');
    const file = { kind: 'unix' as const, path: join(folder, 'file.sock') };
    expect((await failure(read({ daemon: { address: file, tls: null } }))).code).toBe('daemon_unreachable');
  });

  it('stops at once when it is told to', async () => {
    send = (response) => void response.write(archive.subarray(0, 1_000));
    const stop = new AbortController();
    setTimeout(() => stop.abort('cancelled'), 50);
    await expect(read({ signal: stop.signal })).rejects.toBe('cancelled');
  });
});
