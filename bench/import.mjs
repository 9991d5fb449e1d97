/**
 * How fast a service that has none yet imports advisories, over HTTP, and in how much memory; against parsing and copying
 * the same texts. See README.md beside this file.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { startPostgres } from '../dist/src/embedded/postgres.js';
import { cpuSeconds } from './cpu.mjs';
import { makeExport, recordTexts } from './osv-export.mjs';
import { startService } from './service.mjs';

const { values: options } = parseArgs({
  options: {
    records: { type: 'string', default: '250000' },
    runs: { type: 'string', default: '2' },
    mirror: { type: 'string', default: '../shared/data/osv-mirror' },
  },
});
const PARTS = ['Alpine', 'Debian', 'npm', 'PyPI', 'Go', 'RubyGems', 'Packagist', 'crates.io'];

const folder = await mkdtemp(join(tmpdir(), 'plimsoll-bench-'));
try {
  const osv = join(folder, 'osv');
  const { records, bytes } = await makeExport(options.mirror, PARTS, osv, Number(options.records));
  console.log(`${records} records, ${Math.round(bytes / 1e6)} MB`);
  for (let run = 1; run <= Number(options.runs); run += 1) {
    const limit = await limitOf(osv, join(folder, 'limit'));
    const { seconds, cpu, stored, memory } = await syncOf(osv, join(folder, 'data'));
    const rate = Math.round(stored / seconds);
    console.log(
      `${seconds.toFixed(1)} s for ${stored} records: ${rate} records/s, ${(seconds / limit.seconds).toFixed(2)} × the limit of ` +
        `${limit.seconds.toFixed(1)} s; processor time ${cpu.node.toFixed(1)} s and ${cpu.postgres.toFixed(1)} s in PostgreSQL, ` +
        `the limit's ${limit.cpu.node.toFixed(1)} s and ${limit.cpu.postgres.toFixed(1)} s; peak memory ${Math.round(memory / 2 ** 20)} MiB`,
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function syncOf(osv, dataDir) {
  process.env.PLIMSOLL_OSV_SOURCE = osv;
  const service = await startService(dataDir, osv);
  try {
    const before = service.cpuSeconds();
    const started = performance.now();
    const feed = await service.sync('osv');
    if (feed.status !== 'idle') throw new Error(JSON.stringify(feed));
    const seconds = (performance.now() - started) / 1_000;
    const cpu = difference(before, service.cpuSeconds());
    return { seconds, cpu, stored: feed.records, memory: service.peakMemory() };
  } finally {
    await service.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** JSON.parse of each text, and COPY of it with its id into a table with a key. Inflating is not counted. */
async function limitOf(osv, dataDir) {
  const texts = [];
  for await (const text of recordTexts(osv, PARTS)) texts.push(text);
  const postgres = await startPostgres(dataDir, { onExit: (reason) => console.error(reason) });
  const client = new pg.Client(postgres.url);
  await client.connect();
  try {
    await client.query('CREATE TABLE record (id text PRIMARY KEY, record jsonb)');
    const before = cpuSeconds(postgres.pid);
    const started = performance.now();
    const lines = function* () {
      for (const text of texts) {
        const { id } = JSON.parse(text);
        yield `${id}\t${text.replaceAll('\\', '\\\\')}\n`;
      }
    };
    await pipeline(Readable.from(lines()), client.query(copyFrom('COPY record FROM STDIN')));
    const seconds = (performance.now() - started) / 1_000;
    return { seconds, cpu: difference(before, cpuSeconds(postgres.pid)) };
  } finally {
    await client.end();
    await postgres.stop('immediate');
    await rm(dataDir, { recursive: true, force: true });
  }
}

function difference(before, after) {
  return { node: after.node - before.node, postgres: after.postgres - before.postgres };
}
