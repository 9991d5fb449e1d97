/**
 * How long the service takes to audit a cluster from a snapshot, over HTTP, and its peak memory; and to answer who reaches
 * whom there. Beside the time that `JSON.parse` of the same file takes, in the same run: the limit, since each object must
 * be read.
 *
 *   npm run bench:cluster -- [--pods 5000] [--roles 500] [--policies 300] [--runs 3]
 */
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { startService } from './service.mjs';
import { snapshotObjects } from './snapshot.mjs';

const MIB = 1024 * 1024;

const { values } = parseArgs({
  options: {
    pods: { type: 'string', default: '5000' },
    roles: { type: 'string', default: '500' },
    policies: { type: 'string', default: '300' },
    runs: { type: 'string', default: '3' },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
try {
  const file = join(folder, 'cluster.json');
  await write(file);
  console.log(`${values.pods} pods: ${(statSync(file).size / MIB).toFixed(0)} MiB`);
  for (let run = 0; run < Number(values.runs); run += 1) await measure(file);
} finally {
  rmSync(folder, { recursive: true });
}

/** Each run has a service of its own, with nothing warm. */
async function measure(file) {
  const dataDir = join(folder, 'data');
  const service = await startService(dataDir, folder);
  try {
    const limit = await seconds(() => JSON.parse(readFileSync(file, 'utf8')));
    let scan;
    const audit = await seconds(async () => {
      scan = await service.scan(`snapshot:${file}`, {}, 'cluster');
    });
    const peak = service.peakMemory();
    let graph;
    const reach = await seconds(async () => {
      graph = await service.get(`/v1/scans/${scan.id}/graph`);
    });
    console.log(
      [
        `JSON.parse alone ${limit.toFixed(2)} s`,
        `audit ${audit.toFixed(2)} s (${(audit / limit).toFixed(1)} ×)`,
        `peak memory ${(peak / MIB).toFixed(0)} MiB`,
        `who reaches whom ${reach.toFixed(2)} s (${(reach / limit).toFixed(1)} ×), ${graph.edges.length} edges, then ${(service.peakMemory() / MIB).toFixed(0)} MiB`,
      ].join('   '),
    );
  } finally {
    await service.stop();
    rmSync(dataDir, { recursive: true });
  }
}

async function write(file) {
  const out = createWriteStream(file);
  out.write('{"apiVersion":"v1","kind":"List","items":[');
  let before = '';
  const sizes = { pods: Number(values.pods), roles: Number(values.roles), policies: Number(values.policies) };
  for (const object of snapshotObjects(sizes)) {
    if (!out.write(`${before}${JSON.stringify(object)}`)) await new Promise((resolve) => out.once('drain', resolve));
    before = ',\n';
  }
  out.end(']}');
  await finished(out);
}

async function seconds(task) {
  const started = performance.now();
  await task();
  return (performance.now() - started) / 1_000;
}
