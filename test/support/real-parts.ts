import { execFile, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * Whether every one of these programs is installed. Says which is not, and that tests are skipped for it.
 *
 * @param root whether they have to run as root
 */
export function haveParts(what: string, programs: string[], root = false): boolean {
  const missing = programs.filter((program) => !isInstalled(program));
  if (missing.length > 0) console.info(`skipped: ${what} needs ${missing.join(', ')}`);
  const isUser = root && process.getuid?.() !== 0;
  if (isUser) console.info(`skipped: ${what} needs to run as root`);
  return missing.length === 0 && !isUser;
}

/** Runs a program to its end; what it said is in the error. */
export async function run(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await execute(program, args, { maxBuffer: 2 ** 26 });
  return stdout;
}

export interface RunningServer {
  output(): string;
  stop(): Promise<void>;
}

/** Starts a server and waits until it is ready. */
export async function startServer(
  program: string,
  args: string[],
  isReady: () => Promise<boolean>,
  env: Record<string, string> = {},
): Promise<RunningServer> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => log.push(String(chunk)));
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(timer);
  };
  for (const end = Date.now() + 30_000; !(await isReady()); await sleep(50)) {
    if (child.exitCode === null && Date.now() < end) continue;
    await stop();
    throw new Error(`${program} did not get ready:\n${log.join('')}`);
  }
  return { output: () => log.join(''), stop };
}

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
