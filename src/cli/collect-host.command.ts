import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readCommandEnvironment } from '../config/command-environment.js';
import { parseDaemonAddress } from '../model/daemon.js';
import { PlimsollError } from '../model/error.js';
import { LayerWorkers } from '../source/archive/layer-workers.js';
import type { DaemonOptions } from '../source/daemon/daemon-client.js';
import { readDaemonTls } from '../source/daemon/daemon-tls.js';
import { collectHost } from '../source/host/collect-host.js';
import { writeFacts } from '../source/host/facts-file.js';
import { CommandError, EXIT_CODES, type ExitCode } from './exit-code.js';
import { summaryOf } from './facts-summary.js';
import { Progress } from './progress.js';
import { printable } from './table.js';

export interface CollectHostCommandOptions {
  root: string;
  output?: string;
  /** False where it is not to be asked. */
  engine: boolean;
  dockerHost?: string;
  dockerCertPath?: string;
}

/** Reads the facts of this host, or of a mounted root, and writes them as a file for the service. Changes nothing. */
export async function collectHostCommand(options: CollectHostCommandOptions, signal: AbortSignal): Promise<ExitCode> {
  const progress = new Progress();
  const workers = new LayerWorkers();
  const tempDir = await mkdtemp(join(tmpdir(), 'plimsoll-collect-'));
  try {
    const facts = await collectHost({
      folder: resolve(options.root),
      daemon: options.engine ? await daemonOf(options) : null,
      workers,
      tempDir,
      signal,
      now: new Date(),
      onProgress: (fraction) => progress.update('collecting the facts of the host', Math.floor(fraction * 100)),
    });
    progress.clear();
    const text = writeFacts(facts);
    if (options.output === undefined) process.stdout.write(text);
    else await write(options.output, text);
    for (const line of summaryOf(facts, 'The host')) progress.line(printable(line));
    return EXIT_CODES.ok;
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    const isUsage = error.code === 'path_not_found' || error.code === 'path_not_readable';
    throw new CommandError(isUsage ? EXIT_CODES.usage : EXIT_CODES.failed, error.message);
  } finally {
    progress.clear();
    await workers.close();
    await rm(tempDir, { recursive: true, force: true });
  }
}

async function daemonOf(options: CollectHostCommandOptions): Promise<DaemonOptions> {
  const environment = readCommandEnvironment(process.env);
  const dockerHost = options.dockerHost ?? environment.dockerHost ?? 'unix:///var/run/docker.sock';
  const address = parseDaemonAddress(dockerHost);
  if (address === null) {
    const message = `"${dockerHost}" is no address of a container engine: expected unix:///PATH or tcp://HOST:PORT.`;
    throw new CommandError(EXIT_CODES.usage, message);
  }
  return { address, tls: await readDaemonTls(options.dockerCertPath ?? environment.dockerCertPath) };
}

/** The file tells much of the host: it is for its owner alone. */
async function write(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(EXIT_CODES.usage, `${path} cannot be written (${error.code}): check the path.`);
  });
}
