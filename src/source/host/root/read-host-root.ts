import { realpath, stat } from 'node:fs/promises';
import { PlimsollError } from '../../../model/error.js';
import { HOST_FACTS_VERSION, type HostFacts } from '../../../model/host/host-facts.js';
import type { LayerWorkers } from '../../archive/layer-workers.js';
import { asPathError } from '../../archive/open-regular.js';
import { unknownFact } from './fact-reading.js';

export interface ReadHostRootOptions {
  /** Where the root is mounted; `/` for the machine's own. */
  folder: string;
  workers: Pick<LayerWorkers, 'readHostRoot'>;
  /** For databases of packages that are too large for memory. */
  tempDir: string;
  signal: AbortSignal;
  /** From 0 to 1, ascending. */
  onProgress(fraction: number): void;
  now: Date;
  /** Also packages of languages: every file of the root is looked at, which takes minutes. */
  languagePackages?: boolean;
  /** Where else container engines keep files of containers, as `settings.dataRoot` of `EngineFacts`. */
  containerStorage?: readonly string[];
  /** Milliseconds that the walk over all files may take; what it did not see is a gap. */
  maxWalkTime?: number;
}

const MAX_WALK_TIME = 300_000;
const MAX_ENTRIES = 20_000_000;

/**
 * Reads all facts of a host that its root tells: all but those of its container engine, logs and firewall. What cannot
 * be read is unknown, or a gap, with what it would need. Nothing outside of the root is read.
 *
 * @throws PlimsollError `path_not_found`, `path_not_readable`, `limit_exceeded`; whatever `signal` was aborted with
 */
export async function readHostRoot(options: ReadHostRootOptions): Promise<HostFacts> {
  const { workers, tempDir, signal, onProgress, now } = options;
  const folder = await realFolder(options.folder);
  const task = {
    folder,
    tempDir,
    languagePackages: options.languagePackages ?? false,
    containerStorage: (options.containerStorage ?? []).filter((path) => /^\/[^/]/.test(path)),
    limits: { entries: MAX_ENTRIES, time: options.maxWalkTime ?? MAX_WALK_TIME },
  };
  const facts = await workers.readHostRoot(task, signal, onProgress);
  return {
    version: HOST_FACTS_VERSION,
    collectedBy: ['host-root'],
    collectedAt: now.toISOString(),
    ...facts,
    firewall: unknownFact('not_collected', NO_FIREWALL),
    engine: unknownFact('not_collected', 'The root does not tell of containers: let the engine’s API be asked.'),
    logMatches: unknownFact(
      'not_collected',
      'The root does not tell logs of containers: let the engine’s API be asked.',
    ),
  };
}

const NO_FIREWALL =
  'The rules that the kernel filters packets by are not part of the root: run plimsoll collect host as root on the host.';

async function realFolder(path: string): Promise<string> {
  try {
    const folder = await realpath(path);
    if ((await stat(folder)).isDirectory()) return folder;
  } catch (error) {
    throw asPathError(error, path);
  }
  throw new PlimsollError('path_not_found', `${path} is no folder: expected the root of a host.`);
}
