/** What filters packets, from `iptables-save`, `ip6tables-save` and `nft -j list ruleset`. */
export interface Firewall {
  /** Chains of every family and table, in their order. */
  chains: FirewallChain[];
  /** Services that manage it and run: `ufw`, `firewalld`, `nftables`. */
  managers: string[];
}

export interface FirewallChain {
  family: 'ip' | 'ip6' | 'inet' | 'arp' | 'bridge' | 'netdev';
  /** `filter`. */
  table: string;
  /** `INPUT`, `FORWARD`, `DOCKER-USER`. */
  name: string;
  /** `input`, `forward`, `output`, `prerouting`, `postrouting`; null for a chain that only others jump to. */
  hook: string | null;
  policy: 'accept' | 'drop' | null;
  /** As the tool prints them, bounded. */
  rules: string[];
}
