import type { Fact } from '../../../model/host/fact.js';
import type { Firewall, FirewallChain } from '../../../model/host/firewall.js';
import type { HostFacts } from '../../../model/host/host-facts.js';
import { Gaps, unknownFact } from '../root/fact-reading.js';
import { MAX_RULES, parseIptablesSave, type SavedTables } from './iptables-save.js';
import { parseNftRuleset } from './nft-ruleset.js';
import { runTool, type ToolOutput } from './run-tool.js';

/** Tools that are asked; each only prints what the kernel has. Needs root, or CAP_NET_ADMIN. */
const TOOLS = {
  nft: ['-s', 'list', 'ruleset'],
  'iptables-save': [],
  'ip6tables-save': [],
} as const;

/**
 * What filters packets on this machine.
 *
 * @param facts of this machine's own root
 * @throws whatever `signal` was aborted with
 */
export async function readFirewall(
  facts: Pick<HostFacts, 'processes' | 'modules'>,
  signal: AbortSignal,
): Promise<Fact<Firewall>> {
  const [nft, ip, ip6] = await Promise.all([
    runTool('nft', TOOLS.nft, signal),
    runTool('iptables-save', TOOLS['iptables-save'], signal),
    runTool('ip6tables-save', TOOLS['ip6tables-save'], signal),
  ]);
  return firewallOf({ nft, ip, ip6 }, facts);
}

export interface FirewallOutputs {
  nft: ToolOutput;
  ip: ToolOutput;
  ip6: ToolOutput;
}

export function firewallOf(outputs: FirewallOutputs, facts: Pick<HostFacts, 'processes' | 'modules'>): Fact<Firewall> {
  const { nft, ip, ip6 } = outputs;
  const all = [nft, ip, ip6];
  if (all.every(({ result }) => result === 'missing')) {
    const reason =
      'Neither nft nor iptables-save is there, which tell what filters packets: install nftables or iptables.';
    return unknownFact('not_collected', reason);
  }
  if (!all.some(({ result }) => result === 'done')) {
    const failed = all.flatMap((output) => (output.result === 'missing' || output.result === 'done' ? [] : [output]));
    const code = failed[0]?.result === 'failed' ? 'unreadable' : (failed[0]?.result ?? 'unreadable');
    return unknownFact(code, failed.map(({ message }) => message).join(' '));
  }
  const gaps = new Gaps();
  for (const output of all) if ('message' in output) gaps.add(output.message);
  const hasModule = (name: string) => facts.modules.known && facts.modules.value.includes(name);
  if (nft.result === 'missing' && hasModule('nf_tables'))
    gaps.add('nft is not there: rules of nftables beside those of iptables are not known.');
  if (ip.result === 'missing' && hasModule('ip_tables'))
    gaps.add('iptables-save is not there: rules of the older iptables, which nft does not show, are not known.');
  const saved = [tablesOf(ip, 'ip'), tablesOf(ip6, 'ip6')];
  const chains = [
    ...saved.flatMap((tables) => tables.chains),
    ...(nft.result === 'done' ? parseNftRuleset(nft.text).filter((chain) => !isSaved(chain, saved)) : []),
  ];
  for (const chain of chains) {
    if (chain.rules.length <= MAX_RULES) continue;
    gaps.add(`The chain ${chain.table} ${chain.name} has more than the ${MAX_RULES} rules that are kept.`);
    chain.rules = chain.rules.slice(0, MAX_RULES);
  }
  return { known: true, value: { chains, managers: managersOf(chains, facts) }, gaps: gaps.list() };
}

function tablesOf(output: ToolOutput, family: 'ip' | 'ip6'): SavedTables {
  return output.result === 'done' ? parseIptablesSave(output.text, family) : { chains: [], isNft: false };
}

/** A table that iptables made is shown by both, and better by its own tool. */
function isSaved(chain: FirewallChain, saved: readonly SavedTables[]): boolean {
  return saved.some(
    ({ isNft, chains }) =>
      isNft && chains.some(({ family, table }) => family === chain.family && table === chain.table),
  );
}

function managersOf(chains: readonly FirewallChain[], { processes }: Pick<HostFacts, 'processes'>): string[] {
  const managers = new Set<string>();
  if (chains.some(({ name }) => /^ufw6?-user-input$/.test(name))) managers.add('ufw');
  if (chains.some(({ table, name }) => table === 'firewalld' || name === 'INPUT_ZONES')) managers.add('firewalld');
  const runs =
    processes.known && processes.value.some(({ command }) => command.some((word) => /\/firewalld$/.test(word)));
  if (runs) managers.add('firewalld');
  // Rules that neither of them nor iptables made were loaded by its own service.
  if (managers.size === 0 && chains.some(({ family, hook }) => family === 'inet' && hook !== null))
    managers.add('nftables');
  return [...managers].sort();
}
