import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { damaged, damages } from '../../../../test/support/byte-damage.js';
import fc from '../../../../test/support/property.js';
import { rpmHeader, sqlite } from '../../../../test/support/rpm-database.js';
import { MemoryFile } from '../file-view.js';
import { rpm } from './rpm.js';

const PATH = 'var/lib/rpm/rpmdb.sqlite';
const header = (name: string, version = '1', size = 0) => rpmHeader({ name, version, description: 'x'.repeat(size) });

/** Database and log as files, while a writer is at work, and what the writer sees. */
interface State {
  database: Buffer;
  log: Buffer;
  seen: string[];
}

describe('a database with a log beside it', () => {
  let folder: string;
  const states: Record<string, State> = {};

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'plimsoll-wal-'));
    for (const pageSize of [512, 4_096, 65_536]) write(pageSize);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function write(pageSize: number): void {
    const path = join(folder, `${pageSize}.sqlite`);
    const database = new DatabaseSync(path);
    database.exec(`PRAGMA page_size = ${pageSize}; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;
      CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL);
      CREATE TABLE Name (key TEXT NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL);`);
    const add = (bytes: Buffer) => {
      const { lastInsertRowid } = database.prepare('INSERT INTO Packages (blob) VALUES (?)').run(bytes);
      database.prepare('INSERT INTO Name VALUES (?, ?, 0)').run('n', lastInsertRowid);
    };
    const keep = (what: string) => {
      const seen = database
        .prepare('SELECT blob FROM Packages')
        .all()
        .flatMap(({ blob }) => versions(rpm.extract(new MemoryFile(PATH, sqlite([Buffer.from(blob as Uint8Array)])))));
      states[`${what}, pages of ${pageSize}`] = {
        database: readFileSync(path),
        log: readFileSync(`${path}-wal`),
        seen: seen.sort(),
      };
    };
    for (let i = 0; i < 30; i += 1) add(header(`p${i}`, '1', i * 100));
    keep('all in the log');
    database.exec('PRAGMA wal_checkpoint = TRUNCATE');
    add(header('new', '1', 20_000));
    database.prepare('UPDATE Packages SET blob = ? WHERE hnum = 3').run(header('p2', '2', 9_000));
    database.exec('DELETE FROM Packages WHERE hnum = 7; DELETE FROM Name WHERE hnum = 7');
    keep('changes in the log');
    // The log is begun again from its front: behind the new frames are old ones.
    database.exec('PRAGMA wal_checkpoint = RESTART');
    add(header('newer'));
    keep('a log that was used before');
    database.exec('DELETE FROM Packages WHERE hnum > 2; DELETE FROM Name WHERE hnum > 2; VACUUM');
    keep('most removed in the log');
    database.close();
  }

  const versions = ({ packages }: ReturnType<typeof rpm.extract>) =>
    packages.map(({ name, version }) => `${name} ${version}`).sort();
  const read = (database: Buffer, log: Buffer) =>
    rpm.extract(new MemoryFile(PATH, database), new MemoryFile(`${PATH}-wal`, log));

  it('is what SQLite sees', () => {
    expect(Object.keys(states)).toHaveLength(12);
    for (const [what, { database, log, seen }] of Object.entries(states)) {
      const found = read(database, log);
      expect([what, versions(found)]).toEqual([what, seen]);
      expect(found.gaps).toEqual([]);
      expect(versions(rpm.extract(new MemoryFile(PATH, database)))).not.toEqual(seen);
    }
  });

  it('is as it was without what a transaction did not finish', () => {
    for (const { database, log } of Object.values(states)) {
      const pageSize = log.readUInt32BE(8);
      const cut = log.subarray(0, 32 + 24 + pageSize - 1);
      expect(versions(read(database, cut))).toEqual(versions(rpm.extract(new MemoryFile(PATH, database))));
    }
  });

  it('says so where the pages of both differ in size', () => {
    const small = states['changes in the log, pages of 512'] as State;
    const large = states['changes in the log, pages of 4096'] as State;
    const found = read(large.database, small.log);
    expect(versions(found)).toEqual(versions(rpm.extract(new MemoryFile(PATH, large.database))));
    expect(found.gaps).toMatchObject([{ message: expect.stringContaining('pages have another size') }]);
  });

  it('is read to an end, whatever is damaged', () => {
    const { database, log } = states['changes in the log, pages of 512'] as State;
    fc.assert(
      fc.property(damages(4), damages(4), (first, second) => {
        read(damaged(database, first), damaged(log, second));
      }),
      { seed: 20_261_124, numRuns: 300 },
    );
  });
});
