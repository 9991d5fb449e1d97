/**
 * How long the service takes to scan an image: cold, cold with a search for secrets, and with every layer cached; and its peak
 * memory. Beside the time that gunzip and sha256 alone take on the same layers, in the same run on the same machine: the
 * physical limit, since each byte must be decompressed and hashed once.
 *
 *   npm run bench -- [--image layers|files|large|all] [--runs 3]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeImage } from './image.mjs';
import { startService } from './service.mjs';

const MIB = 1024 * 1024;

const IMAGES = {
  layers: {
    about: '1 GiB in 24 layers, as a Node application has them',
    layers: 24,
    layerBytes: (1024 * MIB) / 24,
    fileBytes: 17_000,
    largeEvery: 100,
  },
  files: {
    about: '300,000 files in 2 layers',
    layers: 2,
    layerBytes: 150_000 * 1_500,
    fileBytes: 1_500,
    largeEvery: 0,
  },
  large: { about: '2 GiB in 8 layers', layers: 8, layerBytes: 256 * MIB, fileBytes: 17_000, largeEvery: 100 },
};

const { values } = parseArgs({
  options: { image: { type: 'string', default: 'all' }, runs: { type: 'string', default: '3' } },
});
const chosen = values.image === 'all' ? Object.keys(IMAGES) : [values.image];
const runs = Number(values.runs);

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
try {
  for (const name of chosen) {
    const { about, ...form } = IMAGES[name];
    console.log(`${name}: ${about}. Making it …`);
    const layout = join(folder, name);
    await measure(layout, await makeImage(layout, form));
    rmSync(layout, { recursive: true });
  }
} finally {
  rmSync(folder, { recursive: true });
}

/** Each run has a service of its own, with nothing cached, and nothing warm but one small scan. */
async function measure(layout, blobs) {
  const rows = [];
  for (let run = 0; run < runs; run += 1) {
    const service = await startService(join(folder, 'data'), folder);
    try {
      const limit = await seconds(() => limitOf(blobs, 1));
      const limitOfTwo = await seconds(() => limitOf(blobs, 2));
      const cold = await seconds(() => service.scan(`oci:${layout}`, { secrets: false }));
      const peak = service.peakMemory();
      const secrets = await seconds(() => service.scan(`oci:${layout}`, { secrets: true }));
      // A file that was changed in the last two seconds is hashed again.
      const cached = await seconds(() => service.scan(`oci:${layout}`, { secrets: true }));
      rows.push({ limit, limitOfTwo, cold, secrets, cached, peak, peakWithSecrets: service.peakMemory() });
    } finally {
      await service.stop();
      rmSync(join(folder, 'data'), { recursive: true });
    }
  }
  for (const row of rows) {
    console.log(
      [
        `gunzip+sha256 ${row.limit.toFixed(2)} s (on two cores ${row.limitOfTwo.toFixed(2)} s)`,
        `cold ${ratios(row.cold, row)}`,
        `with secrets ${ratios(row.secrets, row)}`,
        `cached ${(row.cached * 1_000).toFixed(0)} ms`,
        `peak memory ${(row.peak / MIB).toFixed(0)} MiB, with secrets ${(row.peakWithSecrets / MIB).toFixed(0)} MiB`,
      ].join('   '),
    );
  }
  const median = (key) => rows.map((row) => row[key]).sort((a, b) => a - b)[Math.floor(rows.length / 2)];
  console.log(
    `median: cold ${(median('cold') / median('limit')).toFixed(2)} ×, with secrets ${(median('secrets') / median('limit')).toFixed(2)} × the limit`,
  );
}

function ratios(time, { limit, limitOfTwo }) {
  return `${time.toFixed(2)} s (${(time / limit).toFixed(2)} ×, of two cores ${(time / limitOfTwo).toFixed(2)} ×)`;
}

/** Gunzip and sha256 of every layer by so many processes, as a client that verifies a pull does it. */
async function limitOf(blobs, processes) {
  const shares = Array.from({ length: processes }, (_, share) => blobs.filter((_, i) => i % processes === share));
  await Promise.all(shares.map(gunzipAndHash));
}

function gunzipAndHash(blobs) {
  const script = `
    const { pipeline } = require('node:stream/promises');
    const { createReadStream } = require('node:fs');
    const { createGunzip } = require('node:zlib');
    const { createHash } = require('node:crypto');
    (async () => {
      for (const blob of process.argv.slice(1)) {
        const hash = createHash('sha256');
        await pipeline(createReadStream(blob, { highWaterMark: 1 << 20 }), createGunzip({ chunkSize: 1 << 20 }), async (pieces) => {
          for await (const piece of pieces) hash.update(piece);
        });
        hash.digest();
      }
    })();`;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['-e', script, ...blobs], { stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`gunzip ended with ${code}`))));
  });
}

async function seconds(task) {
  const started = performance.now();
  await task();
  return (performance.now() - started) / 1_000;
}
