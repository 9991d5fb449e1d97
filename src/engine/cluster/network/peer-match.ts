import type { LabelSelector } from '../../../model/cluster/cluster-object.js';
import { keysOf, selects } from '../label-selector.js';
import { type Cidr, contains, isEverywhere, isPrivate, overlap } from './cidr.js';
import type { Endpoint, Match, Peer } from './compiled-policy.js';

/** Every namespace has it, by the API server: the namespace's name. */
export const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

export function matchesNamespace(selector: LabelSelector, { namespace, namespaceLabels }: Endpoint): Match {
  if (namespaceLabels === null && keysOf(selector).some((key) => key !== NAMESPACE_NAME)) return 'maybe';
  return selects(selector, { ...namespaceLabels, [NAMESPACE_NAME]: namespace }) ? 'yes' : 'no';
}

/** How the plugin that enforces policies takes ranges of addresses where pods are concerned. */
export type BlocksOfPods =
  /** As any other address. */
  | 'by-address'
  /** A range is never about a pod, as with Cilium. */
  | 'never'
  /** The plugin is not known: where a range may be about a pod, it cannot be told. */
  | 'unknown';

export interface Block {
  cidr: Cidr;
  except: Cidr[];
}

/** Whether connections with the other side are about a range of addresses. */
export function matchesBlock({ cidr, except }: Block, peer: Peer, blocks: BlocksOfPods): Match {
  switch (peer.kind) {
    case 'address':
      return contains(cidr, peer.address) && !except.some((one) => contains(one, peer.address)) ? 'yes' : 'no';
    case 'outside':
      // What is private is not outside, so that it is left out makes no difference there.
      if (isPrivate(cidr)) return 'no';
      return isEverywhere(cidr) && except.every(isPrivate) ? 'yes' : 'maybe';
    case 'endpoint': {
      const { addresses, hostNetwork } = peer.endpoint;
      if (blocks === 'never' && !hostNetwork) return 'no';
      if (addresses.length === 0) return 'maybe';
      const inside = addresses.filter((one) => overlap(cidr, one) && !except.some((other) => contains(other, one)));
      if (inside.length === 0) return 'no';
      // One address of each family: a range is of one family alone.
      const ofFamily = addresses.filter(({ bits }) => bits === cidr.bits);
      return blocks === 'by-address' && inside.length === ofFamily.length ? 'yes' : 'maybe';
    }
  }
}
