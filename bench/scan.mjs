/**
 * How long the service takes to scan an image, cold and with every layer cached, and its peak memory; beside the time
 * that gunzip and sha256 alone take on the same layers, in the same run on the same machine: the physical limit, since each byte
 * must be decompressed and hashed once.
 *
 *   npm run bench -- [--size 512MiB] [--layers 4] [--runs 3]
 */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createGunzip } from 'node:zlib';
import { makeImage } from './image.mjs';

const MIB = 1024 * 1024;
const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '512MiB' },
    layers: { type: 'string', default: '4' },
    runs: { type: 'string', default: '3' },
  },
});
const bytes = Number.parseFloat(values.size) * (values.size.endsWith('GiB') ? 1024 : 1) * MIB;
const layers = Number(values.layers);
const runs = Number(values.runs);

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
let service;
try {
  console.log(`making an image of ${layers} layers, ${values.size} uncompressed …`);
  const images = [];
  for (let run = 0; run < runs; run += 1) {
    const layout = join(folder, `image-${run}`);
    images.push({ layout, blobs: await makeImage(layout, layers, bytes / layers) });
  }
  service = await startService();
  const rows = [];
  for (const { layout, blobs } of images) {
    const limit = await seconds(() => gunzipAndHash(blobs));
    const cold = await seconds(() => scan(layout));
    const cached = await seconds(() => scan(layout));
    rows.push({ limit, cold, cached, ratio: cold / limit });
  }
  for (const row of rows) {
    console.log(
      `gunzip+sha256 ${row.limit.toFixed(2)} s   cold ${row.cold.toFixed(2)} s (${row.ratio.toFixed(2)} ×)   cached ${(row.cached * 1_000).toFixed(0)} ms`,
    );
  }
  const median = rows.map(({ ratio }) => ratio).sort((a, b) => a - b)[Math.floor(rows.length / 2)];
  console.log(
    `median ${median.toFixed(2)} × the limit; peak memory of the service ${(peakMemory() / MIB).toFixed(0)} MiB`,
  );
} finally {
  service?.child.kill('SIGTERM');
  if (service) await new Promise((resolve) => service.child.once('exit', resolve));
  rmSync(folder, { recursive: true });
}

/** One after the other, as a client that verifies a pull does it. */
async function gunzipAndHash(blobs) {
  for (const blob of blobs) {
    const hash = createHash('sha256');
    const stream = createReadStream(blob, { highWaterMark: MIB }).pipe(createGunzip({ chunkSize: MIB }));
    for await (const chunk of stream) hash.update(chunk);
    hash.digest();
  }
}

async function startService() {
  const port = await freePort();
  const token = randomBytes(32).toString('hex');
  const child = spawn(process.execPath, ['--max-semi-space-size=1', 'dist/src/main.js'], {
    env: {
      ...process.env,
      PLIMSOLL_PORT: String(port),
      PLIMSOLL_DATA_DIR: join(folder, 'data'),
      PLIMSOLL_ADMIN_TOKEN: token,
      PLIMSOLL_IMPORT_DIRS: folder,
      PLIMSOLL_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 300; tries += 1) {
    const up = await fetch(`${url}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (up) return { child, url, token };
    await sleep(100);
  }
  throw new Error('the service did not start within 30 s');
}

async function scan(layout) {
  const headers = { authorization: `Bearer ${service.token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ target: { kind: 'image', reference: `oci:${layout}` } });
  const created = await fetch(`${service.url}/v1/scans`, { method: 'POST', headers, body });
  if (created.status !== 202) throw new Error(await created.text());
  const { id } = await created.json();
  // The progress stream ends with the scan; to ask again and again would take a core's share from the service.
  const stream = await fetch(`${service.url}/v1/scans/${id}/progress`, { headers });
  await stream.text();
  const state = await (await fetch(`${service.url}/v1/scans/${id}`, { headers })).json();
  if (state.status !== 'succeeded' && state.status !== 'partial') throw new Error(JSON.stringify(state));
}

async function seconds(task) {
  const started = performance.now();
  await task();
  return (performance.now() - started) / 1_000;
}

/** VmHWM of proc(5): the largest resident set so far, bytes. */
function peakMemory() {
  const status = readFileSync(`/proc/${service.child.pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)[1]) * 1024;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
