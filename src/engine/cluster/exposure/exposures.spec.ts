import { describe, expect, it } from 'vitest';
import { route, service } from '../../../../test/support/cluster-exposure.js';
import { clusterFacts, clusterObject, container } from '../../../../test/support/cluster-facts.js';
import { networkPolicy, rule, runningPod, selector } from '../../../../test/support/cluster-network.js';
import type { ContainerPort, PodSpec } from '../../../model/cluster/pod.js';
import { clusterReachability } from '../network/cluster-reachability.js';
import { workloadsOf } from '../workloads.js';
import { exposuresOf } from './exposures.js';

const WEB = runningPod('shop', 'web', {
  spec: { containers: [container('c', { ports: [port(8080, { name: 'http' })] })] },
});
const CONTROLLER = runningPod('ingress', 'nginx', { labels: { 'app.kubernetes.io/name': 'ingress-nginx' } });

function shown(lists: Parameters<typeof clusterFacts>[0]): string[] {
  const facts = clusterFacts({ pods: [WEB], ...lists });
  const workloads = workloadsOf(facts);
  return exposuresOf(facts, workloads, clusterReachability(facts, workloads)).map(
    ({ workload, how, from, isReached, ports }) =>
      `${how} to ${workload} from ${from}: ${ports}${isReached === 'maybe' ? ', perhaps' : ''}`,
  );
}

