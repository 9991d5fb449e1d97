import type { Cidr } from './cidr.js';
import type { Compiled, Endpoint } from './compiled-policy.js';
import { both, type Isolation, type Judge, judgesOf, type Reach } from './policy-judge.js';
import { ALL_PORTS } from './port-set.js';

/** Pods that no policy tells apart. */
interface EndpointClass {
  endpoint: Endpoint;
  members: Endpoint[];
}

/** Who may connect to whom, by the classes of pods that no policy tells apart; worked out when it is asked for. */
export interface Reachability {
  classes: readonly EndpointClass[];
  /** The class of an endpoint by its id. */
  classOf: ReadonlyMap<string, number>;
  isolation(of: number): Isolation;
  /** From pods of one class to other pods of one; to itself a pod connects always. */
  between(from: number, to: number): Reach;
  fromOutside(to: number): Reach;
  toOutside(from: number): Reach;
  fromAddress(address: Cidr, to: number): Reach;
  toAddress(from: number, address: Cidr): Reach;
  gaps: string[];
}

export function reachability(endpoints: readonly Endpoint[], compiled: readonly Compiled[]): Reachability {
  const keys = new Set(compiled.flatMap((one) => [...one.keys]));
  const policies = compiled
    .flatMap((one) => one.policies)
    .sort((a, b) => a.order - b.order || compare(a.resource, b.resource));
  const { classes, classOf } = classify(endpoints, [...keys].sort());
  const judges = judgesOf(policies, classes);
  const judge = (of: number) => judges[of] as Judge;
  const host = classes.map(({ endpoint }) => endpoint.hostNetwork);
  return {
    classes,
    classOf,
    isolation: (of) => judge(of).isolation(),
    between(from, to) {
      const reach = both(judge(from).toClass('egress', to), judge(to).toClass('ingress', from));
      // Between a pod and its own node nothing is denied, and it is not told which pods share one.
      return host[from] || host[to] ? { surely: reach.surely, perhaps: ALL_PORTS } : reach;
    },
    fromOutside: (to) => judge(to).toPeer('ingress', { kind: 'outside' }),
    toOutside: (from) => judge(from).toPeer('egress', { kind: 'outside' }),
    fromAddress: (address, to) => judge(to).toPeer('ingress', { kind: 'address', address }),
    toAddress: (from, address) => judge(from).toPeer('egress', { kind: 'address', address }),
    gaps: compiled.flatMap((one) => one.gaps),
  };
}

function classify(endpoints: readonly Endpoint[], keys: readonly string[]) {
  const byKey = new Map<string, number>();
  const classes: EndpointClass[] = [];
  const classOf = new Map<string, number>();
  for (const endpoint of endpoints) {
    const { namespace, labels, serviceAccount, hostNetwork, ports } = endpoint;
    const own = keys.map((key) => (Object.hasOwn(labels, key) ? labels[key] : null));
    const named = ports.filter(({ name }) => name !== null).map(({ name, port, protocol }) => [name, port, protocol]);
    const key = JSON.stringify([namespace, own, serviceAccount, hostNetwork, named]);
    let index = byKey.get(key);
    if (index === undefined) {
      index = classes.length;
      byKey.set(key, index);
      classes.push({ endpoint: { ...endpoint, addresses: [] }, members: [] });
    }
    const found = classes[index] as EndpointClass;
    found.members.push(endpoint);
    for (const address of endpoint.addresses) found.endpoint.addresses.push(address);
    classOf.set(endpoint.id, index);
  }
  // Where the addresses of one are not known, those of its class are not.
  for (const { endpoint, members } of classes) {
    if (members.some(({ addresses }) => addresses.length === 0)) endpoint.addresses = [];
  }
  return { classes, classOf };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
