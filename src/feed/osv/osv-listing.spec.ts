import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOsvListing } from './osv-listing.js';

describe('modified_id.csv', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-listing-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const read = async (text: string | Buffer) => {
    const path = join(folder, 'modified_id.csv');
    await writeFile(path, text);
    const records: string[] = [];
    for await (const { id, modified } of readOsvListing(path, new AbortController().signal)) {
      records.push(`${id} ${modified.toISOString()}`);
    }
    return records;
  };

  it('has a time and an id on each line, however the time is written', async () => {
    expect(
      await read(
        'modified,id\r\n2024-08-15T00:05:00Z,A-1\r\n2024-08-15T00:05:00.123456Z,B,2\n2024-08-15T02:05:00+02:00,C-3\n2024-08-15 00:05:00,D-4',
      ),
    ).toEqual([
      'A-1 2024-08-15T00:05:00.000Z',
      'B,2 2024-08-15T00:05:00.123Z',
      'C-3 2024-08-15T00:05:00.000Z',
      'D-4 2024-08-15T00:05:00.000Z',
    ]);
    expect(await read('')).toEqual([]);
  });

  it.each([
    ['a cut line', '2024-08-15T00:05:00Z,A-1\n2024-08-1'],
    ['a line without an id', '2024-08-15T00:05:00Z,A-1\n2024-08-15T00:05:00Z,\n'],
    ['no time', '2024-08-15T00:05:00Z,A-1\n2024-13-45T00:05:00Z,B-1\n'],
    ['an id that leads elsewhere', '2024-08-15T00:05:00Z,A-1\n2024-08-15T00:05:00Z,../../B\n'],
    ['another encoding', Buffer.from('2024-08-15T00:05:00Z,\xe4\n', 'latin1')],
  ])('is of no use with %s', async (_, text) => {
    await expect(read(text)).rejects.toThrow();
  });
});
