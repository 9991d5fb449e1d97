/** The built service as a process of its own, for benchmarks. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuSeconds, postgresOf } from './cpu.mjs';

/**
 * @param dataDir a folder that is not there yet
 * @param importDir from where images may be scanned
 * @param more of the environment
 */
export async function startService(dataDir, importDir, more = {}) {
  const port = await freePort();
  const token = randomBytes(32).toString('hex');
  const child = spawn(process.execPath, ['--max-semi-space-size=1', 'dist/src/main.js'], {
    env: {
      ...process.env,
      PLIMSOLL_PORT: String(port),
      PLIMSOLL_DATA_DIR: dataDir,
      PLIMSOLL_ADMIN_TOKEN: token,
      PLIMSOLL_IMPORT_DIRS: importDir,
      PLIMSOLL_LOG_LEVEL: 'error',
      ...more,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; !(await isUp(url)); tries += 1) {
    if (tries === 300) throw new Error('the service did not start within 30 s');
    await sleep(100);
  }
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return {
    async scan(reference, options, kind = 'image') {
      const body = JSON.stringify({ target: { kind, reference }, options });
      const created = await fetch(`${url}/v1/scans`, { method: 'POST', headers, body });
      if (created.status !== 202) throw new Error(await created.text());
      const { id } = await created.json();
      // The progress stream ends with the scan; to ask again and again would take a core's share from the service.
      const stream = await fetch(`${url}/v1/scans/${id}/progress`, { headers });
      await stream.text();
      const state = await (await fetch(`${url}/v1/scans/${id}`, { headers })).json();
      if (state.status !== 'succeeded' && state.status !== 'partial') throw new Error(JSON.stringify(state));
      return state;
    },
    async get(path) {
      const response = await fetch(`${url}${path}`, { headers });
      if (!response.ok) throw new Error(await response.text());
      return response.json();
    },
    /** Syncs a feed and waits for the end of it. */
    async sync(feed) {
      await fetch(`${url}/v1/feeds/${feed}/sync`, { method: 'POST', headers });
      for (;;) {
        const state = await (await fetch(`${url}/v1/feeds/${feed}`, { headers })).json();
        if (state.status !== 'running') return state;
        await sleep(100);
      }
    },
    /** VmHWM of proc(5): the largest resident set so far, bytes. The embedded PostgreSQL has its own. */
    peakMemory() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+)/.exec(status)[1]) * 1024;
    },
    /** Of the service and of its PostgreSQL. */
    cpuSeconds() {
      return cpuSeconds(postgresOf(child.pid), child.pid);
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

function isUp(url) {
  return fetch(`${url}/readyz`).then(
    (response) => response.ok,
    () => false,
  );
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