describe('exposuresOf', () => {
  it.each<[string, Parameters<typeof service>[1], string[]]>([
    ['ClusterIP', {}, []],
    ['NodePort', { type: 'NodePort', nodePort: 30_003 }, ['NodePort to Pod/shop/web from network: tcp 30003 → 8080']],
    ['LoadBalancer', { type: 'LoadBalancer' }, ['LoadBalancer to Pod/shop/web from internet: tcp 80 → 8080']],
    [
      'LoadBalancer with ports of the nodes',
      { type: 'LoadBalancer', nodePort: 30_003 },
      [
        'LoadBalancer to Pod/shop/web from internet: tcp 80 → 8080',
        'NodePort to Pod/shop/web from network: tcp 30003 → 8080',
      ],
    ],
    [
      'LoadBalancer of AWS within',
      { type: 'LoadBalancer', annotations: { 'service.beta.kubernetes.io/aws-load-balancer-internal': 'true' } },
      ['LoadBalancer to Pod/shop/web from network: tcp 80 → 8080'],
    ],
    [
      'LoadBalancer for private ranges',
      { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0/8'] },
      ['LoadBalancer to Pod/shop/web from network: tcp 80 → 8080'],
    ],
    [
      'LoadBalancer for a public range',
      { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0/8', '8.8.8.0/24'] },
      ['LoadBalancer to Pod/shop/web from internet: tcp 80 → 8080'],
    ],
    [
      'LoadBalancer with a private address',
      { type: 'LoadBalancer', loadBalancerAddresses: ['192.168.1.9'] },
      ['LoadBalancer to Pod/shop/web from network: tcp 80 → 8080'],
    ],
    ['externalIPs', { externalIPs: ['8.8.8.8'] }, ['externalIPs to Pod/shop/web from internet: tcp 80 → 8080']],
    ['without a selector', { type: 'LoadBalancer', selector: {} }, []],
    ['that selects nothing', { type: 'LoadBalancer', selector: { app: 'x' } }, []],
    ['of another namespace', { type: 'LoadBalancer', namespace: 'bank' }, []],
    [
      'with a named port',
      { type: 'LoadBalancer', targetPort: 'http' },
      ['LoadBalancer to Pod/shop/web from internet: tcp 80 → http'],
    ],
    ['with a name that the pod has not', { type: 'LoadBalancer', targetPort: 'x' }, []],
  ])('by a service: %s', (_, of, expected) => {
    expect(shown({ services: [service('web', of)] })).toEqual(expected);
  });

  const balancer = service('web', { type: 'LoadBalancer' });

  it.each<[string, Parameters<typeof networkPolicy>[2], number]>([
    ['deny', {}, 0],
    ['let pods in', { ingress: [rule([{ podSelector: selector() }])] }, 0],
    ['let in by another port', { ingress: [rule(null, [{ protocol: 'TCP', port: 80, endPort: null }])] }, 0],
    ['let in by the port', { ingress: [rule(null, [{ protocol: 'TCP', port: 8080, endPort: null }])] }, 1],
    ['let in from everywhere', { ingress: [rule([{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } }])] }, 1],
  ])('weighs policies that %s', (_, of, count) => {
    expect(shown({ services: [balancer], networkPolicies: [networkPolicy('p', 'shop', of)] })).toHaveLength(count);
  });

  it('says that it cannot tell where a policy lets some addresses in', () => {
    const some = networkPolicy('p', 'shop', { ingress: [rule([{ ipBlock: { cidr: '8.8.8.0/24', except: [] } }])] });
    expect(shown({ services: [balancer], networkPolicies: [some] })).toEqual([
      'LoadBalancer to Pod/shop/web from internet: tcp 80 → 8080, perhaps',
    ]);
  });

  it.each<[string, Partial<PodSpec>, Partial<ContainerPort>, string[]]>([
    ['a port of the node', {}, { hostPort: 80 }, ['hostPort to Pod/shop/p from network: tcp 80 → 8080']],
    ['a port of the node’s loopback', {}, { hostPort: 80, hostIP: '127.0.0.1' }, []],
    ['the node’s network', { hostNetwork: true }, {}, ['hostNetwork to Pod/shop/p from network: tcp 8080 → 8080']],
    ['a port of its own', {}, {}, []],
  ])('by %s', (_, spec, of, expected) => {
    const pod = runningPod('shop', 'p', {
      spec: { ...spec, containers: [container('c', { ports: [port(8080, of)] })] },
    });
    expect(shown({ pods: [pod] })).toEqual(expected);
  });

  it('by an Ingress, through the pods that serve it where they are known', () => {
    const only = networkPolicy('p', 'shop', {
      ingress: [rule([{ namespaceSelector: selector({ 'kubernetes.io/metadata.name': 'ingress' }) }])],
    });
    const lists = { services: [service('web', {})], routes: [route('Ingress', 'web')] };
    const open = ['Ingress to Pod/shop/web from internet: shop.example/ → web'];
    expect(shown(lists)).toEqual(open);
    expect(shown({ ...lists, networkPolicies: [only] })).toEqual([`${open[0]}, perhaps`]);
    expect(shown({ ...lists, pods: [WEB, CONTROLLER], networkPolicies: [only] })).toEqual(open);
    expect(shown({ ...lists, pods: [WEB, CONTROLLER], networkPolicies: [networkPolicy('p', 'shop', {})] })).toEqual([]);
    const internal = service('nginx', {
      type: 'NodePort',
      namespace: 'ingress',
      selector: { 'app.kubernetes.io/name': 'ingress-nginx' },
    });
    expect(shown({ ...lists, pods: [WEB, CONTROLLER], services: [...lists.services, internal] })).toContain(
      'Ingress to Pod/shop/web from network: shop.example/ → web',
    );
  });

  it('by routes of gateways and OpenShift', () => {
    const services = [service('web', {})];
    expect(shown({ services, routes: [route('HTTPRoute', 'web')] })).toEqual([
      'Gateway to Pod/shop/web from internet: shop.example/ → web',
    ]);
    expect(shown({ services, routes: [route('OpenShiftRoute', 'web')] })).toEqual([
      'Route to Pod/shop/web from internet: shop.example/ → web',
    ]);
    expect(shown({ services, routes: [route('Ingress', 'gone')] })).toEqual([]);
  });

  it('takes nodes with public addresses for reached from the internet', () => {
    const node = {
      ...clusterObject('Node', 'n', { namespace: null }),
      kubeletVersion: null,
      kernelVersion: null,
      osImage: null,
      operatingSystem: null,
    };
    const rest = {
      architecture: null,
      containerRuntimeVersion: null,
      providerID: null,
      taints: [],
      images: [],
      addresses: [{ type: 'ExternalIP', address: '8.8.8.8' }],
    };
    expect(
      shown({ services: [service('web', { type: 'NodePort', nodePort: 30_003 })], nodes: [{ ...node, ...rest }] }),
    ).toEqual(['NodePort to Pod/shop/web from internet: tcp 30003 → 8080']);
  });
});

function port(containerPort: number, of: Partial<ContainerPort> = {}): ContainerPort {
  return { name: null, containerPort, hostPort: null, hostIP: null, protocol: 'TCP', ...of };
}
