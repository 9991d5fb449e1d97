import { randomBytes } from 'node:crypto';
import { daemonConfigurationOf } from '../../engine/control/host/docker/daemon-configuration.js';
import { SecretScanner } from '../../engine/secret/secret-scanner.js';
import type { EngineFacts } from '../../model/host/engine.js';
import type { Fact } from '../../model/host/fact.js';
import type { HostFacts } from '../../model/host/host-facts.js';
import type { DaemonOptions } from '../daemon/daemon-client.js';
import { readEngineFacts } from './engine/read-engine.js';
import { readLogMatches } from './engine/read-logs.js';
import { unknownFact } from './root/fact-reading.js';
import { type ReadHostRootOptions, readHostRoot } from './root/read-host-root.js';
import { readLoadedAuditRules } from './tool/read-audit-rules.js';
import { readFirewall } from './tool/read-firewall.js';

export interface CollectHostOptions extends ReadHostRootOptions {
  /** The container engine to ask; null: none. */
  daemon: DaemonOptions | null;
}

/** How far the collecting is when the engine was asked, and its logs were read. */
const ENGINE = { facts: 0.2, logs: 0.4 };

/**
 * Collects all facts of this machine: what its root tells, its container engine, and what only its own tools tell, which
 * are run where the root is its own. Nothing is changed.
 *
 * @throws as `readHostRoot`
 */
export async function collectHost(options: CollectHostOptions): Promise<HostFacts> {
  const { signal, onProgress, daemon } = options;
  const { engine, logMatches } = await collectEngine(daemon, options);
  const begin = daemon ? ENGINE.logs : 0;
  const containerStorage = engine.known ? [engine.value.settings.dataRoot] : [];
  const root = await readHostRoot({
    ...options,
    containerStorage: [...(options.containerStorage ?? []), ...containerStorage],
    onProgress: (fraction) => onProgress(begin + fraction * (1 - begin)),
  });
  const facts = {
    ...root,
    collectedBy: daemon ? ['collector', 'engine-api'] : ['collector'],
    engine: withConfiguration(engine, root),
    logMatches,
  };
  // Tools tell of the machine that they run on.
  if (options.folder !== '/') return facts;
  const firewall = await readFirewall(facts, signal);
  const auditRules = await readLoadedAuditRules(facts.auditRules, signal);
  return { ...facts, firewall, auditRules };
}

/** What the engine's API tells, with how its daemon was set up where root and processes of its host tell that. */
export function withConfiguration(
  engine: Fact<EngineFacts>,
  root: Pick<HostFacts, 'processes' | 'files'>,
): Fact<EngineFacts> {
  if (!engine.known || engine.value.kind !== 'docker' || engine.value.settings.configuration !== null) return engine;
  const configuration = daemonConfigurationOf(root);
  return { ...engine, value: { ...engine.value, settings: { ...engine.value.settings, configuration } } };
}

async function collectEngine(
  daemon: DaemonOptions | null,
  { signal, onProgress }: Pick<CollectHostOptions, 'signal' | 'onProgress'>,
): Promise<Pick<HostFacts, 'engine' | 'logMatches'>> {
  if (daemon === null) {
    const fact = unknownFact('not_collected', 'The container engine was not asked.');
    return { engine: fact, logMatches: fact };
  }
  const asked = { daemon, signal, secrets: new SecretScanner(randomBytes(32)) };
  const engine = await readEngineFacts({ ...asked, onProgress: (done) => onProgress(done * ENGINE.facts) });
  if (!engine.known) return { engine, logMatches: engine };
  const logMatches = await readLogMatches(engine.value, {
    ...asked,
    since: null,
    onProgress: (done) => onProgress(ENGINE.facts + done * (ENGINE.logs - ENGINE.facts)),
  });
  return { engine, logMatches };
}
