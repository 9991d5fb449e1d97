import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataFolder } from '../../src/embedded/data-folder.js';
import { type EmbeddedPostgres, startPostgres } from '../../src/embedded/postgres.js';
import { processInfo } from '../../src/embedded/process-table.js';
import { StartError } from '../../src/embedded/start-error.js';

const isRoot = process.getuid?.() === 0;
const hooks = { onExit: () => undefined };
let root: string;
let running: EmbeddedPostgres[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plimsoll-test-'));
  chmodSync(root, 0o755);
});

afterEach(async () => {
  for (const server of running) await server.stop('immediate');
  running = [];
  rmSync(root, { recursive: true, force: true });
});

async function start(dataDir = join(root, 'data'), onExit: (reason: string) => void = hooks.onExit) {
  await openDataFolder(dataDir);
  const server = await startPostgres(dataDir, { onExit });
  running.push(server);
  return server;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined); // a killed server ends it; the query says so too
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A service that was killed cannot be this process, so it is another one, with the built code. */
async function startElsewhere(dataDir: string, ids: { uid?: number; gid?: number } = {}) {
  const module = (name: string) => JSON.stringify(resolve(`dist/src/embedded/${name}.js`));
  const script = `
    const { openDataFolder } = await import(${module('data-folder')});
    const { startPostgres } = await import(${module('postgres')});
    await openDataFolder(${JSON.stringify(dataDir)});
    const server = await startPostgres(${JSON.stringify(dataDir)}, { onExit() {} });
    process.stdout.write(JSON.stringify({ url: server.url, pid: server.pid }) + '\\n');
    process.once('SIGTERM', () => server.stop().then(() => process.exit(0)));
    setInterval(() => {}, 1000);
  `;
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', script], {
    ...ids,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout ?? child, 'data');
  return { child, ...(JSON.parse(String(line)) as { url: string; pid: number }) };
}

