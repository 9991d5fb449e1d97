import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

/** What a header says; paths are absolute. */
export interface RpmFields {
  name: string;
  version?: string;
  release?: string;
  epoch?: number;
  architecture?: string;
  sourceRpm?: string;
  license?: string;
  module?: string;
  files?: string[];
  ghosts?: string[];
  /** Bytes that make the header longer. */
  description?: string;
  /** OpenPGP packets by tag, as rpm puts them behind what they sign. */
  signatures?: Record<number, Buffer>;
}

const INT32 = 4;
const STRING = 6;
const BINARY = 7;
const STRING_ARRAY = 8;
const LOCALISED_STRING = 9;

interface Value {
  tag: number;
  type: number;
  count: number;
  bytes: Buffer;
}

/** A header as rpm builds it: entries in an immutable region, the digests of it behind. */
export function rpmHeader(fields: RpmFields): Buffer {
  const { name, version = '1', release = '1', epoch, architecture, sourceRpm, license, module, description } = fields;
  const files = [...(fields.files ?? []), ...(fields.ghosts ?? [])];
  const folders = [...new Set(files.map(folderOf))];
  const values = [
    text(1000, name),
    text(1001, version),
    text(1002, release),
    epoch === undefined ? null : numbers(1003, [epoch]),
    description === undefined ? null : text(1005, description, LOCALISED_STRING),
    license === undefined ? null : text(1014, license),
    architecture === undefined ? null : text(1022, architecture),
    files.length === 0
      ? null
      : numbers(1037, [...(fields.files ?? []).map(() => 0), ...(fields.ghosts ?? []).map(() => 64)]),
    sourceRpm === undefined ? null : text(1044, sourceRpm),
    files.length === 0
      ? null
      : numbers(
          1116,
          files.map((path) => folders.indexOf(folderOf(path))),
        ),
    files.length === 0
      ? null
      : texts(
          1117,
          files.map((path) => path.slice(folderOf(path).length)),
        ),
    files.length === 0 ? null : texts(1118, folders),
    module === undefined ? null : text(5096, module),
  ].filter((value) => value !== null);
  const signatures = Object.entries(fields.signatures ?? {});
  return assemble(
    values,
    true,
    signatures.map(([tag, bytes]) => ({ tag: Number(tag), type: BINARY, count: bytes.length, bytes })),
  );
}

/** A header of these entries: with a region and a digest as rpm 4 builds it, or as rpm 3 did. */
export function assemble(values: Value[], hasRegion: boolean, behind: Value[] = []): Buffer {
  const { index, data } = layOut(values);
  if (!hasRegion) return withLengths(index, data);
  const trailer = entry({ tag: 63, type: BINARY, count: 16 }, -16 * (values.length + 1));
  const region = {
    index: Buffer.concat([entry({ tag: 63, type: BINARY, count: 16 }, data.length), index]),
    data: Buffer.concat([data, trailer]),
  };
  const signed = Buffer.concat([Buffer.from('8eade80100000000', 'hex'), withLengths(region.index, region.data)]);
  const digests = [
    text(269, createHash('sha1').update(signed).digest('hex')),
    text(273, createHash('sha256').update(signed).digest('hex')),
  ];
  const added = layOut([...digests, ...behind], region.data.length);
  return withLengths(Buffer.concat([region.index, added.index]), Buffer.concat([region.data, added.data]));
}

export function text(tag: number, value: string, type = STRING): Value {
  return { tag, type, count: 1, bytes: Buffer.from(`${value}\0`) };
}

export function texts(tag: number, values: string[]): Value {
  return { tag, type: STRING_ARRAY, count: values.length, bytes: Buffer.from(values.map((v) => `${v}\0`).join('')) };
}

