import { readFile, writeFile } from 'node:fs/promises';
import type { LogHead } from '../ledger/checkpoint-note.js';
import { type LogFault, LogVerifier } from '../ledger/log-verifier.js';
import { openCheckpoint } from '../ledger/signed-checkpoint.js';
import { type NoteKey, parseVerifierKey } from '../ledger/signed-note.js';
import type { Checkpoint } from '../model/checkpoint.js';
import type { ConnectOptions } from './connect.js';
import { CommandError, EXIT_CODES, type ExitCode } from './exit-code.js';
import { entriesOfFile, entriesOfService } from './log-entries.js';
import { type OutputFormat, printJson, printLine } from './output.js';
import { printable } from './table.js';
import type { Wire } from './wire.js';
import { withService } from './with-service.js';

export interface VerifyCommandOptions extends ConnectOptions {
  /** Files with checkpoints that were kept. */
  checkpoint: string[];
  /** Keys that are trusted, and no others. */
  key: string[];
  save?: string;
  format: OutputFormat;
}

export const VERIFY_HELP = `
Exit codes:
  0    every entry is as it was written, and the log agrees with every checkpoint
  1    an entry or a checkpoint does not verify; the first bad one is named
  2    the command line is wrong, or a file cannot be read
  3    the service could not be reached
  4    the chain is whole, but no checkpoint was compared: a log that was cut at its end, or rewritten as a whole,
       would look the same
  130  interrupted`;

interface Verdict {
  fault: LogFault | { kind: 'signature'; position: null; message: string } | null;
  entries: number;
  size: string;
  head: string;
  /** Checkpoints that the log agrees with, and the largest of them. */
  checkpoints: number;
  agreedSize: string;
}

/** @param file an export, one event a line; null for the log of a service */
export async function verifyCommand(
  file: string | null,
  options: VerifyCommandOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const trusted = options.key.map(keyOf);
  const kept = await Promise.all(options.checkpoint.map(readText));
  const verdict =
    file === null
      ? await withService(options, signal, async (client) => {
          const current = await client.get<Wire<Checkpoint>>('/v1/events/checkpoint');
          const said = { name: 'the checkpoint of the service', text: JSON.stringify(current) };
          // Who kept a checkpoint trusts its key, whatever the service shows today.
          const keys = trusted.length > 0 ? trusted : kept.flatMap(({ text }) => keyBeside(text));
          const result = await verify(entriesOfService(client), [...kept, said], keys, signal);
          if (options.save !== undefined && result.fault === null) await save(options.save, current);
          return result;
        })
      : await verify(entriesOfFile(file), kept, trusted, signal);
  if (options.format === 'json') printJson(verdict);
  else report(verdict);
  if (verdict.fault) return EXIT_CODES.findings;
  return verdict.checkpoints === 0 ? EXIT_CODES.notFullyExamined : EXIT_CODES.ok;
}

async function verify(
  entries: AsyncIterable<unknown>,
  texts: readonly { name: string; text: string }[],
  keys: readonly NoteKey[],
  signal: AbortSignal,
): Promise<Verdict> {
  const heads: LogHead[] = [];
  for (const { name, text } of texts) {
    const opened = openCheckpoint(text, keys);
    const origin = heads[0]?.origin;
    const wrong =
      'fault' in opened
        ? opened.fault
        : origin !== undefined && opened.head.origin !== origin
          ? `is of ${opened.head.origin}, and others are of ${origin}`
          : null;
    if (wrong !== null) {
      const fault = { kind: 'signature', position: null, message: `${name} ${wrong}.` } as const;
      return { fault, entries: 0, size: '0', head: '', checkpoints: 0, agreedSize: '0' };
    }
    if ('head' in opened) heads.push(opened.head);
  }
  const verifier = new LogVerifier(heads);
  let fault: LogFault | null = null;
  let count = 0;
  for await (const entry of entries) {
    signal.throwIfAborted();
    fault = verifier.add(entry);
    if (fault) break;
    count += 1;
  }
  fault ??= verifier.end();
  const { size, head, compared, agreed } = verifier.summary;
  return { fault, entries: count, size: String(size), head, checkpoints: compared, agreedSize: String(agreed) };
}

function report({ fault, entries, size, head, checkpoints, agreedSize }: Verdict): void {
  if (fault) {
    printLine(printable(`NOT VERIFIED (${fault.kind}): ${fault.message}`));
    return;
  }
  printLine(`${entries} entries are chained without a gap, to position ${size} with the hash ${head}.`);
  printLine(
    checkpoints === 0
      ? 'NOT COMPARED with a checkpoint: that the log was not cut or rewritten as a whole is not shown. Give one by --checkpoint.'
      : `The log agrees with ${checkpoints} signed checkpoints, the last of size ${agreedSize}.`,
  );
}

function keyOf(text: string): NoteKey {
  const key = parseVerifierKey(text);
  if (key) return key;
  throw new CommandError(
    EXIT_CODES.usage,
    `"${text}" is no key: expected plimsoll+ID+BASE64, as /v1/events/keys has it.`,
  );
}

function keyBeside(text: string): NoteKey[] {
  const opened = openCheckpoint(text, []);
  return 'key' in opened ? [opened.key] : [];
}

async function readText(name: string): Promise<{ name: string; text: string }> {
  const text = await readFile(name, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(EXIT_CODES.usage, `${name} cannot be read (${error.code}): check the path.`);
  });
  return { name, text };
}

async function save(path: string, checkpoint: Wire<Checkpoint>): Promise<void> {
  await writeFile(path, `${JSON.stringify(checkpoint, null, 2)}\n`).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(EXIT_CODES.usage, `${path} cannot be written (${error.code}): check the path.`);
  });
}
