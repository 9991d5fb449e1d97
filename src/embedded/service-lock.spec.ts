import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runningService, ServiceLock } from './service-lock.js';
import { StartError } from './start-error.js';

let dataDir: string;
let file: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'plimsoll-lock-'));
  file = join(dataDir, 'service.json');
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const read = () => JSON.parse(readFileSync(file, 'utf8'));
const write = (record: object) => writeFileSync(file, JSON.stringify(record));

/** What a service leaves behind that did not end in order. */
async function recordOf(change: object): Promise<object> {
  const lock = await ServiceLock.acquire(dataDir);
  const record = { ...read(), url: 'http://127.0.0.1:1', ...change };
  await lock.release();
  return record;
}

describe('ServiceLock', () => {
  it('lets one service in, and tells the next who is there', async () => {
    const lock = await ServiceLock.acquire(dataDir);
    await expect(ServiceLock.acquire(dataDir)).rejects.toThrow(`in use by process ${process.pid}`);
    await lock.announce('http://127.0.0.1:8080', join(dataDir, 'admin-token'));
    await expect(ServiceLock.acquire(dataDir)).rejects.toThrow('which serves http://127.0.0.1:8080');
    expect(await runningService(dataDir)).toMatchObject({ url: 'http://127.0.0.1:8080', pid: process.pid });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await lock.release();
    expect(readdirSync(dataDir)).toEqual([]);
    expect(await runningService(dataDir)).toBeNull();
    await (await ServiceLock.acquire(dataDir)).release();
  });

  it('lets in one of many that start at once', async () => {
    write(await recordOf({ startTime: 'long ago' }));
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => ServiceLock.acquire(dataDir)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) if (outcome.status === 'fulfilled') await outcome.value.release();
  });

  it('lets in one of many also where a start died while it took over', async () => {
    const stale = await recordOf({ startTime: 'long ago' });
    const taker = await recordOf({ startTime: 'also long ago' });
    write(stale);
    const hash = createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16);
    const token = `${file}.take-${hash}-0`;
    for (let round = 0; round < 20; round += 1) {
      writeFileSync(token, JSON.stringify(taker));
      const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => ServiceLock.acquire(dataDir)));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of outcomes) if (outcome.status === 'fulfilled') await outcome.value.release();
      expect(readdirSync(dataDir)).toEqual([]);
      write(stale);
    }
  });

  it('takes over from a process that ended', async () => {
    const child = spawn('true');
    await once(child, 'exit');
    write(await recordOf({ pid: child.pid }));
    expect(await runningService(dataDir)).toBeNull();
    await (await ServiceLock.acquire(dataDir)).release();
  });

  it('takes over when the number is another process by now', async () => {
    write(await recordOf({ startTime: 'long ago' }));
    await (await ServiceLock.acquire(dataDir)).release();
  });

  it('takes over a file that makes no sense', async () => {
    writeFileSync(file, '{"pid": 1');
    await (await ServiceLock.acquire(dataDir)).release();
  });

  it('believes a service of another machine that shows that it lives', async () => {
    write(await recordOf({ space: 'elsewhere x y' }));
    const alive = setInterval(() => utimesSync(file, new Date(), new Date()), 200);
    await expect(ServiceLock.acquire(dataDir)).rejects.toThrow('on elsewhere');
    clearInterval(alive);
  });

  it('takes over from another machine that was silent for long', async () => {
    write(await recordOf({ space: 'elsewhere x y' }));
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(file, longAgo, longAgo);
    await (await ServiceLock.acquire(dataDir)).release();
  });

  it('waits for the service of a command', async () => {
    const lock = await ServiceLock.acquire(dataDir, true);
    const next = ServiceLock.acquire(dataDir);
    setTimeout(() => void lock.release(), 100);
    await (await next).release();
  });

  it('does not remove the file of its successor', async () => {
    const lock = await ServiceLock.acquire(dataDir);
    write({ ...read(), pid: 1 });
    await lock.release();
    expect(read().pid).toBe(1);
  });

  it('fails with a sentence for the operator', async () => {
    const lock = await ServiceLock.acquire(dataDir);
    await expect(ServiceLock.acquire(dataDir)).rejects.toBeInstanceOf(StartError);
    await lock.release();
  });
});
