import { describe, expect, it } from 'vitest';
import { clusterFacts, clusterObject } from '../../../../test/support/cluster-facts.js';
import { networkPolicy, rule, runningPod, selector } from '../../../../test/support/cluster-network.js';
import fc from '../../../../test/support/property.js';
import type { LabelSelector } from '../../../model/cluster/cluster-object.js';
import type { NetworkPolicy, NetworkRule } from '../../../model/cluster/network.js';
import type { Pod } from '../../../model/cluster/pod.js';
import { workloadsOf } from '../workloads.js';
import { clusterReachability } from './cluster-reachability.js';
import { ALL_PORTS, intersection, NO_PORTS, type PortSet, portsOf, union, without } from './port-set.js';

const VALUES = ['x', 'y'];
const labels = fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom(...VALUES), { maxKeys: 2 });
const anySelector: fc.Arbitrary<LabelSelector> = fc.record({
  matchLabels: fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom(...VALUES), { maxKeys: 1 }),
  matchExpressions: fc.array(
    fc.record({
      key: fc.constantFrom('a', 'b'),
      operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
      values: fc.subarray(VALUES, { minLength: 1 }),
    }),
    { maxLength: 1 },
  ),
});
const anyRule: fc.Arbitrary<NetworkRule> = fc
  .tuple(
    fc.option(
      fc.array(fc.record({ podSelector: fc.option(anySelector), namespaceSelector: fc.option(anySelector) }), {
        maxLength: 2,
      }),
    ),
    fc.option(
      fc.array(
        fc.constantFrom(80, 81, 82).map((port) => ({ protocol: 'TCP', port, endPort: port === 81 ? 82 : null })),
        { maxLength: 2 },
      ),
    ),
  )
  .map(([peers, ports]) => rule(peers, ports));
const anyPolicy = fc
  .record({
    namespace: fc.constantFrom('n0', 'n1'),
    podSelector: anySelector,
    policyTypes: fc.subarray<'Ingress' | 'Egress'>(['Ingress', 'Egress']),
    ingress: fc.array(anyRule, { maxLength: 2 }),
    egress: fc.array(anyRule, { maxLength: 2 }),
  })
  .map(({ namespace, ...of }) => networkPolicy('p', namespace, of));

describe('reachability', () => {
  it('says of each two pods and each port what the policies say one by one', () => {
    const world = fc.record({
      namespaces: fc.tuple(labels, labels),
      pods: fc.array(fc.record({ namespace: fc.constantFrom('n0', 'n1'), labels }), { minLength: 2, maxLength: 5 }),
      policies: fc.array(anyPolicy, { maxLength: 4 }),
    });
    fc.assert(
      fc.property(world, ({ namespaces, pods, policies }) => {
        const running = pods.map((pod, i) =>
          runningPod(pod.namespace, `p${i}`, { labels: pod.labels, ip: `10.0.0.${i}` }),
        );
        const named = policies.map((policy, i) => ({ ...policy, name: `p${i}` }));
        const facts = clusterFacts({
          pods: running,
          namespaces: namespaces.map((of, i) => clusterObject('Namespace', `n${i}`, { namespace: null, labels: of })),
          networkPolicies: named,
        });
        const reach = clusterReachability(facts, workloadsOf(facts));
        for (const from of running) {
          for (const to of running) {
            if (from === to) continue;
            const { surely, perhaps } = reach.between(classOf(reach, from), classOf(reach, to));
            expect(surely).toEqual(perhaps);
            for (const port of [79, 80, 81, 82, 83]) {
              const expected =
                allows(named, namespaces, 'Egress', from, to, port) &&
                allows(named, namespaces, 'Ingress', to, from, port);
              const asked = portsOf('TCP', port) ?? NO_PORTS;
              expect(intersection(surely, asked).length > 0, `${from.name} to ${to.name} at ${port}`).toBe(expected);
            }
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('tells apart no more pods than policies do', () => {
    const pods = Array.from({ length: 200 }, (_, i) =>
      runningPod('shop', `web-${i}`, { labels: { app: i % 2 ? 'web' : 'db', 'pod-index': `${i}` } }),
    );
    const facts = clusterFacts({
      pods,
      networkPolicies: [networkPolicy('p', 'shop', { podSelector: selector({ app: 'db' }) })],
    });
    expect(clusterReachability(facts, workloadsOf(facts)).classes).toHaveLength(2);
  });
});

describe('sets of ports', () => {
  const range = fc
    .tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 5 }))
    .map(([first, more]) => portsOf('TCP', first, first + more) ?? NO_PORTS);
  const ports = fc.array(range, { maxLength: 4 }).map((ranges) => ranges.reduce<PortSet>(union, NO_PORTS));
  const has = (set: PortSet, port: number) => set.some(([first, last]) => first <= port && port <= last);

  it('are united, intersected and taken from each other port by port', () => {
    fc.assert(
      fc.property(ports, ports, (a, b) => {
        for (let port = 0; port <= 40; port += 1) {
          expect(has(union(a, b), port)).toBe(has(a, port) || has(b, port));
          expect(has(intersection(a, b), port)).toBe(has(a, port) && has(b, port));
          expect(has(without(a, b), port)).toBe(has(a, port) && !has(b, port));
        }
        expect(without(ALL_PORTS, without(ALL_PORTS, a))).toEqual(a);
      }),
    );
  });
});

function classOf(reach: ReturnType<typeof clusterReachability>, { namespace, name }: Pod): number {
  return reach.classOf.get(`Pod/${namespace}/${name}`) ?? -1;
}

/** The rules of the documentation, one policy and rule after the other. */
function allows(
  policies: readonly NetworkPolicy[],
  namespaces: Record<string, string>[],
  type: 'Ingress' | 'Egress',
  own: Pod,
  other: Pod,
  port: number,
): boolean {
  const about = policies.filter(({ namespace, podSelector, policyTypes, egress }) => {
    const types = policyTypes.length > 0 ? policyTypes : egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
    return namespace === own.namespace && types.includes(type) && fits(podSelector, own.labels);
  });
  if (about.length === 0) return true;
  return about.some((policy) =>
    policy[type === 'Ingress' ? 'ingress' : 'egress'].some(({ peers, ports }) => {
      const isPort =
        !ports?.length || ports.some((one) => Number(one.port) <= port && port <= (one.endPort ?? Number(one.port)));
      const isPeer =
        !peers?.length ||
        peers.some(({ podSelector, namespaceSelector }) => {
          const ofNamespace = {
            ...namespaces[Number(other.namespace?.slice(1))],
            'kubernetes.io/metadata.name': other.namespace ?? '',
          };
          const within = namespaceSelector
            ? fits(namespaceSelector, ofNamespace)
            : other.namespace === policy.namespace;
          return within && (podSelector === null || fits(podSelector, other.labels));
        });
      return isPort && isPeer;
    }),
  );
}

function fits({ matchLabels, matchExpressions }: LabelSelector, of: Record<string, string>): boolean {
  const wanted = Object.entries(matchLabels).every(([key, value]) => of[key] === value);
  return (
    wanted &&
    matchExpressions.every(({ key, operator, values }) => {
      const isIn = key in of && values.includes(of[key] ?? '');
      return { In: isIn, NotIn: !isIn, Exists: key in of, DoesNotExist: !(key in of) }[operator];
    })
  );
}
