import { randomBytes } from 'node:crypto';
import { SecretScanner } from '../../engine/secret/secret-scanner.js';
import { type ErrorCode, PlimsollError } from '../../model/error.js';
import type { UnknownCode } from '../../model/host/fact.js';
import { HOST_FACTS_VERSION, type HostFacts } from '../../model/host/host-facts.js';
import type { DaemonOptions } from '../daemon/daemon-client.js';
import { withConfiguration } from './collect-host.js';
import { readEngineFacts } from './engine/read-engine.js';
import { readLogMatches } from './engine/read-logs.js';
import { unknownFact } from './root/fact-reading.js';
import { type ReadHostRootOptions, readHostRoot } from './root/read-host-root.js';

export interface ReadEngineHostOptions extends Omit<ReadHostRootOptions, 'folder' | 'containerStorage'> {
  daemon: DaemonOptions;
  /** Where the root of the engine's host is mounted, resolved; null: it is not, and only the engine is asked. */
  root: string | null;
}

/** How far the reading is when the engine was asked, and its logs were read, where a root follows. */
const ENGINE = { facts: 0.2, logs: 0.4 };

/**
 * Reads the facts of a host that its container engine tells, and those of its root where that is mounted. An engine that
 * does not answer is a failure: nothing would be known of what was asked about.
 *
 * @throws PlimsollError `daemon_unreachable`, `daemon_forbidden`, `daemon_failed`, `limit_exceeded`; what `readHostRoot`
 *   throws; whatever `signal` was aborted with
 */
export async function readEngineHost(options: ReadEngineHostOptions): Promise<HostFacts> {
  const { daemon, root: folder, signal, onProgress, now } = options;
  const share = folder === null ? { facts: 0.5, logs: 1 } : ENGINE;
  const asked = { daemon, signal, secrets: new SecretScanner(randomBytes(32)) };
  const engine = await readEngineFacts({ ...asked, onProgress: (done) => onProgress(done * share.facts) });
  if (!engine.known) throw new PlimsollError(FAILURES[engine.code], engine.reason);
  const logMatches = await readLogMatches(engine.value, {
    ...asked,
    since: null,
    onProgress: (done) => onProgress(share.facts + done * (share.logs - share.facts)),
  });
  if (folder === null) return { ...engineAlone(now), engine, logMatches };
  const root = await readHostRoot({
    ...options,
    folder,
    containerStorage: [engine.value.settings.dataRoot],
    onProgress: (done) => onProgress(share.logs + done * (1 - share.logs)),
  });
  return { ...root, collectedBy: ['engine-api', 'host-root'], engine: withConfiguration(engine, root), logMatches };
}

const FAILURES: Record<UnknownCode, ErrorCode> = {
  not_permitted: 'daemon_forbidden',
  not_collected: 'daemon_failed',
  not_present: 'daemon_unreachable',
  unreadable: 'daemon_failed',
  limit_exceeded: 'limit_exceeded',
};

/** Everything that an engine does not tell. */
function engineAlone(now: Date): Omit<HostFacts, 'engine' | 'logMatches'> {
  const fact = unknownFact(
    'not_collected',
    'The API of a container engine does not tell it: mount the root of the host and name it in PLIMSOLL_HOST_ROOT, or run plimsoll collect host there.',
  );
  return {
    version: HOST_FACTS_VERSION,
    collectedBy: ['engine-api'],
    collectedAt: now.toISOString(),
    hostname: fact,
    distribution: fact,
    kernel: fact,
    sysctl: fact,
    modules: fact,
    mounts: fact,
    accounts: fact,
    groups: fact,
    files: fact,
    privilegedFiles: fact,
    processes: fact,
    sockets: fact,
    firewall: fact,
    auditRules: fact,
    packages: fact,
  };
}
