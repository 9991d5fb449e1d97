import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OsvReader } from '../../src/worker/feed/osv-reader.js';
import { zip } from '../support/zip.js';

let folder: string;
const reader = new OsvReader();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-osv-reader-'));
});
afterAll(async () => {
  await reader.close();
  await rm(folder, { recursive: true, force: true });
});

function record(id: string, ecosystem: string, summary = '') {
  const affected = [{ package: { ecosystem, name: 'perl' } }];
  return JSON.stringify({ id, modified: '2024-01-01T00:00:00Z', summary, affected });
}

async function archive(name: string, content: Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const read = (path: string, signal = new AbortController().signal) => reader.read(path, 'Debian', signal);

/** Larger than all chunks that the thread reads ahead. */
const LARGE = zip(
  Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [`L-${i}.json`, record(`L-${i}`, 'Debian:12', 'x'.repeat(500_000))]),
  ),
);

async function summaryOf(path: string) {
  const counts = { records: 0, rejected: [] as string[], passed: [] as string[], chunks: 0 };
  for await (const { records, leftOut } of read(path)) {
    counts.chunks += 1;
    counts.records += records.count;
    for (const entry of leftOut) {
      if ('rejected' in entry) counts.rejected.push(entry.rejected.entry);
      else counts.passed.push(entry.passed.id);
    }
  }
  return counts;
}

describe('the thread that reads archives of OSV', () => {
  it('counts records, and names those that are broken and those without packages of the part', async () => {
    const path = await archive(
      'some.zip',
      zip({ 'A-1.json': record('A-1', 'Debian:12'), 'A-2.json': '{"id":', 'A-3.json': record('A-3', 'npm') }),
    );
    expect(await summaryOf(path)).toEqual({ records: 1, rejected: ['A-2.json'], passed: ['A-3'], chunks: 1 });
  });

  it('tells of a file that is no archive, and reads the next one', async () => {
    const none = await archive('none.zip', Buffer.from('<html>'));
    await expect(summaryOf(none)).rejects.toMatchObject({ code: 'feed_source_invalid' });
    const large = await archive('large.zip', LARGE);
    expect(await summaryOf(large)).toMatchObject({ records: 60, rejected: [] });
  });

  it('is ended where the rest is not wanted, and the next archive is read from its beginning', async () => {
    const large = await archive('large.zip', LARGE);
    for await (const { records } of read(large)) {
      expect(records.count).toBeGreaterThan(0);
      break;
    }
    expect(await summaryOf(large)).toMatchObject({ records: 60 });
  });

  it('ends with the reason for which it is aborted', async () => {
    const large = await archive('large.zip', LARGE);
    const aborting = new AbortController();
    const reading = (async () => {
      for await (const _ of read(large, aborting.signal)) aborting.abort(new Error('enough'));
    })();
    await expect(reading).rejects.toThrow('enough');
    expect(await summaryOf(large)).toMatchObject({ records: 60 });
  });
});
