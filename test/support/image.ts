import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';

/** One entry of a tar: a file's content, or a header of any other type. */
export type TarEntries = Record<string, string | Buffer | (Partial<Header> & { content?: string })>;

/** The same content has the same digest, whenever it is packed. */
const mtime = new Date(0);

/** A tar archive, written by a library that is not ours. */
export async function tar(entries: TarEntries): Promise<Buffer> {
  const archive = pack();
  for (const [name, entry] of Object.entries(entries)) {
    if (typeof entry === 'string' || Buffer.isBuffer(entry)) archive.entry({ name, mtime }, entry);
    else archive.entry({ name, mtime, ...entry }, entry.content ?? '');
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What `docker save` wrote before OCI: manifest.json, a config, `layer.tar`s. */
export async function dockerArchive(layers: Buffer[], tag = 'app:latest', more: object = {}): Promise<Buffer> {
  const config = imageConfig(layers, more);
  const names = layers.map((layer) => `${sha256(layer)}/layer.tar`);
  const manifest = [{ Config: `${sha256(config)}.json`, RepoTags: [tag], Layers: names }];
  return tar({
    ...Object.fromEntries(layers.map((layer, i) => [names[i], layer])),
    [`${sha256(config)}.json`]: config,
    'manifest.json': JSON.stringify(manifest),
  });
}

/** The files of an OCI image layout with one image of gzipped layers. */
export function ociLayout(
  layers: Buffer[],
  annotations: Record<string, string> = {},
  config: object = {},
): Record<string, Buffer> {
  const files: Record<string, Buffer> = {};
  const add = (bytes: Buffer) => {
    files[`blobs/sha256/${sha256(bytes)}`] = bytes;
    return { digest: `sha256:${sha256(bytes)}`, size: bytes.length };
  };
  const media = 'application/vnd.oci.image';
  const manifest = {
    schemaVersion: 2,
    mediaType: `${media}.manifest.v1+json`,
    config: { mediaType: `${media}.config.v1+json`, ...add(Buffer.from(imageConfig(layers, config))) },
    layers: layers.map((layer) => ({ mediaType: `${media}.layer.v1.tar+gzip`, ...add(gzipSync(layer)) })),
  };
  const descriptor = {
    mediaType: `${media}.manifest.v1+json`,
    ...add(Buffer.from(JSON.stringify(manifest))),
    annotations,
  };
  files['index.json'] = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [descriptor] }));
  files['oci-layout'] = Buffer.from('{"imageLayoutVersion":"1.0.0"}');
  return files;
}

export async function writeFiles(folder: string, files: Record<string, Buffer | string>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

/** Of an image that no control complains of, unless more is said. */
function imageConfig(layers: Buffer[], more: object = {}): string {
  const diffIds = layers.map((layer) => `sha256:${sha256(layer)}`);
  return JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    config: { User: '10001', Healthcheck: { Test: ['CMD', 'true'] } },
    ...more,
    rootfs: { type: 'layers', diff_ids: diffIds },
  });
}

export interface ApkPackage {
  name: string;
  version: string;
  origin?: string;
}

/** An Alpine system: os-release and the apk database. */
export function alpine(packages: ApkPackage[], versionId = '3.10.4'): Record<string, string> {
  return {
    'etc/os-release': `NAME="Alpine Linux"\nID=alpine\nVERSION_ID=${versionId}\nPRETTY_NAME="Alpine Linux v${versionId}"\n`,
    'lib/apk/db/installed': apkDatabase(packages),
  };
}

export function apkDatabase(packages: ApkPackage[]): string {
  return packages
    .map(({ name, version, origin = name }) => `P:${name}\nV:${version}\nA:x86_64\nL:MIT\no:${origin}\n\n`)
    .join('');
}
