import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { readCommandEnvironment } from '../config/command-environment.js';
import { PlimsollError } from '../model/error.js';
import { collectCluster } from '../source/cluster/api/collect-cluster.js';
import { writeClusterFacts } from '../source/cluster/facts-file.js';
import { readRole } from '../source/cluster/read-role.js';
import { CommandError, EXIT_CODES, type ExitCode } from './exit-code.js';
import { summaryOf } from './facts-summary.js';
import { Progress } from './progress.js';
import { printable } from './table.js';

export interface CollectClusterCommandOptions {
  kubeconfig?: string;
  context?: string;
  output?: string;
  inCluster?: boolean;
  secrets?: boolean;
  printRbac?: boolean;
}

/** Reads the facts of a cluster from its API server, and writes them as a file for the service. Changes nothing. */
export async function collectClusterCommand(
  options: CollectClusterCommandOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  if (options.printRbac) {
    process.stdout.write(readRole({ secretMetadata: options.secrets ?? false }));
    return EXIT_CODES.ok;
  }
  const progress = new Progress();
  try {
    const facts = await collectCluster({
      // Who runs the command could run the programs of the kubeconfig as well, as kubectl does.
      access: options.inCluster
        ? 'in-cluster'
        : { path: kubeconfigOf(options), context: options.context ?? null, allowsPrograms: true },
      secretMetadata: options.secrets ?? true,
      signal,
      now: new Date(),
      onProgress: (fraction) => progress.update('collecting the facts of the cluster', Math.floor(fraction * 100)),
    });
    progress.clear();
    const text = writeClusterFacts(facts);
    if (options.output === undefined) process.stdout.write(text);
    else await write(options.output, text);
    for (const line of summaryOf(facts, 'The cluster')) progress.line(printable(line));
    return EXIT_CODES.ok;
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    throw new CommandError(error.code === 'kubeconfig_invalid' ? EXIT_CODES.usage : EXIT_CODES.failed, error.message);
  } finally {
    progress.clear();
  }
}

function kubeconfigOf({ kubeconfig }: CollectClusterCommandOptions): string {
  const named = kubeconfig ?? readCommandEnvironment(process.env).kubeconfig;
  if (named === null) return join(homedir(), '.kube', 'config');
  if (kubeconfig === undefined && named.includes(':')) {
    const message = 'KUBECONFIG names several files, which are not merged: give one with --kubeconfig.';
    throw new CommandError(EXIT_CODES.usage, message);
  }
  return resolve(named);
}

/** The file tells much of the cluster: it is for its owner alone. */
async function write(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(EXIT_CODES.usage, `${path} cannot be written (${error.code}): check the path.`);
  });
}
