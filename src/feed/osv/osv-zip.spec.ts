import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FeedRecord } from '../feed-record.js';
import { readOsvZip } from './osv-zip.js';

const MIRROR = '../shared/data/osv-mirror';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-osv-zip-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function record(id: string, ...ecosystems: string[]) {
  const affected = ecosystems.map((ecosystem) => ({ package: { ecosystem, name: 'perl' } }));
  return JSON.stringify({ id, modified: '2024-01-01T00:00:00Z', affected });
}

describe('readOsvZip', () => {
  it('yields records, stored and deflated, with only the packages of the part', async () => {
    const zip = zipOf([
      { name: 'A-1.json', text: record('A-1', 'Debian:12', 'Debian', 'Ubuntu:22.04:LTS', 'Debianoid') },
      { name: 'A-2.json', text: record('A-2', 'Debian:11'), method: 0 },
      { name: 'A-3.json', text: record('A-3', 'npm') },
      { name: 'README.txt', text: 'not a record' },
      { name: 'folder/', text: '', method: 0 },
    ]);
    const read = await all(zip);
    expect(
      read.map((entry) => 'advisory' in entry && [entry.advisory.id, entry.advisory.affected.map((a) => a.ecosystem)]),
    ).toEqual([
      ['A-1', ['Debian:12', 'Debian']],
      ['A-2', ['Debian:11']],
      ['A-3', []],
    ]);
  });

  it('yields the packages of one release where that is the part', async () => {
    const path = join(folder, 'release.zip');
    await writeFile(path, zipOf([{ name: 'A-1.json', text: record('A-1', 'Debian:1', 'Debian:12', 'Debian') }]));
    const read = await collect(readOsvZip(path, 'Debian:12', new AbortController().signal));
    expect(read).toMatchObject([{ advisory: { affected: [{ ecosystem: 'Debian:12' }] } }]);
  });

  it('rejects single records that cannot be read, and goes on', async () => {
    const good = record('A-9', 'Debian:12');
    const zip = zipOf([
      { name: 'json.json', text: '{"id":' },
      { name: 'schema.json', text: '{"id":"A-1"}' },
      { name: 'checksum.json', text: good, claim: { crc: 1 } },
      { name: 'deflate.json', text: good, raw: Buffer.from('ffffffff', 'hex') },
      { name: 'method.json', text: good, claim: { method: 12 } },
      { name: 'encrypted.json', text: good, claim: { flags: 1 } },
      { name: 'large.json', text: ' '.repeat(2_000_000) },
      { name: 'bomb.json', text: ' '.repeat(900_000), claim: { size: 10 } },
      { name: 'short.json', text: good, claim: { size: good.length + 5 } },
      { name: '../../etc/\u0007.json', text: '{}' },
      { name: 'good.json', text: good },
    ]);
    const read = await all(zip);
    expect(
      read.map((entry) =>
        'rejected' in entry ? `${entry.rejected.entry}: ${entry.rejected.reason}` : entry.advisory.id,
      ),
    ).toEqual([
      expect.stringMatching(/^json.json: .*JSON/),
      expect.stringMatching(/^schema.json: modified: /),
      'checksum.json: its checksum does not match',
      expect.stringMatching(/^deflate.json: ./),
      'method.json: expected it stored or deflated, got compression method 12',
      'encrypted.json: it is encrypted',
      'large.json: it is over the limit of 1000000 bytes',
      expect.stringMatching(/^bomb.json: .*larger than/),
      'short.json: it is shorter than the archive says',
      expect.stringMatching(/^\.\.\/\.\.\/etc\/\?.json: id: /),
      'A-9',
    ]);
  });

  it('takes NUL characters out, which no text column can hold', async () => {
    const text =
      '{"id":"A-1","modified":"2024-01-01T00:00:00Z","summary":"a\\u0000b","affected":[{"package":{"ecosystem":"Debian","name":"p"}}]}';
    expect(await all(zipOf([{ name: 'A-1.json', text }]))).toMatchObject([{ advisory: { summary: 'ab' } }]);
  });

  it('reads an archive whose records lie in another order than its directory says', async () => {
    const entries = Array.from({ length: 300 }, (_, i) => ({ name: `${i}.json`, text: record(`A-${i}`, 'Debian') }));
    const read = await all(zipOf(entries, { directory: 'reversed' }));
    expect(read.flatMap((entry) => ('advisory' in entry ? entry.advisory.id : []))).toEqual(
      entries.map((_, i) => `A-${299 - i}`),
    );
  });

  it('reads records larger than its window', async () => {
    const summary = Array.from({ length: 400_000 }, (_, i) => String.fromCharCode(33 + ((i * i * 7919) % 57)))
      .join('')
      .replaceAll('"', '')
      .replaceAll('\\', '');
    const big = JSON.stringify({ ...JSON.parse(record('A-1', 'Debian')), summary: summary.repeat(4) });
    const path = join(folder, 'big.zip');
    await writeFile(
      path,
      zipOf([
        { name: 'A-1.json', text: big, method: 0 },
        { name: 'A-2.json', text: record('A-2', 'Debian') },
      ]),
    );
    const read = await collect(readOsvZip(path, 'Debian', new AbortController().signal));
    expect(read).toMatchObject([{ advisory: { id: 'A-1' } }, { advisory: { id: 'A-2' } }]);
  });

  const whole = zipOf([
    { name: 'A-1.json', text: record('A-1', 'Debian') },
    { name: 'A-2.json', text: record('A-2', 'Debian') },
  ]);
  it.each([
    ['an empty file', Buffer.alloc(0)],
    ['a file of another kind', Buffer.from('<html>504 Gateway Timeout</html>'.repeat(10))],
    ['an archive cut at its end', whole.subarray(0, -10)],
    ['an archive cut in its first half', whole.subarray(0, 60)],
    ['an archive whose first half is lost', whole.subarray(120)],
  ])('refuses %s', async (_, bytes) => {
    await expect(all(bytes)).rejects.toMatchObject({
      code: 'feed_source_invalid',
      message: expect.stringMatching(/^Debian\/all\.zip is not a zip archive that can be read: .+[^.]\. Sync again/),
    });
  });

  it('ends when it is told to', async () => {
    const controller = new AbortController();
    const path = join(folder, 'abort.zip');
    await writeFile(path, whole);
    const records = readOsvZip(path, 'Debian', controller.signal);
    await records.next();
    controller.abort(new Error('stop'));
    await expect(records.next()).rejects.toThrow('stop');
  });

  const mirrored = existsSync(MIRROR);
  if (!mirrored) console.info(`skipped: there is no ${MIRROR}`);
  it.skipIf(!mirrored).each([
    ['Debian', 6911],
    ['PyPI', 2661],
    ['Alpine', 2464],
    ['Ubuntu', 164],
    ['npm', 544],
    ['Go', 4291],
  ])('reads every record of the real %s export', async (part, expected) => {
    let advisories = 0;
    for await (const entry of readOsvZip(join(MIRROR, part, 'all.zip'), part, new AbortController().signal)) {
      if ('rejected' in entry) throw new Error(`${entry.rejected.entry}: ${entry.rejected.reason}`);
      advisories++;
    }
    expect(advisories).toBe(expected);
  });
});

