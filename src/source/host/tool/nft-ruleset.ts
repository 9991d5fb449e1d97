import type { FirewallChain } from '../../../model/host/firewall.js';
import { MAX_CHAINS, MAX_RULE_LENGTH } from './iptables-save.js';

const FAMILIES = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'] as const;
const TABLE = /^table (\w+) (\S+) \{$/;
const CHAIN = /^chain (\S+) \{$/;
const BASE = /^type \w+ hook (\w+)[^;]*;(?: policy (accept|drop);)?/;

/** `nft list ruleset`, nft(8): tables of chains and sets; a rule is a line, or several where it has a set in braces. */
export function parseNftRuleset(text: string): FirewallChain[] {
  const chains: FirewallChain[] = [];
  let table: { family: FirewallChain['family']; name: string } | null = null;
  let chain: FirewallChain | null = null;
  let other = 0;
  let rule = '';
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (!table) {
      const [, family, name] = TABLE.exec(line) ?? [];
      const known = FAMILIES.find((each) => each === family);
      table = known && name !== undefined ? { family: known, name } : null;
    } else if (chain) {
      if (rule === '' && line === '}') chain = null;
      else {
        rule = rule === '' ? line : `${rule} ${line}`;
        if (depthOf(rule) > 0 && rule.length < 1_000_000) continue;
        addTo(chain, rule);
        rule = '';
      }
    } else if (other > 0) other += depthOf(line);
    else if (line === '}') table = null;
    else {
      const name = CHAIN.exec(line)?.[1];
      if (name === undefined) other += depthOf(line);
      else {
        chain = { family: table.family, table: table.name, name, hook: null, policy: null, rules: [] };
        if (chains.length < MAX_CHAINS) chains.push(chain);
      }
    }
  }
  return chains;
}

function addTo(chain: FirewallChain, line: string): void {
  const base = chain.rules.length === 0 ? BASE.exec(line) : null;
  if (!base) {
    if (!/^(?:comment|flags|devices) /.test(line)) chain.rules.push(line.slice(0, MAX_RULE_LENGTH));
    return;
  }
  chain.hook = base[1] ?? null;
  // A chain of the kernel accepts unless it says otherwise.
  chain.policy = base[2] === 'drop' ? 'drop' : 'accept';
}

/** Braces that are open, outside of quotes. */
function depthOf(text: string): number {
  const bare = text.includes('"') ? text.replace(/"[^"]*"/g, '') : text;
  let depth = 0;
  for (const letter of bare) depth += letter === '{' ? 1 : letter === '}' ? -1 : 0;
  return depth;
}
