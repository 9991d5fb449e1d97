import { mkdir, mkdtemp, readdir, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildInventory } from '../../src/engine/inventory.js';
import type { KnownLayer } from '../../src/engine/layer/layer-facts.js';
import { LayerWorkers } from '../../src/source/archive/layer-workers.js';
import { type LocalImageReference, type ReadImageOptions, readImage } from '../../src/source/archive/read-image.js';
import { alpine, dockerArchive, ociLayout, sha256, tar, writeFiles } from '../support/image.js';
import { readOptions } from '../support/read-options.js';

const SYSTEM = alpine([{ name: 'musl', version: '1.2.5-r0' }], '3.20.3');

describe('reading an image', () => {
  let folder: string;
  let workers: LayerWorkers;
  let known: Map<string, KnownLayer>;
  let options: ReadImageOptions;
  let progress: number[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-read-'));
    workers = new LayerWorkers();
  });
  afterAll(async () => {
    await workers.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => {
    known = new Map();
    progress = [];
    options = readOptions({ workers, tempDir: join(folder, 'tmp'), known, progress });
  });

  const names = async (reference: LocalImageReference, more: Partial<ReadImageOptions> = {}) => {
    const inventory = buildInventory(await readImage(reference, { ...options, ...more }), { lockfiles: false });
    return [...inventory.packages.map(({ name }) => name), ...inventory.gaps.map(({ code }) => code)];
  };
  const file = async (name: string, content: Buffer) => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };
  const code = (reading: Promise<unknown>) =>
    reading.then(
      () => 'none',
      (error: { code?: string }) => error.code ?? String(error),
    );

  it('gives the same from every form, and reports progress to its end', async () => {
    const layer = await tar(SYSTEM);
    const archive = await dockerArchive([layer]);
    const oci = await tar(ociLayout([layer]));
    await writeFiles(join(folder, 'layout'), ociLayout([layer]));
    await writeFiles(join(folder, 'root'), SYSTEM);
    const forms: LocalImageReference[] = [
      { transport: 'docker-archive', path: await file('d.tar', archive), selector: null },
      { transport: 'docker-archive', path: await file('d.tar.gz', gzipSync(archive)), selector: null },
      { transport: 'docker-archive', path: await file('d.tar.gz.gz', gzipSync(gzipSync(archive))), selector: null },
      { transport: 'oci-archive', path: await file('o.tar', oci), selector: null },
      { transport: 'oci-archive', path: await file('o.tar.zst', zstdCompressSync(oci)), selector: null },
      { transport: 'oci', path: join(folder, 'layout'), selector: null },
      { transport: 'rootfs', path: join(folder, 'root') },
      { transport: 'rootfs', path: await file('r.tar', layer) },
      { transport: 'rootfs', path: await file('r.tar.gz', gzipSync(layer)) },
      ...['d.tar', 'd.tar.gz', 'o.tar', 'o.tar.zst', 'r.tar', 'r.tar.gz'].map((name) => ({
        transport: 'auto' as const,
        name,
        path: join(folder, name),
      })),
    ];
    for (const form of forms) {
      progress.length = 0;
      expect(await names(form)).toEqual(['musl']);
      expect(progress).toEqual([...progress].sort((a, b) => a - b));
      if (form.path !== join(folder, 'root')) expect(progress.at(-1)).toBe(1);
    }
  });

  it('takes a known layer from the cache, and notices that the file is another one all the same', async () => {
    const layer = await tar(SYSTEM);
    const other = await tar({ ...SYSTEM, 'lib/apk/db/installed': 'P:evil\nV:1\n\n' });
    const reference = { transport: 'docker-archive' as const, path: join(folder, 'c.tar'), selector: null };
    const archive = await dockerArchive([layer]);
    await writeFile(reference.path, archive);
    expect(await names(reference)).toEqual(['musl']);
    // The cache is what answers: a mark in it comes back.
    const digest = `sha256:${sha256(layer)}`;
    const cached = known.get(digest) as KnownLayer;
    known.set(digest, { ...cached, facts: { ...cached.facts, files: cached.facts.files.slice(0, 1) } });
    expect(await names(reference)).toEqual(['nothing_recognised']);
    // A layer of the same size in its place is refused, though its claimed digest is known.
    const at = archive.indexOf(layer.subarray(0, 2_048));
    other.copy(archive, at, 0, Math.min(other.length, layer.length));
    await writeFile(reference.path, archive);
    expect(await code(names(reference))).toBe('digest_mismatch');
  });

  it('does not hash a file again that has not changed since it was read, and does when it has', async () => {
    const layer = await tar(SYSTEM);
    const path = await file('old.tar', await dockerArchive([layer]));
    const reference = { transport: 'docker-archive' as const, path, selector: null };
    const hashed: string[] = [];
    const counting = {
      unpack: workers.unpack.bind(workers),
      hash: (task, signal) => {
        hashed.push(task.blob.name);
        return workers.hash(task, signal);
      },
    } as LayerWorkers;
    const read = () => names(reference, { workers: counting });
    await new Promise((resolve) => setTimeout(resolve, 2_100)); // a younger file is never trusted
    for (let i = 0; i < 3; i += 1) expect(await read()).toEqual(['musl']);
    expect(hashed).toHaveLength(0);
    await utimes(path, new Date(), new Date());
    expect(await read()).toEqual(['musl']);
    expect(hashed).toHaveLength(1);
  });

  it('chooses the image that is asked for', async () => {
    const [one, two] = [await tar(SYSTEM), await tar(alpine([{ name: 'zlib', version: '1.3-r0' }]))];
    const layout = ociLayout([one], { 'org.opencontainers.image.ref.name': 'one' });
    const second = ociLayout([two], { 'org.opencontainers.image.ref.name': 'two' });
    const manifests = [layout, second].flatMap((files) => JSON.parse(String(files['index.json'])).manifests);
    await writeFiles(join(folder, 'two'), { ...layout, ...second, 'index.json': JSON.stringify({ manifests }) });
    const oci = (selector: string | null) => names({ transport: 'oci', path: join(folder, 'two'), selector });
    expect(await oci('one')).toEqual(['musl']);
    expect(await oci('@1')).toEqual(['zlib']);
    expect(await oci(manifests[1].digest)).toEqual(['zlib']);
    expect([await code(oci(null)), await code(oci('three'))]).toEqual(['image_not_in_archive', 'image_not_in_archive']);
    const saved = await file('tagged.tar', await dockerArchive([one], 'docker.io/library/app:latest'));
    const docker = (selector: string) => names({ transport: 'docker-archive', path: saved, selector });
    expect(await docker('app')).toEqual(['musl']);
    expect(await docker('@0')).toEqual(['musl']);
    expect(await code(docker('app:1'))).toBe('image_not_in_archive');
  });

  it('chooses the platform, and passes over attestations', async () => {
    const layouts = await Promise.all(
      ['amd64-only', 'arm64-only'].map(async (name) => ociLayout([await tar(alpine([{ name, version: '1' }]))])),
    );
    const platforms = [
      { os: 'linux', architecture: 'amd64' },
      { os: 'linux', architecture: 'arm64', variant: 'v8' },
    ];
    const manifests = layouts.map((files, i) => ({
      ...JSON.parse(String(files['index.json'])).manifests[0],
      platform: platforms[i],
    }));
    const attestation = {
      ...manifests[0],
      digest: `sha256:${'0'.repeat(64)}`,
      platform: { os: 'unknown', architecture: 'unknown' },
    };
    const index = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [attestation, ...manifests] }));
    const nested = {
      mediaType: 'application/vnd.oci.image.index.v1+json',
      digest: `sha256:${sha256(index)}`,
      size: index.length,
    };
    await writeFiles(join(folder, 'multi'), {
      ...layouts[0],
      ...layouts[1],
      [`blobs/sha256/${sha256(index)}`]: index,
      'index.json': JSON.stringify({ schemaVersion: 2, manifests: [nested] }),
    });
    const read = (platform: string | null) =>
      names({ transport: 'oci', path: join(folder, 'multi'), selector: null }, { platform });
    expect(await read('linux/amd64')).toEqual(['amd64-only']);
    expect(await code(read('linux/s390x'))).toBe('platform_not_found');
    expect(await code(read('linux/arm64'))).toBe('platform_not_found'); // its configuration says amd64
  });

  it('never reads through a link that leads out of a layout or a root', async () => {
    const layer = await tar(SYSTEM);
    const layout = ociLayout([layer]);
    const blob = Object.keys(layout).find((name) => layout[name]?.[0] === 0x1f) as string;
    await writeFiles(join(folder, 'linked'), { ...layout, [blob]: '' });
    await file('outside', layout[blob] as Buffer);
    await rm(join(folder, 'linked', blob));
    await symlink(join(folder, 'outside'), join(folder, 'linked', blob));
    expect(await code(names({ transport: 'oci', path: join(folder, 'linked'), selector: null }))).toBe(
      'path_not_allowed',
    );

    const root = join(folder, 'linked-root');
    await mkdir(join(root, 'lib/apk'), { recursive: true });
    await writeFiles(join(folder, 'outside-db'), { installed: 'P:secret\nV:1\n' });
    await symlink(join(folder, 'outside-db'), join(root, 'lib/apk/db'));
    expect(await names({ transport: 'rootfs', path: root })).toEqual(['nothing_recognised']);
  });

  it('names what is over a limit or not readable, and reads the rest', async () => {
    const layers = [await tar(SYSTEM), await tar({ big: Buffer.alloc(2 ** 20) })];
    const reference = {
      transport: 'docker-archive' as const,
      path: await file('big.tar', await dockerArchive(layers)),
      selector: null,
    };
    expect(await names(reference, { maxLayerBytes: 2 ** 19 })).toEqual(['musl', 'layer_too_large']);
    const thrice = await file('thrice.gz', gzipSync(gzipSync(gzipSync(layers[0] as Buffer))));
    expect(await code(names({ transport: 'auto', path: thrice, name: 'thrice' }))).toBe('not_an_archive');
    const bzip2 = Buffer.from('BZh91AY&SY');
    expect(await names({ transport: 'rootfs', path: await file('r.bz2', bzip2) })).toContain('layer_unsupported');
    expect(await code(names({ transport: 'docker-archive', path: join(folder, 'r.bz2'), selector: null }))).toBe(
      'not_an_archive',
    );
  });

  it('reads what an archive still has that somebody cut down, and says that there was more', async () => {
    const layer = await tar(SYSTEM);
    const diffIds = [`sha256:${sha256(layer)}`, `sha256:${sha256('gone')}`];
    const config = JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      rootfs: { type: 'layers', diff_ids: diffIds },
    });
    const archive = await tar({
      'a/layer.tar': layer,
      'config.json': config,
      'manifest.json': JSON.stringify([{ Config: 'config.json', RepoTags: null, Layers: ['a/layer.tar'] }]),
    });
    const path = await file('cut.tar', archive);
    expect(await names({ transport: 'docker-archive', path, selector: null })).toEqual(['musl', 'layer_missing']);
  });

  it('stops when it is told to, and leaves nothing behind', async () => {
    const path = await file('zeros.tar', await dockerArchive([await tar({ zeros: Buffer.alloc(2 ** 26) })]));
    await truncate(path, (await tar({})).length + 2 ** 26); // the end does not matter
    const stop = new AbortController();
    const reading = readImage({ transport: 'rootfs', path }, { ...options, signal: stop.signal });
    setTimeout(() => stop.abort('enough'), 20);
    await expect(reading).rejects.toBe('enough');
    expect(await readdir(join(folder, 'tmp')).catch(() => [])).toEqual([]);
  });
});
