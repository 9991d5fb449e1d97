import type { ConnectOptions } from './connect.js';
import { EXIT_CODES, type ExitCode } from './exit-code.js';
import { entriesOfService } from './log-entries.js';
import { printLine } from './output.js';
import { withService } from './with-service.js';

export interface EventsCommandOptions extends ConnectOptions {
  after: string;
  types?: string;
}

/** Prints the log to its end, one event a line: what `verify` takes, where it is whole. */
export async function eventsCommand(options: EventsCommandOptions, signal: AbortSignal): Promise<ExitCode> {
  await withService(options, signal, async (client) => {
    for await (const entry of entriesOfService(client, options)) {
      signal.throwIfAborted();
      printLine(JSON.stringify(entry));
    }
  });
  return EXIT_CODES.ok;
}
