import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { DatabaseUser } from './database-user.js';
import { emptySocketFolder } from './leftover-server.js';

/** unix(7): `sun_path` has 108 bytes, on macOS 104, and `/.s.PGSQL.5432` comes behind the folder. */
const MAX_PATH_BYTES = 88;

/** PostgreSQL reads a list of folders: these would end or quote a path. */
const LIST_CHARACTERS = /[,"'\\\n]/;

const TEMPORARY_PREFIX = 'plimsoll-pg-';

export interface SocketFolder {
  path: string;
  /** Call it when the server has ended. */
  remove(): Promise<void>;
}

/** A folder that only PostgreSQL's user enters: below `base`, or a temporary one where that path is too long for a socket. */
export async function socketFolder(base: string, user: DatabaseUser): Promise<SocketFolder> {
  const inside = join(base, 'run');
  if (Buffer.byteLength(inside) <= MAX_PATH_BYTES && !LIST_CHARACTERS.test(inside)) {
    await mkdir(inside, { recursive: true, mode: 0o700 });
    await emptySocketFolder(inside);
    await close(inside, user);
    return { path: inside, remove: () => emptySocketFolder(inside) };
  }
  const temporary = await mkdtemp(join(tmpdir(), TEMPORARY_PREFIX));
  await close(temporary, user);
  return { path: temporary, remove: () => removeTemporary(temporary) };
}

/** Removes a temporary folder that a killed service left. */
export async function removeLeftoverSockets(path: string | null): Promise<void> {
  if (path && dirname(path) === tmpdir() && basename(path).startsWith(TEMPORARY_PREFIX)) await removeTemporary(path);
}

async function close(path: string, user: DatabaseUser): Promise<void> {
  await chmod(path, 0o700);
  user.own(path);
}

async function removeTemporary(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}
