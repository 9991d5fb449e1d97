import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLogger } from './logger.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-log-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function logged(write: (logger: ReturnType<typeof createLogger>) => void) {
  const logFile = join(folder, 'log');
  write(createLogger({ logLevel: 'info', logFormat: 'json', logFile }));
  return JSON.parse(await readFile(logFile, 'utf8'));
}

it('shows of an error what it is and where it came from, not what its driver hangs on it', async () => {
  const cause = Object.assign(new Error('the cause'), { parameters: ['a secret'] });
  const err = Object.assign(new Error('no', { cause }), {
    code: '57P01',
    parameters: ['a secret'],
    client: { user: 'x' },
  });
  const line = await logged((logger) => logger.error({ err }, 'it failed'));
  expect(Object.keys(line.err)).toEqual(['type', 'message', 'stack', 'code']);
  expect(line).toMatchObject({ level: 'error', msg: 'it failed', err: { type: 'Error', code: '57P01' } });
  expect(line.err.stack).toMatch(/caused by: Error: the cause/);
  expect(JSON.stringify(line)).not.toContain('a secret');
});

it('hides what may carry a token', async () => {
  const line = await logged((logger) => logger.info({ request: { headers: { authorization: 'Bearer x' } } }, 'seen'));
  expect(line.request.headers.authorization).toBe('[hidden]');
});
