import { ExtractionBuilder } from '../extraction-builder.js';
import type { Extraction, Extractor } from '../extractor.js';
import { contentOf, type FileView } from '../file-view.js';
import { isBerkeleyDb, readBerkeleyDb } from './berkeley-db.js';
import { readManifest } from './container-manifest.js';
import type { HeaderSource } from './header-source.js';
import { isNdb, readNdb } from './ndb.js';
import { isRefusedSignature } from './openpgp-signature.js';
import { RpmHeader } from './rpm-header.js';
import { ownFiles, packageOf } from './rpm-package.js';
import { isSqlite, readSqlite } from './sqlite-database.js';
import { hasTransaction, isUnfinished, LoggedDatabase, pagesOf } from './sqlite-log.js';

/** Where rpm keeps its database, by age and distribution; the last is ostree's. */
const FOLDERS = ['var/lib/rpm', 'usr/lib/sysimage/rpm', 'usr/share/rpm'];
const DATABASES = ['Packages', 'Packages.db', 'rpmdb.sqlite'];
const LOG_ENDING = '-wal';
const WAL = `.sqlite${LOG_ENDING}`;
const JOURNAL = '.sqlite-journal';
const LOGS = [`rpmdb${WAL}`, `rpmdb${JOURNAL}`];
const MANIFEST = 'var/lib/rpmmanifest/container-manifest-2';
const PATHS = new Set([
  ...FOLDERS.flatMap((folder) => [...DATABASES, ...LOGS].map((name) => `${folder}/${name}`)),
  MANIFEST,
]);
const SHORTEST = 'var/lib/rpm/Packages'.length;

/** Ten times what the largest distribution installs at once. Each costs 8 bytes of memory, and of the layer's facts. */
const MAX_FILES = 4_000_000;

/** The databases of rpm. Which form one has is told by its first bytes, as rpm's own name for a file has changed. */
export const rpm: Extractor = {
  name: 'rpm',
  version: 3,
  maxBytes: 1024 * 1024 * 1024,
  fixedPaths: [...PATHS],
  candidates: { endings: [...PATHS] },
  wants(path: string): boolean {
    const first = path.charCodeAt(0);
    return (first === 0x75 || first === 0x76) && path.length >= SHORTEST && PATHS.has(path);
  },
  /** Of changes that SQLite has not brought into a database yet. */
  partOf: (path) => (path.endsWith(WAL) ? path.slice(0, -LOG_ENDING.length) : null),
  extract(file: FileView, log?: FileView): Extraction {
    const builder = new ExtractionBuilder(file.path);
    if (file.path === MANIFEST) readManifest(contentOf(file), builder);
    else if (file.path.endsWith(WAL)) {
      if (hasTransaction(file)) builder.unparsable(null, 'changes that the database beside it may not have yet');
    } else if (file.path.endsWith(JOURNAL)) {
      if (isUnfinished(file)) builder.unparsable(null, 'a change of the database beside it that was not finished');
    } else readDatabase(log ? withLog(file, log, builder) : file, builder);
    return builder.build();
  },
};

function withLog(file: FileView, log: FileView, builder: ExtractionBuilder): FileView {
  const pages = pagesOf(log);
  if (!pages) return file;
  const header = file.read(0, 18);
  // A database whose first transaction is in the log has no header of its own; 65536 does not fit into the field.
  const stated = header.length < 18 ? pages.pageSize : header.readUInt16BE(16);
  if ((stated === 1 ? 65_536 : stated) === pages.pageSize) return new LoggedDatabase(file, log, pages);
  builder.unparsable(null, 'a log of changes whose pages have another size');
  return file;
}

function readDatabase(file: FileView, builder: ExtractionBuilder): void {
  const fault = (what: string) => builder.unparsable(null, what);
  const read = sourceFor(file.read(0, 16));
  if (!read) {
    fault('no database in a form of rpm');
    return;
  }
  let filesLeft = MAX_FILES;
  for (const bytes of read(file, fault)) {
    const header = RpmHeader.parse(bytes, fault);
    const found = header && packageOf(header, fault);
    if (!found) continue;
    if (isRefused(header)) {
      // As rpm does, but said: what is left out has to be looked at by a person. Its files are then nobody's.
      builder.leaveOut(found, 'rpm refuses a package whose OpenPGP signature is malformed');
      continue;
    }
    builder.add(found, null);
    filesLeft -= ownFiles(header, filesLeft, (path) => builder.own(path), fault);
    if (filesLeft === 0) fault(`packages with more than ${MAX_FILES} files`);
  }
}

/** Of the signatures in a header, rpm looks at those that are of the header alone, whatever the version of the package. */
function isRefused(header: RpmHeader): boolean {
  const signatures = [header.binary('rsaSignature'), header.binary('dsaSignature')];
  return signatures.some((signature) => signature !== null && isRefusedSignature(signature));
}

function sourceFor(start: Buffer): HeaderSource | null {
  if (isSqlite(start)) return readSqlite;
  if (isNdb(start)) return readNdb;
  if (isBerkeleyDb(start)) return readBerkeleyDb;
  return null;
}
