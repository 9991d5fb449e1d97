import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { createDurably, replaceDurably } from './durable-file.js';
import { processInfo, processSpace } from './process-table.js';
import { StartError } from './start-error.js';

/** Who uses a data folder: one service at a time. */
const serviceRecord = z.object({
  pid: z.number().int().positive(),
  /** With the number it names one process, also when numbers come round again. */
  startTime: z.string(),
  /** The machine and container in which the number means something. */
  space: z.string(),
  startedAt: z.string(),
  /** Null while the service starts. */
  url: z.string().nullable(),
  /** It ends with the command that started it: no other should count on it. */
  temporary: z.boolean(),
  /** The file that has the token; null when the operator gave one. */
  tokenFile: z.string().nullable(),
});
export type ServiceRecord = z.infer<typeof serviceRecord>;

/** How often the holder shows that it lives, milliseconds: all that another machine can see of it. */
const TOUCH_MS = 5_000;

/** A holder elsewhere that is watched for this long and does not touch its file is gone, milliseconds. */
const SILENT_MS = 12_000;
const POLL_MS = 500;

/** While another start takes a dead holder's place, milliseconds. */
const TAKING_POLL_MS = 20;

/** A holder elsewhere that last touched its file this long ago needs no watching, whatever the clocks' difference. */
const LONG_SILENT_MS = 300_000;

/** Holds `<data folder>/service.json`. Readers find the running service through it. */
export class ServiceLock {
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly path: string,
    private record: ServiceRecord,
  ) {
    this.timer = setInterval(() => {
      const now = new Date();
      void utimes(this.path, now, now).catch(() => undefined);
    }, TOUCH_MS);
    this.timer.unref();
  }

  /**
   * Waits for a command's service to end.
   *
   * @throws StartError when another service that lives holds the folder
   */
  static async acquire(dataDir: string, temporary = false, signal?: AbortSignal): Promise<ServiceLock> {
    const path = fileOf(dataDir);
    const record = await ownRecord(temporary);
    for (;;) {
      signal?.throwIfAborted();
      if (await createDurably(path, asText(record))) return new ServiceLock(path, record);
      const text = await readFile(path, 'utf8').catch(() => null);
      if (text === null) continue;
      const holder = parse(text);
      if (!holder || !(await isHeld(path, holder))) {
        if (await takeOver(path, text, record)) return new ServiceLock(path, record);
        await sleep(TAKING_POLL_MS);
      } else if (holder.temporary) await sleep(POLL_MS);
      else throw taken(dataDir, holder);
    }
  }

  /** Lets others find the service. */
  async announce(url: string, tokenFile: string | null): Promise<void> {
    this.record = { ...this.record, url, tokenFile };
    const temporary = `${this.path}.${process.pid}`;
    await writeFile(temporary, asText(this.record), { mode: 0o600 });
    await rename(temporary, this.path);
  }

  async release(): Promise<void> {
    clearInterval(this.timer);
    const holder = parse(await readFile(this.path, 'utf8').catch(() => ''));
    if (holder && isSame(holder, this.record)) await rm(this.path, { force: true });
  }
}

/** The service that uses a data folder now, or null. */
export async function runningService(dataDir: string): Promise<ServiceRecord | null> {
  const path = fileOf(dataDir);
  const holder = parse(await readFile(path, 'utf8').catch(() => ''));
  return holder && (await isHeld(path, holder)) ? holder : null;
}

function fileOf(dataDir: string): string {
  return join(dataDir, 'service.json');
}

async function ownRecord(temporary: boolean): Promise<ServiceRecord> {
  const { startTime } = (await processInfo(process.pid)) ?? { startTime: '' };
  const space = await processSpace();
  const startedAt = new Date().toISOString();
  return { pid: process.pid, startTime, space, startedAt, temporary, url: null, tokenFile: null };
}

function asText(record: ServiceRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** Null for a file that is none of ours. */
function parse(text: string): ServiceRecord | null {
  try {
    return serviceRecord.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

async function isHeld(path: string, holder: ServiceRecord): Promise<boolean> {
  const space = await processSpace();
  if (holder.space === space) return (await processInfo(holder.pid))?.startTime === holder.startTime;
  // Another machine or container that shares the folder, or this machine before its last boot.
  const seen = await touchedAt(path);
  if (Date.now() - seen > LONG_SILENT_MS) return false;
  for (let waited = 0; waited < SILENT_MS; waited += POLL_MS) {
    await sleep(POLL_MS);
    if ((await touchedAt(path)) !== seen) return true;
  }
  return false;
}

async function touchedAt(path: string): Promise<number> {
  return (await stat(path).catch(() => ({ mtimeMs: 0 }))).mtimeMs;
}

/**
 * Puts a record in the place of a dead holder's. Between reading a file and replacing it another start may be quicker, so
 * who replaces a text holds a file that is named for this text: nobody else may touch the text then, and it never comes back.
 * A taker that died leaves its file behind; the next number is then the one to hold.
 *
 * @param stale what the holder's file said
 * @returns false where another start was quicker
 */
async function takeOver(path: string, stale: string, record: ServiceRecord): Promise<boolean> {
  const prefix = `${path}.take-${createHash('sha256').update(stale).digest('hex').slice(0, 16)}-`;
  for (let number = 0; ; number += 1) {
    const token = `${prefix}${number}`;
    if (await createDurably(token, asText(record))) {
      try {
        if ((await readFile(path, 'utf8').catch(() => null)) !== stale) return false;
        await replaceDurably(path, asText(record));
        return true;
      } finally {
        await removeAll(prefix);
      }
    }
    const taker = parse(await readFile(token, 'utf8').catch(() => ''));
    if (!taker || (await isHeld(token, taker))) return false;
  }
}

async function removeAll(prefix: string): Promise<void> {
  const folder = dirname(prefix);
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (path.startsWith(prefix) && /^\d+$/.test(path.slice(prefix.length))) await rm(path, { force: true });
  }
}

function isSame(a: ServiceRecord, b: ServiceRecord): boolean {
  return a.pid === b.pid && a.startTime === b.startTime && a.space === b.space;
}

function taken(dataDir: string, { pid, space, url }: ServiceRecord): StartError {
  const where = url === null ? 'which is starting' : `which serves ${url}`;
  const machine = space.split(' ', 1)[0];
  return new StartError(
    `The data folder ${dataDir} is in use by process ${pid} on ${machine}, ${where}: use that one, stop it, or set PLIMSOLL_DATA_DIR to another folder.`,
  );
}
