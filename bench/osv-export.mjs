/** A large export in OSV's layout, made of the records of a small one: each again and again, under other ids and names. */
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import yauzl from 'yauzl';

/**
 * @param count records in all
 * @returns the number of records and their bytes
 */
export async function makeExport(mirror, parts, folder, count) {
  const originals = new Map();
  for (const part of parts) originals.set(part, await recordsOf(join(mirror, part, 'all.zip')));
  const total = [...originals.values()].reduce((sum, records) => sum + records.length, 0);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'ecosystems.txt'), `${parts.join('\n')}\n`);
  let written = 0;
  let bytes = 0;
  for (const [i, part] of parts.entries()) {
    const records = originals.get(part);
    const wanted = i === parts.length - 1 ? count - written : Math.round((count * records.length) / total);
    await mkdir(join(folder, part), { recursive: true });
    const zip = new ZipWriter(createWriteStream(join(folder, part, 'all.zip')));
    for (let n = 0; n < wanted; n += 1) {
      const record = copyOf(records[n % records.length], Math.floor(n / records.length));
      const text = Buffer.from(JSON.stringify(record));
      bytes += text.length;
      await zip.add(`${record.id}.json`, text);
    }
    await zip.end();
    written += wanted;
  }
  return { records: written, bytes };
}

/** Every text of the records in the export, part by part. */
export async function* recordTexts(folder, parts) {
  for (const part of parts) {
    const zip = await yauzl.openPromise(join(folder, part, 'all.zip'), { lazyEntries: true });
    for await (const entry of zip.eachEntry()) {
      const chunks = [];
      for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk);
      yield Buffer.concat(chunks).toString();
    }
  }
}

async function recordsOf(path) {
  const records = [];
  const zip = await yauzl.openPromise(path, { lazyEntries: true });
  for await (const entry of zip.eachEntry()) {
    const chunks = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk);
    records.push(JSON.parse(Buffer.concat(chunks).toString()));
  }
  return records;
}

function copyOf(record, n) {
  if (n === 0) return record;
  const other = (id) => `${id}-${n}`;
  return {
    ...record,
    id: other(record.id),
    ...(record.aliases ? { aliases: record.aliases.map(other) } : {}),
    ...(record.upstream ? { upstream: record.upstream.map(other) } : {}),
    affected: (record.affected ?? []).map((entry) =>
      entry.package ? { ...entry, package: { ...entry.package, name: other(entry.package.name) } } : entry,
    ),
  };
}

/** APPNOTE.TXT: local entries, then the directory with its zip64 end, as more than 65,535 entries need. */
class ZipWriter {
  constructor(stream) {
    this.stream = stream;
    this.offset = 0;
    this.directory = [];
  }

  async add(name, data) {
    const compressed = deflateRawSync(data, { level: 1 });
    const fileName = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(45, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(compressed.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(fileName.length, 22);
    const central = Buffer.alloc(14);
    central.writeUInt32LE(this.offset, 10);
    this.directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x2d\x00'), common, central, fileName]));
    await this.write(Buffer.concat([Buffer.from('PK\x03\x04'), common, fileName, compressed]));
  }

  async end() {
    const start = this.offset;
    const directory = Buffer.concat(this.directory);
    await this.write(directory);
    const end64 = Buffer.alloc(56);
    end64.write('PK\x06\x06', 0, 'latin1');
    end64.writeBigUInt64LE(44n, 4);
    end64.writeUInt16LE(45, 12);
    end64.writeUInt16LE(45, 14);
    end64.writeBigUInt64LE(BigInt(this.directory.length), 24);
    end64.writeBigUInt64LE(BigInt(this.directory.length), 32);
    end64.writeBigUInt64LE(BigInt(directory.length), 40);
    end64.writeBigUInt64LE(BigInt(start), 48);
    const locator = Buffer.alloc(20);
    locator.write('PK\x06\x07', 0, 'latin1');
    locator.writeBigUInt64LE(BigInt(this.offset), 8);
    locator.writeUInt32LE(1, 16);
    const end = Buffer.alloc(22, 0xff);
    end.write('PK\x05\x06', 0, 'latin1');
    end.fill(0, 4, 8);
    end.fill(0, 20, 22);
    await this.write(Buffer.concat([end64, locator, end]));
    await new Promise((resolve) => this.stream.end(resolve));
  }

  write(bytes) {
    this.offset += bytes.length;
    return new Promise((resolve, reject) => this.stream.write(bytes, (error) => (error ? reject(error) : resolve())));
  }
}
