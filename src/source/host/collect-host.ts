import type { HostFacts } from '../../model/host/host-facts.js';
import { type ReadHostRootOptions, readHostRoot } from './root/read-host-root.js';
import { readLoadedAuditRules } from './tool/read-audit-rules.js';
import { readFirewall } from './tool/read-firewall.js';

export type CollectHostOptions = Omit<ReadHostRootOptions, 'languagePackages' | 'maxWalkTime'>;

/**
 * Collects all facts of this machine but those of its container engine: what its root tells, and what only its own tools
 * tell, which are run where the root is its own. Nothing is changed.
 *
 * @throws as `readHostRoot`
 */
export async function collectHost(options: CollectHostOptions): Promise<HostFacts> {
  const facts = { ...(await readHostRoot(options)), collectedBy: ['collector'] };
  // Tools tell of the machine that they run on.
  if (options.folder !== '/') return facts;
  const { signal } = options;
  const firewall = await readFirewall(facts, signal);
  const auditRules = await readLoadedAuditRules(facts.auditRules, signal);
  return { ...facts, firewall, auditRules };
}
