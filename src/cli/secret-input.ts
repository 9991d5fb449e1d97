import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { CommandError, EXIT_CODES } from './exit-code.js';

/** Characters of a secret. */
const MAX_LENGTH = 16_384;

/**
 * Reads a secret: asked for on a terminal, which does not show it, else standard input to its end. Never an argument,
 * which other users see in the list of processes.
 *
 * @param what as `password of alice`
 * @throws CommandError `usage` for none
 */
export async function readSecret(what: string, signal: AbortSignal): Promise<string> {
  const secret = process.stdin.isTTY ? await ask(what, signal) : await readAll();
  if (secret === '') throw new CommandError(EXIT_CODES.usage, `Expected the ${what} on standard input, got nothing.`);
  if (secret.length > MAX_LENGTH)
    throw new CommandError(EXIT_CODES.usage, `The ${what} is over ${MAX_LENGTH} characters.`);
  return secret;
}

/** Without the end of the line that `echo` adds. */
async function readAll(): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > 4 * MAX_LENGTH) break;
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

function ask(what: string, signal: AbortSignal): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  process.stderr.write(`${what}: `);
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      process.stderr.write('\n');
      terminal.close();
      settle();
    };
    // In this mode Ctrl-C is a character, and no signal.
    terminal.once('SIGINT', () => end(() => reject(new CommandError(EXIT_CODES.interrupted, 'interrupted'))));
    signal.addEventListener('abort', () => end(() => reject(signal.reason)), { once: true });
    terminal.once('line', (line) => end(() => resolve(line)));
  });
}
