import { spawnSync } from 'node:child_process';
import { chownSync, readFileSync, statSync } from 'node:fs';
import { StartError } from './start-error.js';

/** As whom PostgreSQL runs, which refuses to be root. */
export interface DatabaseUser {
  /** Gives a file or folder to the user. */
  own(path: string): void;
  /** What to spawn so that the command runs as the user. */
  command(program: string, args: readonly string[]): SpawnPlan;
}

interface SpawnPlan {
  program: string;
  args: string[];
  /** Set where the process is to change its user itself. */
  ids: { uid?: number; gid?: number };
}

/**
 * Linux capabilities that let the user pass through folders closed to it, as a checkout below /root is; the second where
 * a container took the first away.
 */
const PASS_THROUGH = ['dac_read_search', 'dac_override'];

/**
 * For a normal user it is that user. For root it is the owner of the database that is there, else `nobody`.
 *
 * @param cluster the folder of the database, if there is one
 * @param program must be executable for the user
 * @param folder must be reachable for the user
 * @throws StartError
 */
export function databaseUser(cluster: string | null, program: string, folder: string): DatabaseUser {
  const uid = process.getuid?.();
  if (uid !== 0) {
    if (uid !== undefined && !isNamed(uid)) throw unnamed(uid);
    return { own: () => undefined, command: (command, args) => ({ program: command, args: [...args], ids: {} }) };
  }
  const ids = ownerOf(cluster) ?? nobody();
  const own = (path: string) => chownSync(path, ids.uid, ids.gid);
  const direct: DatabaseUser = { own, command: (command, args) => ({ program: command, args: [...args], ids }) };
  own(folder);
  if (reaches(direct, program, folder)) return direct;
  for (const capability of PASS_THROUGH) {
    const passing: DatabaseUser = { own, command: (command, args) => withCapability(capability, ids, command, args) };
    if (reaches(passing, program, folder)) return passing;
  }
  throw new StartError(
    `PostgreSQL does not run as root, and as user ${ids.uid} it cannot reach ${program} and ${folder}: one of the folders above them is closed to others. Keep Plimsoll and its data where others may pass, as /opt/plimsoll and PLIMSOLL_DATA_DIR=/var/lib/plimsoll, install setpriv (util-linux), or start as a user that is not root.`,
  );
}

/** setpriv changes user and keeps one capability, then becomes the command: the process number stays. */
function withCapability(
  capability: string,
  ids: { uid: number; gid: number },
  command: string,
  args: readonly string[],
): SpawnPlan {
  return {
    program: 'setpriv',
    args: [
      `--reuid=${ids.uid}`,
      `--regid=${ids.gid}`,
      '--clear-groups',
      `--inh-caps=+${capability}`,
      `--ambient-caps=+${capability}`,
      // capabilities(7), SECBIT_NO_SETUID_FIXUP: without it access(2), by which PostgreSQL finds itself, ignores capabilities.
      '--securebits=+no_setuid_fixup',
      '--',
      command,
      ...args,
    ],
    ids: {},
  };
}

/** Tried and not computed from modes: access lists and mounts have a say too. */
function reaches(user: DatabaseUser, program: string, folder: string): boolean {
  const run = (command: string, args: string[]) => {
    const plan = user.command(command, args);
    return spawnSync(plan.program, plan.args, { ...plan.ids, stdio: 'ignore', cwd: '/' }).status === 0;
  };
  return run(program, ['--version']) && run('/bin/sh', ['-c', 'cd "$1" && test -w .', 'sh', folder]);
}

function ownerOf(cluster: string | null): { uid: number; gid: number } | null {
  if (cluster === null) return null;
  const { uid, gid } = statSync(cluster);
  return uid === 0 ? null : { uid, gid };
}

function nobody(): { uid: number; gid: number } {
  const entries = passwd();
  const entry = entries.find(({ uid }) => uid === 65_534) ?? entries.find(({ name }) => name === 'nobody');
  if (entry) return entry;
  throw new StartError(
    'PostgreSQL does not run as root, and /etc/passwd has no user "nobody" to run it as: start as a user that is not root, or set PLIMSOLL_DATABASE_URL.',
  );
}

/** initdb looks its user up by number. Users that are not in the file may come from a directory service. */
function isNamed(uid: number): boolean {
  return passwd().length === 0 || passwd().some((entry) => entry.uid === uid) || hasDirectoryService();
}

function hasDirectoryService(): boolean {
  try {
    return /^passwd:.*\b(sss|ldap|nis|winbind|systemd|extrausers)\b/m.test(readFileSync('/etc/nsswitch.conf', 'utf8'));
  } catch {
    return process.platform !== 'linux';
  }
}

function unnamed(uid: number): StartError {
  return new StartError(
    `PostgreSQL needs a user with a name, and /etc/passwd has none for number ${uid}: add a line as "plimsoll:x:${uid}:${uid}::/:/sbin/nologin", start as another user, or set PLIMSOLL_DATABASE_URL.`,
  );
}

function passwd(): { name: string; uid: number; gid: number }[] {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .filter((fields) => fields.length >= 4)
      .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
  } catch {
    return [];
  }
}