describe('the embedded PostgreSQL', () => {
  it('keeps what was stored over a restart, and stops in order', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE t AS SELECT 1 AS n');
    await first.stop();
    expect(existsSync(join(root, 'data/postgres/data/postmaster.pid'))).toBe(false);
    expect(await processInfo(first.pid)).toBeNull();
    const second = await start();
    expect(await query(second.url, 'SELECT n FROM t')).toEqual([{ n: 1 }]);
  });

  it('is reached by a socket with a password, and by nothing else', async () => {
    const { url } = await start();
    expect(await query(url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '' }]);
    await expect(query(url.replace(/:[^:@/]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow(
      /password authentication failed/,
    );
    expect(statSync(join(root, 'data/postgres-password')).mode & 0o077).toBe(0);
    expect(statSync(join(root, 'data/postgres/run')).mode & 0o077).toBe(0);
    expect(readFileSync(join(root, 'data/postgres/data/pg_hba.conf'), 'utf8')).not.toMatch(/^[^#]*\btrust\b/m);
  });

  it('sets a new password when the file with it was lost', async () => {
    await (await start()).stop();
    rmSync(join(root, 'data/postgres-password'));
    const { url } = await start();
    expect(await query(url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('makes its database again when that was interrupted', async () => {
    mkdirSync(join(root, 'data/postgres/data.new/base'), { recursive: true });
    writeFileSync(join(root, 'data/postgres/data.new/PG_VERSION'), '18\n');
    const { url } = await start();
    expect(await query(url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('refuses a database of another version', async () => {
    mkdirSync(join(root, 'data/postgres/data'), { recursive: true });
    writeFileSync(join(root, 'data/postgres/data/PG_VERSION'), '15\n');
    await expect(start()).rejects.toThrow(/was made by PostgreSQL 15, expected one of PostgreSQL 18/);
  });

  it('says when it was killed, and recovers at the next start', async () => {
    const reasons: string[] = [];
    const first = await start(undefined, (reason) => reasons.push(reason));
    await query(first.url, 'CREATE TABLE t AS SELECT 1 AS n');
    process.kill(first.pid, 'SIGKILL');
    await expect.poll(() => reasons).toEqual(['signal SIGKILL']);
    const second = await start();
    expect(await query(second.url, 'SELECT n FROM t')).toEqual([{ n: 1 }]);
    expect(reasons).toHaveLength(1);
  });

  it('says nothing of an end that was asked for', async () => {
    const reasons: string[] = [];
    await (await start(undefined, (reason) => reasons.push(reason))).stop('immediate');
    expect(reasons).toEqual([]);
  });

  it('starts in a folder whose path is too long for a socket, and leaves no folder behind', async () => {
    const dataDir = join(root, 'long-'.repeat(12), 'longer-'.repeat(12));
    const server = await start(dataDir);
    const sockets = new URL(server.url).searchParams.get('host') ?? '';
    expect(sockets).toContain(tmpdir());
    expect(statSync(sockets).mode & 0o077).toBe(0);
    expect(await query(server.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await server.stop();
    expect(existsSync(sockets)).toBe(false);
  });

  it('starts in a folder with a name that is hard to quote', async () => {
    const server = await start(join(root, `a b,"c' d\\e`));
    expect(await query(server.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('says what to do when it does not start', async () => {
    await (await start()).stop();
    writeFileSync(join(root, 'data/postgres/data/postgresql.conf'), 'no_such_setting = 1\n');
    const error = await start().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StartError);
    expect(String(error)).toContain('unrecognized configuration parameter "no_such_setting"');
  });

  it('ignores the PG variables of the environment', async () => {
    process.env.PGDATA = '/nowhere';
    process.env.PGPORT = '1';
    try {
      const { url } = await start();
      expect(await query(url, 'SHOW port')).toEqual([{ port: '5432' }]);
    } finally {
      delete process.env.PGDATA;
      delete process.env.PGPORT;
    }
  });

  it('is not stopped by an interrupt of the service’s process group', async () => {
    const { pid } = await start();
    // proc_pid_stat(5): the group is field 5.
    const group = (id: number) => readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1]?.split(' ')[2];
    if (process.platform === 'linux') expect(group(pid)).not.toBe(group(process.pid));
  });
});

describe('after the service was killed', () => {
  it('stops the server that is left and starts a new one', async () => {
    const dataDir = join(root, 'data');
    const { child, url, pid } = await startElsewhere(dataDir);
    await query(url, 'CREATE TABLE t AS SELECT 1 AS n');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await processInfo(pid)).not.toBeNull();
    const server = await start(dataDir);
    expect(await processInfo(pid)).toBeNull();
    expect(server.pid).not.toBe(pid);
    expect(await query(server.url, 'SELECT n FROM t')).toEqual([{ n: 1 }]);
  });

  it('does not wait for a query of the killed server', async () => {
    const dataDir = join(root, 'data');
    const { child, url, pid } = await startElsewhere(dataDir);
    const busy = query(url, 'SELECT pg_sleep(600)').catch((error: unknown) => error);
    await new Promise((done) => setTimeout(done, 300));
    process.kill(pid, 'SIGKILL');
    child.kill('SIGKILL');
    const server = await start(dataDir);
    expect(await query(server.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await busy;
  });

  it.each([
    ['nobody’s by now', () => 2 ** 22 - 1],
    ['another program’s by now', () => process.pid],
  ])('takes no notice of a process number that is %s', async (_what, pid) => {
    await (await start()).stop();
    const cluster = join(root, 'data/postgres/data');
    const lines = [pid(), cluster, 1, 5432, join(root, 'data/postgres/run'), '', '  1 1', 'ready'];
    writeFileSync(join(cluster, 'postmaster.pid'), `${lines.join('\n')}\n`);
    writeFileSync(join(root, 'data/postgres/run/.s.PGSQL.5432.lock'), `${lines.join('\n')}\n`);
    const { url } = await start();
    expect(await query(url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });
});

describe.runIf(isRoot)('started by root', () => {
  it('runs as another user, who cannot read the secrets', async () => {
    const { pid } = await start();
    expect(statSync(`/proc/${pid}`).uid).not.toBe(0);
    expect(statSync(join(root, 'data/postgres-password')).uid).toBe(0);
  });

  it('reaches a folder that is closed to others', async () => {
    const closed = join(root, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const server = await start(join(closed, 'data'));
    expect(await query(server.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    expect(statSync(`/proc/${server.pid}`).uid).not.toBe(0);
    await server.stop();
    expect(await query((await start(join(closed, 'data'))).url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('carries on with the database of a normal user, as that user', async () => {
    const dataDir = join(root, 'data');
    const daemon = { uid: 1, gid: 1 };
    mkdirSync(dataDir, { mode: 0o700 });
    chownSync(dataDir, daemon.uid, daemon.gid);
    const theirs = await startElsewhere(dataDir, daemon);
    expect(statSync(`/proc/${theirs.pid}`).uid).toBe(1);
    await query(theirs.url, 'CREATE TABLE t AS SELECT 1 AS n');
    theirs.child.kill('SIGTERM');
    await once(theirs.child, 'exit');
    const ours = await start(dataDir);
    expect(statSync(`/proc/${ours.pid}`).uid).toBe(1);
    expect(await query(ours.url, 'SELECT n FROM t')).toEqual([{ n: 1 }]);
  });
});
