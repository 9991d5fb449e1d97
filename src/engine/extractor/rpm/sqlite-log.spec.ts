import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryFile } from '../file-view.js';
import { rpm } from './rpm.js';

/** SQLite writes the logs: of a database in a folder of its own, copied while a writer is at work. */
describe('what SQLite leaves beside a database', () => {
  let folder: string;
  let wal: Buffer;
  let finished: Buffer;
  let journal: Buffer;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'plimsoll-sqlite-'));
    const logged = new DatabaseSync(join(folder, 'wal.sqlite'));
    logged.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (x); INSERT INTO t VALUES (zeroblob(10000));');
    wal = readFileSync(join(folder, 'wal.sqlite-wal'));
    logged.exec('PRAGMA wal_checkpoint = TRUNCATE');
    finished = readFileSync(join(folder, 'wal.sqlite-wal'));
    logged.close();
    const rolled = new DatabaseSync(join(folder, 'journal.sqlite'));
    rolled.exec('CREATE TABLE t (x); INSERT INTO t VALUES (zeroblob(100000)); PRAGMA cache_size = 1;');
    rolled.exec('BEGIN; UPDATE t SET x = randomblob(100000); INSERT INTO t VALUES (zeroblob(100000));');
    journal = readFileSync(join(folder, 'journal.sqlite-journal'));
    rolled.exec('ROLLBACK');
    rolled.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const gaps = (bytes: Buffer, name: string) => {
    const found = rpm.extract(new MemoryFile(`var/lib/rpm/rpmdb.sqlite-${name}`, bytes));
    expect(found.packages).toEqual([]);
    return found.gaps.map(({ code, subject, message }) => `${code} ${subject} ${/ has .*?:/.exec(message)?.[0]}`);
  };
  const WAL_GAP = [
    'file_unparsable /var/lib/rpm/rpmdb.sqlite-wal  has changes that the database beside it may not have yet:',
  ];

  it('is a gap where a log has a whole transaction', () => {
    expect(gaps(wal, 'wal')).toEqual(WAL_GAP);
    expect(gaps(wal.subarray(0, -1), 'wal')).toEqual(WAL_GAP);
  });

  it('is none where a log is empty, as rpm leaves it, or has no whole transaction', () => {
    expect(finished).toHaveLength(0);
    const pages = (wal.length - 32) / (24 + 4_096);
    expect(pages).toBeGreaterThan(3);
    for (const bytes of [finished, wal.subarray(0, 20), wal.subarray(0, 32), wal.subarray(0, 32 + 24 + 4_096)]) {
      expect(gaps(bytes, 'wal')).toEqual([]);
    }
    for (const damaged of [0, 9, 17, 25, 40, 56, 1_000]) {
      const bytes = Buffer.from(wal);
      bytes[damaged] = (bytes[damaged] ?? 0) ^ 1;
      // One bit of the magic number is the byte order of the sums.
      expect(gaps(bytes, 'wal')).toEqual([]);
    }
  });

  it('is a gap where a journal is of a transaction that was not finished', () => {
    expect(gaps(journal, 'journal')).toEqual([
      'file_unparsable /var/lib/rpm/rpmdb.sqlite-journal  has a change of the database beside it that was not finished:',
    ]);
    expect(gaps(Buffer.alloc(0), 'journal')).toEqual([]);
    expect(gaps(Buffer.alloc(512), 'journal')).toEqual([]);
  });
});
