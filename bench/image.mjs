/** Makes an OCI layout whose layers look like a real image's: many small files, some large, text beside noise. */
import { createHash, randomFillSync } from 'node:crypto';
import { createWriteStream, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import tar from 'tar-stream';

const MEDIA = 'application/vnd.oci.image';
const MIB = 1024 * 1024;
const TEXT_POOL = textPool(8 * MIB);

/**
 * @param folder where the layout is made
 * @param layers how many layers, the first of which is an Alpine system with a package database
 * @param layerBytes uncompressed, each
 * @param fileBytes of an ordinary file on average
 * @param largeEvery one file in so many has 4 MiB; 0 for none
 * @returns paths of the compressed layers, in order
 */
export async function makeImage(folder, { layers, layerBytes, fileBytes, largeEvery }) {
  const blobs = join(folder, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const made = [];
  for (let index = 0; index < layers; index += 1) {
    made.push(await makeLayer(blobs, index, { layerBytes, fileBytes, largeEvery }));
  }
  const config = blob(blobs, {
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: made.map(({ diffId }) => diffId) },
  });
  const manifest = blob(blobs, {
    schemaVersion: 2,
    mediaType: `${MEDIA}.manifest.v1+json`,
    config: { mediaType: `${MEDIA}.config.v1+json`, ...config },
    layers: made.map(({ digest, size }) => ({ mediaType: `${MEDIA}.layer.v1.tar+gzip`, digest, size })),
  });
  writeFileSync(
    join(folder, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [{ mediaType: `${MEDIA}.manifest.v1+json`, ...manifest }] }),
  );
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  return made.map(({ digest }) => join(blobs, digest.slice('sha256:'.length)));
}

async function makeLayer(blobs, index, { layerBytes, fileBytes, largeEvery }) {
  const pack = tar.pack();
  const temporary = join(blobs, `layer-${index}`);
  const uncompressed = createHash('sha256');
  const compressed = createHash('sha256');
  let size = 0;
  const hashing = new PassThrough().on('data', (chunk) => uncompressed.update(chunk));
  const gzip = createGzip({ level: 6 }).on('data', (chunk) => {
    compressed.update(chunk);
    size += chunk.length;
  });
  const written = pipeline(pack, hashing, gzip, createWriteStream(temporary));
  if (index === 0) for (const [name, content] of systemFiles()) await entry(pack, name, Buffer.from(content));
  for (let bytes = 0, n = 0; bytes < layerBytes; n += 1) {
    if (n % 40 === 0) {
      const content = JSON.stringify({ name: `library-${index}-${n}`, version: `1.${n}.0`, license: 'MIT' });
      await entry(pack, `srv/app/node_modules/library-${index}-${n}/package.json`, Buffer.from(content));
    }
    const isLarge = largeEvery > 0 && n % largeEvery === 0;
    const length = isLarge ? 4 * MIB : Math.floor(fileBytes / 8) + ((n * 7_919) % Math.floor(fileBytes * 1.75));
    await entry(pack, `srv/app/node_modules/library-${index}-${n - (n % 40)}/lib/file-${n}.js`, fileContent(n, length));
    bytes += length;
  }
  pack.finalize();
  await written;
  const digest = `sha256:${compressed.digest('hex')}`;
  renameSync(temporary, join(blobs, digest.slice('sha256:'.length)));
  return { digest, size, diffId: `sha256:${uncompressed.digest('hex')}` };
}

function entry(pack, name, content) {
  return new Promise((resolve, reject) =>
    pack.entry({ name }, content, (error) => (error ? reject(error) : resolve())),
  );
}

/** One file in four is noise, as compiled and compressed files are nearly; the rest compresses as source text does. */
function fileContent(n, length) {
  if (n % 4 === 0) return randomFillSync(Buffer.allocUnsafe(length));
  const start = (n * 104_729) % (TEXT_POOL.length - length);
  return TEXT_POOL.subarray(start, start + length);
}

function textPool(length) {
  const words = Array.from({ length: 4_000 }, (_, i) =>
    createHash('sha256')
      .update(`${i}`)
      .digest('base64')
      .slice(0, 3 + (i % 9)),
  );
  const out = [];
  for (let bytes = 0, i = 1; bytes < length; i = (i * 48_271) % 2_147_483_647) {
    const word = `${words[i % words.length]} `;
    out.push(word);
    bytes += word.length;
  }
  return Buffer.from(out.join('')).subarray(0, length);
}

function systemFiles() {
  const packages = Array.from(
    { length: 100 },
    (_, i) => `P:package-${i}\nV:1.${i}.0-r0\nA:x86_64\no:package-${i}\nL:MIT\n`,
  );
  return [
    ['etc/os-release', 'ID=alpine\nVERSION_ID=3.20.3\nPRETTY_NAME="Alpine Linux v3.20"\n'],
    ['lib/apk/db/installed', `${packages.join('\n')}\n`],
  ];
}

function blob(blobs, document) {
  const text = JSON.stringify(document);
  const hex = createHash('sha256').update(text).digest('hex');
  writeFileSync(join(blobs, hex), text);
  return { digest: `sha256:${hex}`, size: Buffer.byteLength(text) };
}
