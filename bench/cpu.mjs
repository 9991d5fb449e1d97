/** Processor time of this process and of PostgreSQL with all its backends, seconds; see proc(5). */
import { readdirSync, readFileSync } from 'node:fs';

const TICKS = 100;

export function cpuSeconds(postgresPid) {
  const { user, system } = process.cpuUsage();
  let ticks = 0;
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
      const isServer = Number(pid) === postgresPid;
      if (!isServer && Number(fields[1]) !== postgresPid) continue;
      // utime and stime; of the server also those of backends that have ended.
      ticks += Number(fields[11]) + Number(fields[12]) + (isServer ? Number(fields[13]) + Number(fields[14]) : 0);
    } catch {
      // It has ended.
    }
  }
  return { node: (user + system) / 1e6, postgres: ticks / TICKS };
}
