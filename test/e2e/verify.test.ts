import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from './app.js';

const COMMAND = resolve('dist/src/cli/plimsoll.js');

describe('plimsoll verify', () => {
  let service: TestApp;
  let folder: string;
  let exported: string[];

  beforeAll(async () => {
    service = await startTestApp();
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-verify-'));
    for (const _ of [1, 2, 3]) await service.scan(`rootfs:${service.importDir}`);
    const waiting = async () => (await service.database.query('SELECT count(*)::int AS n FROM outbox'))[0].n;
    while ((await waiting()) > 0) await sleep(20);
  });
  afterAll(async () => {
    await service.close();
    await rm(folder, { recursive: true, force: true });
  });

  const lines = async () => {
    const { body } = await service.request('GET', '/v1/events?limit=500');
    return body.items.map((item: object) => JSON.stringify(item)) as string[];
  };
  const path = (name: string) => join(folder, name);
  const write = async (name: string, content: string[]) => {
    await writeFile(path(name), `${content.join('\n')}\n`);
    return path(name);
  };

  async function verify(...args: string[]) {
    const { code, stdout } = await plimsoll('verify', '--format', 'json', ...args);
    return { code, verdict: stdout === '' ? null : JSON.parse(stdout) };
  }
  async function plimsoll(...args: string[]) {
    const child = spawn(process.execPath, [COMMAND, ...args], {
      stdio: 'pipe',
      cwd: folder,
    });
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    const [code] = await once(child, 'close');
    return { code, stdout };
  }
  const live = (...args: string[]) => verify('--server', service.url, '--token', service.token, ...args);

  it('takes the live log, and keeps a checkpoint', async () => {
    const { code, verdict } = await live('--save', path('kept.json'));
    expect({ code, verdict }).toMatchObject({ code: 0, verdict: { fault: null, checkpoints: 1 } });
    const kept = JSON.parse(await readFile(path('kept.json'), 'utf8'));
    // More may have come since.
    exported = (await lines()).slice(0, Number(kept.size));
    expect(exported.length).toBeGreaterThan(8);
    const { body } = await service.request('GET', '/v1/events/keys');
    expect(body.items).toMatchObject([{ id: kept.keyId, verifierKey: kept.verifierKey, current: true }]);
    const query = '{eventCheckpoint{origin keyId verifierKey} eventKeys{id}}';
    const { data } = (await service.request('POST', '/graphql', { query })).body;
    const { origin, keyId, verifierKey } = kept;
    expect(data).toEqual({ eventCheckpoint: { origin, keyId, verifierKey }, eventKeys: [{ id: keyId }] });
  });

  it('takes an export, and says when no checkpoint was compared', async () => {
    const file = await write('all.ndjson', exported);
    expect(await verify(file)).toMatchObject({ code: 4, verdict: { fault: null, entries: exported.length } });
    expect(await verify(file, '--checkpoint', path('kept.json'))).toMatchObject({
      code: 0,
      verdict: { checkpoints: 1 },
    });
    await writeFile(path('kept.note'), JSON.parse(await readFile(path('kept.json'), 'utf8')).note);
    expect((await verify(file, '--checkpoint', path('kept.note'))).verdict.fault.kind).toBe('signature');
    const { verifierKey } = JSON.parse(await readFile(path('kept.json'), 'utf8'));
    expect((await verify(file, '--checkpoint', path('kept.note'), '--key', verifierKey)).code).toBe(0);
  });

  it('takes what plimsoll events prints', async () => {
    const { code, stdout } = await plimsoll('events', '--server', service.url, '--token', service.token);
    expect(code).toBe(0);
    await writeFile(path('printed.ndjson'), stdout);
    expect((await verify(path('printed.ndjson'), '--checkpoint', path('kept.json'))).code).toBe(0);
    const some = await plimsoll('events', '--server', service.url, '--token', service.token, '--types', 'scan.created');
    expect(some.stdout.trimEnd().split('\n')).toHaveLength(3);
  });

  it('names the first bad entry of an export', async () => {
    const changed = exported.with(3, (exported[3] ?? '').replace('"actor":"', '"actor":"x'));
    const cases: [string, string[], string, string][] = [
      ['changed', changed, 'hash', '4'],
      ['removed', exported.toSpliced(4, 1), 'gap', '5'],
      ['swapped', exported.toSpliced(1, 2, exported[2] ?? '', exported[1] ?? ''), 'gap', '2'],
      ['repeated', exported.toSpliced(2, 0, exported[1] ?? ''), 'order', '2'],
      ['cut', exported.slice(0, -1), 'gap', String(exported.length)],
      ['beheaded', exported.slice(1), 'gap', '1'],
      ['extended', exported.with(0, (exported[0] ?? '').replace('{', '{"extra":1,')), 'malformed', '1'],
      ['garbled', exported.with(5, 'no JSON'), 'malformed', '6'],
    ];
    for (const [name, content, kind, position] of cases) {
      const outcome = await verify(await write(name, content), '--checkpoint', path('kept.json'));
      expect({ name, ...outcome }).toMatchObject({ name, code: 1, verdict: { fault: { kind, position } } });
    }
  });

  it('refuses what cannot be read', async () => {
    expect(await verify(path('nothing'))).toMatchObject({ code: 2 });
    expect(await verify(path('all.ndjson'), '--key', 'nonsense')).toMatchObject({ code: 2 });
  });

  it('does not believe a service that signs with another key than the checkpoint that was kept', async () => {
    await service.database.query('DELETE FROM signing_key');
    expect(await live('--checkpoint', path('kept.json'))).toMatchObject({
      code: 1,
      verdict: { fault: { kind: 'signature' } },
    });
  });
});
