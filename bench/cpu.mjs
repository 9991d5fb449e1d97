/** Processor time of this process and of PostgreSQL with all its backends, seconds; see proc(5). */
import { readdirSync, readFileSync } from 'node:fs';

const TICKS = 100;

/** @param pid of another process that is meant instead of this one */
export function cpuSeconds(postgresPid, pid = process.pid) {
  let node = 0;
  let postgres = 0;
  for (const { pid: each, parent, own, ended } of processes()) {
    if (each === pid) node += own;
    // Of the server also what backends took that have ended.
    if (each === postgresPid) postgres += own + ended;
    if (parent === postgresPid) postgres += own;
  }
  return { node, postgres };
}

/** The server that a service started. */
export function postgresOf(servicePid) {
  return processes().find(({ parent, name }) => parent === servicePid && name === 'postgres')?.pid;
}

function processes() {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const [, name, rest] = /\((.*)\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'));
      const fields = rest.split(' ');
      const seconds = (...indices) => indices.reduce((sum, i) => sum + Number(fields[i]), 0) / TICKS;
      // utime and stime, cutime and cstime
      return [{ pid: Number(pid), name, parent: Number(fields[1]), own: seconds(11, 12), ended: seconds(13, 14) }];
    } catch {
      // It has ended.
      return [];
    }
  });
}