export function numbers(tag: number, values: number[]): Value {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return { tag, type: INT32, count: values.length, bytes };
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function layOut(values: Value[], start = 0): { index: Buffer; data: Buffer } {
  const index: Buffer[] = [];
  const data: Buffer[] = [];
  let length = start;
  for (const value of values) {
    const padding = value.type === INT32 ? (4 - (length % 4)) % 4 : 0;
    data.push(Buffer.alloc(padding), value.bytes);
    index.push(entry(value, length + padding));
    length += padding + value.bytes.length;
  }
  return { index: Buffer.concat(index), data: Buffer.concat(data) };
}

function entry({ tag, type, count }: Omit<Value, 'bytes'>, offset: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32BE(tag, 0);
  bytes.writeUInt32BE(type, 4);
  bytes.writeInt32BE(offset, 8);
  bytes.writeUInt32BE(count, 12);
  return bytes;
}

function withLengths(index: Buffer, data: Buffer): Buffer {
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32BE(index.length / 16, 0);
  lengths.writeUInt32BE(data.length, 4);
  return Buffer.concat([lengths, index, data]);
}

/** `Packages`: a hash table with two buckets; values over a quarter of a page go to overflow pages, as in the real one. */
export function berkeleyDb(headers: Buffer[], { pageSize = 512, isLittle = true } = {}): Buffer {
  const u16 = (b: Buffer, value: number, at: number) =>
    isLittle ? b.writeUInt16LE(value, at) : b.writeUInt16BE(value, at);
  const u32 = (b: Buffer, value: number, at: number) =>
    isLittle ? b.writeUInt32LE(value, at) : b.writeUInt32BE(value, at);
  const pages: Buffer[] = [];
  const newPage = (type: number) => {
    const page = Buffer.alloc(pageSize);
    u32(page, pages.length, 8);
    page[25] = type;
    pages.push(page);
    return pages.length - 1;
  };
  const page = (number: number) => pages[number] as Buffer;
  const number = (value: number) => {
    const bytes = Buffer.alloc(4);
    u32(bytes, value, 0);
    return bytes;
  };
  const inPlace = (bytes: Buffer) => Buffer.concat([Buffer.from([1]), bytes]);
  const meta = page(newPage(8));
  const buckets = [newPage(13), newPage(13)];
  const lowest = new Map(buckets.map((at) => [at, pageSize]));

  const offPage = (value: Buffer) => {
    const chain: number[] = [];
    for (let at = 0; at < value.length; at += pageSize - 26) {
      const current = newPage(7);
      const part = value.subarray(at, at + pageSize - 26);
      part.copy(page(current), 26);
      u16(page(current), part.length, 22);
      const previous = chain.at(-1);
      if (previous !== undefined) u32(page(previous), current, 16);
      chain.push(current);
    }
    return Buffer.concat([Buffer.from([3, 0, 0, 0]), number(chain[0] ?? 0), number(value.length)]);
  };
  const add = (bucket: number, key: number, value: Buffer) => {
    const items = [inPlace(number(key)), value.length > pageSize / 4 ? offPage(value) : inPlace(value)];
    const size = items.reduce((sum, item) => sum + item.length, 0);
    let at = buckets[bucket] as number;
    const count = () => (isLittle ? page(at).readUInt16LE(20) : page(at).readUInt16BE(20));
    if ((lowest.get(at) as number) - size < 26 + 2 * (count() + 2)) {
      const next = newPage(13);
      u32(page(at), next, 16);
      u32(page(next), at, 12);
      buckets[bucket] = next;
      lowest.set(next, pageSize);
      at = next;
    }
    for (const item of items) {
      const start = (lowest.get(at) as number) - item.length;
      item.copy(page(at), start);
      u16(page(at), start, 26 + 2 * count());
      u16(page(at), count() + 1, 20);
      lowest.set(at, start);
    }
  };
  for (const [i, value] of [number(headers.length), ...headers].entries()) add(i % 2, i, value);

  u32(meta, 0x061561, 12);
  u32(meta, 9, 16);
  u32(meta, pageSize, 20);
  u32(meta, pages.length - 1, 32);
  u32(meta, 1, 72);
  u32(meta, headers.length + 1, 88);
  for (let i = 0; i < 2; i += 1) u32(meta, 1, 96 + 4 * i);
  return Buffer.concat(pages);
}

/** `Packages.db`: one page of slots; a hole between packages is as an erased one leaves it. */
export function ndb(headers: Buffer[], { hole = 0 } = {}): Buffer {
  const slots = Buffer.alloc(4096);
  for (let at = 0; at < slots.length; at += 16) slots.write('Slot', at, 'latin1');
  slots.fill(0, 0, 32);
  slots.write('RpmP', 0, 'latin1');
  slots.writeUInt32LE(1, 12);
  slots.writeUInt32LE(headers.length + 1, 16);
  const parts = [slots];
  let offset = slots.length;
  for (const [i, header] of headers.entries()) {
    const length = Math.ceil((16 + header.length + 12) / 16) * 16;
    const blob = Buffer.alloc(length);
    blob.write('BlbS', 0, 'latin1');
    blob.writeUInt32LE(i + 1, 4);
    blob.writeUInt32LE(header.length, 12);
    header.copy(blob, 16);
    blob.writeUInt32LE(adler32(blob.subarray(0, length - 12)), length - 12);
    blob.writeUInt32LE(header.length, length - 8);
    blob.write('BlbE', length - 4, 'latin1');
    slots.writeUInt32LE(i + 1, 32 + 16 * i + 4);
    slots.writeUInt32LE(offset / 16, 32 + 16 * i + 8);
    slots.writeUInt32LE(length / 16, 32 + 16 * i + 12);
    parts.push(blob, Buffer.alloc(hole * 16));
    offset += length + hole * 16;
  }
  return Buffer.concat(parts);
}

/** RFC 1950, byte by byte. */
function adler32(bytes: Buffer): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return b * 65_536 + a;
}

/** `rpmdb.sqlite` with the tables of rpm that matter here, written by SQLite itself. */
export function sqlite(headers: Buffer[], options: { pageSize?: number; reserved?: number } = {}): Buffer {
  const database = emptyDatabase(options);
  database.exec(`CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL);
    CREATE TABLE 'Name' (key TEXT NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL);
    CREATE INDEX 'Name_key_idx' ON 'Name' (key ASC);`);
  const insert = database.prepare('INSERT INTO Packages (blob) VALUES (?)');
  const name = database.prepare('INSERT INTO Name VALUES (?, ?, 0)');
  for (const header of headers) {
    const { lastInsertRowid } = insert.run(header);
    name.run(`package-${lastInsertRowid}`, lastInsertRowid);
  }
  const bytes = Buffer.from(database.serialize());
  database.close();
  return bytes;
}

/** SQLite has no statement that reserves bytes of each page: the header of an empty database is changed. */
function emptyDatabase({ pageSize = 4096, reserved = 0 }: { pageSize?: number; reserved?: number }): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  database.exec(`PRAGMA page_size = ${pageSize}; CREATE TABLE x (x); DROP TABLE x; VACUUM;`);
  if (reserved === 0) return database;
  const bytes = Buffer.from(database.serialize());
  bytes.writeUInt8(reserved, 20);
  bytes.writeUInt16BE((pageSize - reserved) % 65_536, 105);
  database.deserialize(bytes);
  return database;
}
