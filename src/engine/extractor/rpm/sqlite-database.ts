import type { HeaderSource } from './header-source.js';
import { readVarint, SqliteTables } from './sqlite-table.js';

const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');
const SCHEMA = 1;

/**
 * `rpmdb.sqlite`, as rpm writes it since 4.16: `Packages(hnum INTEGER PRIMARY KEY, blob BLOB)` has the headers, `Name`
 * one row for each of them too.
 */
export const readSqlite: HeaderSource = function* (file, fault) {
  const tables = SqliteTables.open(file, fault);
  if (!tables) return;
  const roots = new Map<string, number>();
  for (const row of tables.rows(SCHEMA)) {
    const [type, name, , root] = columnsOf(row, 4);
    if (type === undefined || name === undefined || root === undefined) fault('a schema that cannot be read');
    else if (type.toString('latin1') === 'table' && root.length > 0 && root.length <= 6) {
      // Names are not case-sensitive, and the first counts: there is no second in a sound database.
      const key = name.toString('latin1').toLowerCase();
      if (!roots.has(key)) roots.set(key, root.readUIntBE(0, root.length));
    }
  }
  const packages = roots.get('packages');
  if (packages === undefined) {
    fault('no table of packages');
    return;
  }
  let headers = 0;
  for (const row of tables.rows(packages)) {
    headers += 1;
    const [, blob] = columnsOf(row, 2);
    if (blob && blob.length > 0) yield blob;
    else fault('a row without a header');
  }
  const names = roots.get('name');
  if (names === undefined) return;
  let named = 0;
  for (const _ of tables.rows(names)) named += 1;
  if (headers < named) fault(`${headers} of the ${named} packages that it names`);
};

export function isSqlite(start: Buffer): boolean {
  return start.subarray(0, MAGIC.length).equals(MAGIC);
}

/**
 * The first columns of a record ("Record Format"), each as its bytes, whatever its type; fewer where it has fewer, or
 * where it ends before them.
 */
function columnsOf(record: Buffer, wanted: number): Buffer[] {
  const header = readVarint(record, 0);
  const columns: Buffer[] = [];
  let start = header.value;
  for (let at = header.end; at < header.value && columns.length < wanted; ) {
    const type = readVarint(record, at);
    at = type.end;
    const end = start + sizeOf(type.value);
    if (end > record.length) break;
    columns.push(record.subarray(start, end));
    start = end;
  }
  return columns;
}

/** "Serial Type Codes Of The Record Format". */
function sizeOf(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2);
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0][type] ?? 0;
}
