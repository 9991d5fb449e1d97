import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alpine, dockerArchive, ociLayout, sha256, tar, writeFiles } from '../support/image.js';
import { startTestApp, type TestApp } from './app.js';

const SYSTEM = alpine([{ name: 'musl', version: '1.1.22-r3' }]);

describe('bad input', () => {
  let service: TestApp;
  let layer: Buffer;
  let archive: Buffer;

  beforeAll(async () => {
    service = await startTestApp();
    layer = await tar({ ...SYSTEM, 'usr/lib/noise': Buffer.from(sha256('noise').repeat(5_000)) });
    archive = await dockerArchive([layer]);
    await writeFile(join(service.importDir, 'good.tar'), archive);
    await mkdir(join(service.importDir, 'folder'));
    await symlink('/etc', join(service.importDir, 'etc'));
  });
  afterAll(() => service.close());

  it.each([
    ['an unknown transport', 'ftp:/x', 'unknown_reference_form'],
    ['an image without a transport', 'alpine:3.20', 'unknown_reference_form'],
    ['an image name in capitals', 'docker://Alpine', 'unknown_reference_form'],
    ['an image of nothing', 'docker-daemon:', 'unknown_reference_form'],
    ['a relative path', 'rootfs:root', 'unknown_reference_form'],
    ['a path outside the allowed folders', 'rootfs:/etc', 'path_not_allowed'],
    ['dots that lead outside', 'docker-archive:IMPORT/../../etc/passwd', 'path_not_allowed'],
    ['a link that leads outside', 'docker-archive:IMPORT/etc/passwd', 'path_not_allowed'],
    ['a missing file', 'docker-archive:IMPORT/nothing.tar', 'path_not_found'],
    ['an unknown upload', 'upload:01890a5d-ac96-774b-bcce-b302099a8057', 'upload_not_found'],
  ])('refuses %s', async (_what, reference, code) => {
    const { status, headers, body } = await service.request('POST', '/v1/scans', {
      target: { kind: 'image', reference: reference.replace('IMPORT', service.importDir) },
    });
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect({ status, code: body.code }).toEqual({ status: 422, code });
    expect(body.detail.length).toBeGreaterThan(20);
  });

  it.each<[string, string, () => Promise<Buffer>, string]>([
    ['an empty file', 'docker-archive', async () => Buffer.alloc(0), 'not_an_archive'],
    ['a text file', 'docker-archive', async () => Buffer.from('hello '.repeat(500)), 'not_an_archive'],
    [
      'an archive that ends in the middle',
      'docker-archive',
      async () => archive.subarray(0, archive.length / 2),
      'archive_truncated',
    ],
    [
      'a gzip that ends in the middle',
      'docker-archive',
      async () => gzipSync(archive).subarray(0, -200),
      'archive_truncated',
    ],
    ['a gzip with a flipped bit', 'docker-archive', async () => flipped(gzipSync(archive)), 'archive_corrupt'],
    ['a tar without a manifest', 'docker-archive', async () => layer, 'manifest_missing'],
    ['a tar without an index', 'oci-archive', async () => layer, 'manifest_missing'],
    [
      'a layer that is not a tar',
      'docker-archive',
      () => dockerArchive([Buffer.from('no tar '.repeat(500))]),
      'layer_not_a_tar',
    ],
    [
      'a layer with other bytes than its digest',
      'docker-archive',
      async () => replaced(archive, 'ID=alpine', 'ID=debian'),
      'digest_mismatch',
    ],
    [
      'a 10 GB claim in 1 kB of gzip',
      'rootfs',
      async () => gzipSync(tarHeader('etc/os-release', 10 * 1024 ** 3)),
      'archive_truncated',
    ],
    ['a manifest that is no JSON', 'docker-archive', () => tar({ 'manifest.json': '[{' }), 'manifest_invalid'],
    ['a manifest of another form', 'docker-archive', () => tar({ 'manifest.json': '{"a":1}' }), 'manifest_invalid'],
  ])('fails the scan of %s, with a code and what to do', async (what, transport, content, code) => {
    const path = join(service.importDir, `${sha256(what).slice(0, 8)}.tar`);
    await writeFile(path, await content());
    const scan = await service.scan(`${transport}:${path}`);
    expect({ status: scan.status, code: scan.error?.code }).toEqual({ status: 'failed', code });
    expect(scan.error.message.length).toBeGreaterThan(20);
  });

  it('names an upload that is no archive by its reference, not by where it is kept', async () => {
    const headers = { 'content-type': 'application/octet-stream' };
    const { body: upload } = await service.request('POST', '/v1/uploads', 'no archive '.repeat(100), headers);
    const scan = await service.scan(upload.reference);
    expect(scan).toMatchObject({ status: 'failed', error: { code: 'not_an_archive' } });
    expect(scan.error.message).toMatch(new RegExp(`^${upload.reference} is no tar archive`));
  });

  it('names a layer that an image does not have, and reads the others', async () => {
    const top = await tar({ 'app/node_modules/left/package.json': '{"name":"left","version":"1.0.0"}' });
    const layout = ociLayout([layer, top]);
    delete layout[`blobs/sha256/${sha256(gzipSync(top))}`];
    await writeFiles(join(service.importDir, 'hollow'), layout);
    const config = {
      rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(layer)}`, `sha256:${sha256(top)}`] },
      config: { Env: 'not a list' },
    };
    const saved = await tar({
      'c.json': JSON.stringify(config),
      'one.tar': layer,
      'manifest.json': '[{"Config":"c.json","Layers":["one.tar","two.tar"]}]',
    });
    await writeFile(join(service.importDir, 'hollow.tar'), saved);
    const missing = expect.objectContaining({ code: 'layer_missing' });
    const scan = await service.scan(`oci:${service.importDir}/hollow`);
    expect(scan).toMatchObject({ status: 'partial', error: null, imageDigest: expect.stringMatching(/^sha256:/) });
    expect(scan.coverage.items).toContainEqual(missing);
    const archive = await service.scan(`docker-archive:${service.importDir}/hollow.tar`);
    expect(archive).toMatchObject({ status: 'partial', error: null, imageDigest: null });
    expect(archive.coverage.items).toContainEqual(missing);
    expect(archive.coverage.items).toContainEqual(
      expect.objectContaining({ code: 'config_unreadable', subject: 'config.Env' }),
    );
    for (const { id } of [scan, archive]) {
      const { body } = await service.request('GET', `/v1/scans/${id}/packages`);
      expect(body.items.map(({ name }: { name: string }) => name)).toEqual(['musl']);
    }
  });

  it('fails the scan of an OCI layout with a changed blob', async () => {
    const layout = ociLayout([layer]);
    const blob = `blobs/sha256/${sha256(gzipSync(layer))}`;
    await writeFiles(join(service.importDir, 'changed'), {
      ...layout,
      [blob]: gzipSync(await tar({ ...SYSTEM, more: 'x' })),
    });
    const scan = await service.scan(`oci:${service.importDir}/changed`);
    expect(scan).toMatchObject({ status: 'failed', error: { code: 'digest_mismatch' } });
  });

  it('goes on with other scans while one fails', async () => {
    await writeFile(join(service.importDir, 'bad.tar'), gzipSync(archive).subarray(0, -200));
    const [bad, good] = await Promise.all([
      service.scan(`docker-archive:${service.importDir}/bad.tar`),
      service.scan(`docker-archive:${service.importDir}/good.tar`),
    ]);
    expect(bad.status).toBe('failed');
    expect(good.status).toBe('partial'); // no advisories were imported
    expect((await service.request('GET', '/readyz')).status).toBe(200);
  });
});

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const middle = Math.floor(copy.length / 2);
  copy[middle] = (copy[middle] ?? 0) ^ 0xff;
  return copy;
}

function replaced(bytes: Buffer, from: string, to: string): Buffer {
  const copy = Buffer.from(bytes);
  copy.write(to, copy.indexOf(from));
  return copy;
}

/** One ustar header that claims `size` bytes which never come. */
function tarHeader(name: string, size: number): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write(`${size.toString(8).padStart(11, '0')} `, 124);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\0' + '00', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
