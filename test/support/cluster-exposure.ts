import type { Route, Service } from '../../src/model/cluster/network.js';
import { clusterObject } from './cluster-facts.js';

interface ServiceOf extends Partial<Omit<Service, 'ports'>> {
  targetPort?: number | string;
  nodePort?: number;
}

/** A service of port 80 for the pods `app: name`, in the namespace `shop`. */
export function service(name: string, { targetPort = 8080, nodePort, ...of }: ServiceOf): Service {
  return {
    ...clusterObject('Service', name, { namespace: 'shop' }),
    type: 'ClusterIP',
    selector: { app: name },
    clusterIP: null,
    externalIPs: [],
    loadBalancerSourceRanges: [],
    loadBalancerAddresses: [],
    ...of,
    ports: [{ name: null, protocol: 'TCP', port: 80, targetPort, nodePort: nodePort ?? null }],
  };
}

/** From `shop.example/` to port 80 of a service in the namespace `shop`. */
export function route(kind: Route['kind'], to: string): Route {
  return {
    ...clusterObject(kind, to, { namespace: 'shop' }),
    hosts: ['shop.example'],
    backends: [{ path: '/', namespace: 'shop', service: to, port: 80 }],
    tlsHosts: null,
    parents: [],
    ingressClass: null,
  };
}
