import type { z } from 'zod';
import type { ValueRedaction } from '../../../engine/secret/value-redaction.js';
import type { Container } from '../../../model/host/engine.js';
import type { processesAnswer } from './engine-answers.js';

/** Of one container; more are of no use to a control. */
const MAX_PROCESSES = 1_000;
/** Characters of a command line. */
const MAX_COMMAND = 1_000;

/** Columns are ps(1)'s, `UID … CMD`, or Podman's, `USER … COMMAND`. Null where they are others. */
export function processesOf(
  { Titles, Processes }: z.output<typeof processesAnswer>,
  redaction: ValueRedaction,
): Container['processes'] {
  const user = Titles.findIndex((title) => title === 'UID' || title === 'USER');
  const command = Titles.findIndex((title) => title === 'CMD' || title === 'COMMAND');
  if (user < 0 || command < 0) return null;
  const processes = Processes.slice(0, MAX_PROCESSES).map((columns) => ({
    user: (columns[user] ?? '').slice(0, 100),
    command: redaction.line((columns[command] ?? '').slice(0, MAX_COMMAND), 'processes'),
  }));
  return processes.sort((a, b) => (`${a.user} ${a.command}` < `${b.user} ${b.command}` ? -1 : 1));
}
