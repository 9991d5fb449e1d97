import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, it } from 'vitest';
import { rpmHeader } from '../../../test/support/rpm-database.js';
import type { LayerFacts } from './layer-facts.js';
import { LayerReader } from './layer-reader.js';

const DATABASE = 'var/lib/rpm/rpmdb.sqlite';
const LOG = `${DATABASE}-wal`;

const SPOOL = {
  write: () => undefined,
  view: (): never => {
    throw new Error('nothing is spooled');
  },
  clear: () => undefined,
};

describe('a database and its log in a layer', () => {
  let database: Buffer;
  let log: Buffer;

  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-wal-'));
    const path = join(folder, 'rpmdb.sqlite');
    const writer = new DatabaseSync(path);
    writer.exec('CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL); PRAGMA journal_mode = WAL');
    writer.prepare('INSERT INTO Packages (blob) VALUES (?)').run(rpmHeader({ name: 'a' }));
    [database, log] = [readFileSync(path), readFileSync(`${path}-wal`)];
    writer.close();
    rmSync(folder, { recursive: true });
  });

  function read(entries: [string, Buffer | null][]): LayerFacts & { passes: number } {
    const pass = (reader: LayerReader) => {
      for (const [path, content] of entries) {
        const rights = { mode: 0o644, uid: 0, gid: 0, capabilities: false, linkName: 'x', sparse: false };
        const entry = { path, size: content?.length ?? 0, ...rights };
        if (!reader.entry({ ...entry, type: content === null ? 'symlink' : 'file' })) continue;
        if (content) reader.data(content);
        reader.endEntry();
      }
      return reader;
    };
    const parts = { spool: SPOOL, secrets: null };
    const first = pass(new LayerReader(parts));
    const passes = first.missed.size === 0 ? 1 : 2;
    return { ...(passes === 1 ? first : pass(new LayerReader(parts, first.missed))).end(), passes };
  }
  const told = ({ files, passes }: ReturnType<typeof read>) => ({
    passes,
    packages: files.flatMap(({ extraction }) => extraction.packages.map(({ name }) => name)),
    gaps: files.flatMap(({ extraction }) => extraction.gaps.map(({ subject }) => subject)),
  });

  it('are read together in a second pass, in whichever order they come', () => {
    const both: [string, Buffer][] = [
      [DATABASE, database],
      [LOG, log],
    ];
    for (const entries of [both, both.toReversed()]) {
      expect(told(read(entries))).toEqual({ passes: 2, packages: ['a'], gaps: [] });
    }
  });

  it('are read once where the log has nothing to say', () => {
    const facts = told(
      read([
        [DATABASE, database],
        [LOG, Buffer.alloc(0)],
      ]),
    );
    expect(facts).toEqual({ passes: 1, packages: [], gaps: [] });
  });

  it('leave a gap where the database is not there', () => {
    expect(told(read([[LOG, log]]))).toEqual({ passes: 1, packages: [], gaps: [`/${LOG}`] });
  });

  it.each<[string, Buffer | null]>([
    ['an empty one', Buffer.alloc(0)],
    ['a link', null],
  ])('are not read together where %s took the place of the log', (_what, later) => {
    const facts = told(
      read([
        [DATABASE, database],
        [LOG, log],
        [LOG, later],
      ]),
    );
    expect(facts).toEqual({ passes: 1, packages: [], gaps: [] });
  });
});
