/**
 * How long the service takes to audit a container engine with many containers, over HTTP, and its peak memory. Beside the
 * time that a bare client takes to send the same requests and to parse the answers, in the same run: the limit, since
 * whoever audits containers must ask for each.
 *
 *   npm run bench:host -- [--containers 500] [--runs 3]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startService } from './service.mjs';

const MIB = 1024 * 1024;
/** As many as the service has. */
const CONNECTIONS = 8;

const { values } = parseArgs({
  options: { containers: { type: 'string', default: '500' }, runs: { type: 'string', default: '3' } },
});

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
const socket = join(folder, 'docker.sock');
const engine = spawn(process.execPath, ['bench/fake-engine.mjs', socket, values.containers], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  await once(engine.stdout, 'data');
  for (let run = 0; run < Number(values.runs); run += 1) await measure();
} finally {
  engine.kill();
  rmSync(folder, { recursive: true });
}

/** Each run has a service of its own, with nothing warm. */
async function measure() {
  const dataDir = join(folder, 'data');
  const service = await startService(dataDir, folder, { PLIMSOLL_DOCKER_HOST: `unix://${socket}` });
  try {
    const limit = await seconds(askAll);
    const scan = () => service.scan(`docker:unix://${socket}`, {}, 'host');
    const idle = service.peakMemory();
    const first = await seconds(scan);
    const peak = service.peakMemory();
    const again = await seconds(scan);
    console.log(
      [
        `the same requests alone ${limit.toFixed(2)} s`,
        `audit ${first.toFixed(2)} s (${(first / limit).toFixed(1)} ×)`,
        `again ${again.toFixed(2)} s (${(again / limit).toFixed(1)} ×)`,
        `peak memory ${inMib(peak)} (before ${inMib(idle)}, after both ${inMib(service.peakMemory())})`,
      ].join('   '),
    );
  } finally {
    await service.stop();
    rmSync(dataDir, { recursive: true });
  }
}

function inMib(bytes) {
  return `${(bytes / MIB).toFixed(0)} MiB`;
}

async function askAll() {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const get = (path) => ask(agent, path);
  for (const path of ['/version', '/info', '/networks', '/volumes']) JSON.parse(await get(path));
  const containers = JSON.parse(await get('/containers/json?all=1'));
  const images = JSON.parse(await get('/images/json'));
  const queue = [
    ...images.map(({ Id }) => `/images/${encodeURIComponent(Id)}/json`),
    ...containers.flatMap(({ Id }) =>
      ['json', 'top', 'logs?stdout=1&stderr=1'].map((what) => `/containers/${Id}/${what}`),
    ),
  ].values();
  const client = async () => {
    for (const path of queue) {
      const body = await get(path);
      if (!path.includes('/logs')) JSON.parse(body);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  agent.destroy();
}

function ask(agent, path) {
  return new Promise((resolve, reject) => {
    request({ socketPath: socket, path, agent }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve(Buffer.concat(chunks)));
    })
      .on('error', reject)
      .end();
  });
}

async function seconds(task) {
  const started = performance.now();
  await task();
  return (performance.now() - started) / 1_000;
}
