import type { DaemonConfiguration } from '../../../../model/host/engine.js';
import type { HostFacts } from '../../../../model/host/host-facts.js';
import type { Process } from '../../../../model/host/system.js';

const DEFAULT_PATH = '/etc/docker/daemon.json';

/**
 * How the Docker daemon of a host is set up, by its own file and command line: what its API does not tell. Null where no
 * daemon runs on the host itself, or its file or flags are not known.
 */
export function daemonConfigurationOf({
  processes,
  files,
}: Pick<HostFacts, 'processes' | 'files'>): DaemonConfiguration | null {
  if (!processes.known || !files.known) return null;
  const daemons = processes.value.filter((process) => process.container === null && isDaemon(process));
  const [daemon, ...others] = daemons;
  // Of several daemons it is not known which one is asked about.
  if (!daemon || others.length > 0) return null;
  const flags = daemon.command.slice(1);
  const path = configFileOf(flags) ?? (daemon.uid === 0 ? DEFAULT_PATH : null);
  if (path === null) return null;
  const file = files.value.find((each) => each.path === path);
  if (file) {
    const json = file.text === null ? null : objectOf(file.text);
    return json && { json, flags };
  }
  // Only of the usual place it was asked whether there is a file.
  const isAbsent = path === DEFAULT_PATH && !files.gaps.some((gap) => gap.includes('/etc/docker'));
  return isAbsent ? { json: {}, flags } : null;
}

function isDaemon({ command, executable }: Process): boolean {
  return [command[0], executable].some((path) => path?.slice(path.lastIndexOf('/') + 1) === 'dockerd');
}

function configFileOf(flags: readonly string[]): string | null {
  const index = flags.findIndex((flag) => flag === '--config-file' || flag.startsWith('--config-file='));
  if (index < 0) return null;
  return flags[index]?.split('=').slice(1).join('=') || (flags[index + 1] ?? null);
}

function objectOf(text: string): Record<string, unknown> | null {
  // The daemon takes an empty file for none.
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
