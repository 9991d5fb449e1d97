import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DatabaseUser } from './database-user.js';
import { createDurably, renameDurably } from './durable-file.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { StartError } from './start-error.js';

/** The database's only user. */
export const DATABASE_USER = 'plimsoll';

/** The version of the npm package; another one cannot read the files. */
const MAJOR_VERSION = '18';

/** PostgreSQL sees none of the service's variables: they hold secrets, and PGDATA and its like would change it. */
export const POSTGRES_ENV = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Paths of what belongs to the embedded database. */
export interface DatabaseFolder {
  /** `<data folder>/postgres`; PostgreSQL's user owns it. */
  base: string;
  /** PostgreSQL's data directory. */
  cluster: string;
  /** The password, readable by the service's user only. */
  passwordFile: string;
}

export function databaseFolder(dataDir: string): DatabaseFolder {
  const base = join(dataDir, 'postgres');
  return { base, cluster: join(base, 'data'), passwordFile: join(dataDir, 'postgres-password') };
}

/**
 * Makes the database unless it is there. It is made under another name first, so one that was interrupted is made again.
 *
 * @returns the password: other programs of PostgreSQL's user could reach the socket too, `nobody`'s are many
 */
export async function ensureCluster(
  folder: DatabaseFolder,
  { initdb, postgres }: PostgresBinaries,
  user: DatabaseUser,
): Promise<string> {
  const isNew = !existsSync(folder.cluster);
  if (!isNew) await checkVersion(folder.cluster);
  const lost = await createDurably(folder.passwordFile, randomBytes(24).toString('base64url'));
  await chmod(folder.passwordFile, 0o600);
  const password = (await readFile(folder.passwordFile, 'utf8')).trim();
  if (isNew) await create(folder, initdb, user, password);
  else if (lost) await resetPassword(folder, postgres, user, password);
  return password;
}

async function checkVersion(cluster: string): Promise<void> {
  const found = (await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  if (found === MAJOR_VERSION) return;
  const what = found === '' ? 'is not a database' : `was made by PostgreSQL ${found}`;
  throw new StartError(
    `${cluster} ${what}, expected one of PostgreSQL ${MAJOR_VERSION}: move the folder away to start with an empty database, or set PLIMSOLL_DATA_DIR to another folder.`,
  );
}

async function create(folder: DatabaseFolder, initdb: string, user: DatabaseUser, password: string): Promise<void> {
  const unfinished = `${folder.cluster}.new`;
  const passwordFile = join(folder.base, 'initdb-password');
  await rm(unfinished, { recursive: true, force: true });
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' });
  user.own(passwordFile);
  const { program, args, ids } = user.command(initdb, [
    `--pgdata=${unfinished}`,
    `--username=${DATABASE_USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // PostgreSQL's own collation: the order of text does not change with the system's C library.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
  ]);
  try {
    await promisify(execFile)(program, args, { ...ids, cwd: folder.base, env: POSTGRES_ENV });
  } catch (cause) {
    const { stderr = '', message } = cause as Error & { stderr?: string };
    throw new StartError(`PostgreSQL could not make its database: ${stderr.trim() || message}`, { cause });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await renameDurably(unfinished, folder.cluster);
}

/** The file was lost: the single-user mode needs no password. */
async function resetPassword(
  folder: DatabaseFolder,
  postgres: string,
  user: DatabaseUser,
  password: string,
): Promise<void> {
  const { program, args, ids } = user.command(postgres, ['--single', '-D', folder.cluster, 'postgres']);
  const child = spawn(program, args, {
    ...ids,
    cwd: folder.base,
    env: POSTGRES_ENV,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.stdin.end(`ALTER ROLE ${DATABASE_USER} PASSWORD '${password}'\n`);
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code === 0) return;
  await rm(folder.passwordFile, { force: true });
  throw new StartError(
    `The database's password (${folder.passwordFile}) was lost and could not be set again: stop every other user of ${folder.cluster}, then start again.`,
  );
}