async function all(zip: Buffer): Promise<FeedRecord[]> {
  const path = join(folder, 'all.zip');
  await writeFile(path, zip);
  const limits = { maxRecordBytes: 1_000_000, maxTotalBytes: 100_000_000 };
  return collect(readOsvZip(path, 'Debian', new AbortController().signal, limits));
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

interface Entry {
  name: string;
  text: string;
  /** 8 (deflated) unless told. */
  method?: 0 | 8;
  /** The bytes in the archive, in place of the compressed text. */
  raw?: Buffer;
  /** What the directory says, whatever is true. */
  claim?: { crc?: number; method?: number; flags?: number; size?: number };
}

/** Writes an archive by APPNOTE.TXT §4.3. */
function zipOf(entries: Entry[], { directory = 'in order' }: { directory?: 'in order' | 'reversed' } = {}): Buffer {
  const files: Buffer[] = [];
  const headers: Buffer[] = [];
  let offset = 0;
  for (const { name, text, method = 8, raw, claim = {} } of entries) {
    const bytes = Buffer.from(text);
    const data = raw ?? (method === 8 ? deflateRawSync(bytes) : bytes);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(claim.flags ?? 0, 2);
    fields.writeUInt16LE(claim.method ?? method, 4);
    fields.writeUInt32LE(claim.crc ?? crc32(bytes), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(claim.size ?? bytes.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name), data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    headers.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, rest, Buffer.from(name)]));
    files.push(local);
    offset += local.length;
  }
  if (directory === 'reversed') headers.reverse();
  const size = headers.reduce((sum, header) => sum + header.length, 0);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, ...headers, end]);
}
