import type { ClusterFacts } from '../../../model/cluster/cluster-facts.js';
import { resourceName } from '../../../model/cluster/cluster-object.js';
import type { Route, Service, ServicePort } from '../../../model/cluster/network.js';
import type { ClusterReachability } from '../network/cluster-reachability.js';
import type { Endpoint } from '../network/compiled-policy.js';
import { namedPorts } from '../network/kubernetes-policies.js';
import { intersection, NO_PORTS, type PortSet, portsOf, union } from '../network/port-set.js';
import type { AuditedWorkload } from '../workloads.js';
import { controllerClasses } from './ingress-controllers.js';
import { isInternalIngress, isPrivateText, isPublicBalancer } from './load-balancer.js';

/** A way from outside the cluster to a workload. */
export interface Exposure {
  workload: string;
  how: 'LoadBalancer' | 'NodePort' | 'externalIPs' | 'Ingress' | 'Gateway' | 'Route' | 'hostPort' | 'hostNetwork';
  /** What opens it: `Service/shop/web`, `Ingress/shop/web`; the workload itself. */
  by: string;
  /** `network`: from wherever the nodes' addresses, or a private one, can be reached. */
  from: 'internet' | 'network';
  /** `maybe`: the policies let some addresses through, or it cannot be told whether they let any. */
  isReached: 'yes' | 'maybe';
  /** `tcp 80 → 8080`. */
  ports: string;
}

/** Every way in, by workload; what policies surely keep out is none. */
export function exposuresOf(
  facts: ClusterFacts,
  workloads: readonly AuditedWorkload[],
  reach: ClusterReachability,
): Exposure[] {
  const context = new Context(facts, workloads, reach);
  const services = facts.services.known ? facts.services.value : [];
  const direct = [...services.flatMap((service) => ofService(service, context)), ...ofHosts(context)];
  const routes = facts.routes.known ? facts.routes.value : [];
  const routed = routes.flatMap((route) => ofRoute(route, context, direct));
  const found = new Map(
    [...direct, ...routed].map((one) => [`${one.workload} ${one.how} ${one.by} ${one.ports}`, one]),
  );
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

class Context {
  private readonly byNamespace = new Map<string, Endpoint[]>();
  private readonly services: Map<string, Service>;
  readonly controllers: readonly number[];

  constructor(
    readonly facts: ClusterFacts,
    readonly workloads: readonly AuditedWorkload[],
    readonly reach: ClusterReachability,
  ) {
    for (const { members } of reach.classes) {
      for (const endpoint of members) {
        const list = this.byNamespace.get(endpoint.namespace);
        if (list) list.push(endpoint);
        else this.byNamespace.set(endpoint.namespace, [endpoint]);
      }
    }
    const services = facts.services.known ? facts.services.value : [];
    this.services = new Map(services.map((service) => [`${service.namespace ?? 'default'}/${service.name}`, service]));
    this.controllers = controllerClasses(workloads, reach);
  }

  /** From where ports of nodes are reached: the internet, where some node has an address of it. */
  fromNodes(): Exposure['from'] {
    const { nodes } = this.facts;
    const isPublic = (nodes.known ? nodes.value : []).some(({ addresses }) =>
      addresses.some(({ type, address }) => type === 'ExternalIP' && !isPrivateText(address)),
    );
    return isPublic ? 'internet' : 'network';
  }

  service(namespace: string, name: string): Service | null {
    return this.services.get(`${namespace}/${name}`) ?? null;
  }

  /** One pod of each workload and class that the service leads to. */
  behind({ namespace, selector }: Service): Endpoint[] {
    const wanted = Object.entries(selector);
    // Without a selector somebody else writes its addresses.
    if (wanted.length === 0) return [];
    const found = new Map<string, Endpoint>();
    for (const endpoint of this.byNamespace.get(namespace ?? 'default') ?? []) {
      if (!wanted.every(([key, value]) => Object.hasOwn(endpoint.labels, key) && endpoint.labels[key] === value))
        continue;
      const key = `${endpoint.workload} ${this.classOf(endpoint)}`;
      if (!found.has(key)) found.set(key, endpoint);
    }
    return [...found.values()];
  }

  classOf({ id }: Endpoint): number {
    return this.reach.classOf.get(id) ?? -1;
  }

  /** Whether policies let the outside reach ports of a pod; null: they do not. */
  lets(to: Endpoint, ports: PortSet): Exposure['isReached'] | null {
    const { surely, perhaps } = this.reach.fromOutside(this.classOf(to));
    if (intersection(surely, ports).length > 0) return 'yes';
    return intersection(perhaps, ports).length > 0 ? 'maybe' : null;
  }

  /** Likewise for what comes through the pods that serve Ingresses; where these are not known, the cluster has to be open to it. */
  letsRouted(to: Endpoint, ports: PortSet): Exposure['isReached'] | null {
    const own = this.classOf(to);
    if (this.controllers.length === 0) {
      return this.lets(to, ports) === 'yes' || this.reach.isolation(own).ingress === 'no' ? 'yes' : 'maybe';
    }
    const ways = this.controllers.map((controller) => this.reach.between(controller, own));
    if (ways.some(({ surely }) => intersection(surely, ports).length > 0)) return 'yes';
    return ways.some(({ perhaps }) => intersection(perhaps, ports).length > 0) ? 'maybe' : null;
  }
}

function ofService(service: Service, context: Context): Exposure[] {
  const by = resourceName(service);
  const openings: { how: Exposure['how']; from: Exposure['from']; outer: (port: ServicePort) => number | null }[] = [];
  if (service.type === 'LoadBalancer') {
    openings.push({
      how: 'LoadBalancer',
      from: isPublicBalancer(service) ? 'internet' : 'network',
      outer: ({ port }) => port,
    });
  }
  // A load balancer's service opens ports of the nodes as well, unless it is told not to.
  if (
    service.type === 'NodePort' ||
    (service.type === 'LoadBalancer' && service.ports.some(({ nodePort }) => nodePort !== null))
  ) {
    openings.push({
      how: 'NodePort',
      from: context.fromNodes(),
      outer: ({ nodePort }) => nodePort,
    });
  }
  if (service.externalIPs.length > 0) {
    const from = service.externalIPs.every(isPrivateText) ? 'network' : 'internet';
    openings.push({ how: 'externalIPs', from, outer: ({ port }) => port });
  }
  if (openings.length === 0) return [];
  return context.behind(service).flatMap((endpoint) =>
    service.ports.flatMap((port) => {
      const inner = targetPorts(port, endpoint);
      const isReached = context.lets(endpoint, inner);
      if (isReached === null) return [];
      return openings.map(({ how, from, outer }): Exposure => {
        const ports = `${port.protocol.toLowerCase()} ${outer(port) ?? 'any'} → ${port.targetPort ?? port.port}`;
        return { workload: endpoint.workload, how, by, from, isReached, ports };
      });
    }),
  );
}

function targetPorts({ targetPort, port, protocol }: ServicePort, to: Endpoint): PortSet {
  if (typeof targetPort === 'string' && !/^\d+$/.test(targetPort)) return namedPorts(targetPort, protocol, to);
  return portsOf(protocol, Number(targetPort ?? port)) ?? NO_PORTS;
}

function ofRoute(route: Route, context: Context, direct: readonly Exposure[]): Exposure[] {
  const how = route.kind === 'Ingress' ? 'Ingress' : route.kind === 'OpenShiftRoute' ? 'Route' : 'Gateway';
  const by = resourceName(route);
  const from = isInternalIngress(route, route.ingressClass) ? 'network' : routedFrom(context, direct);
  return route.backends.flatMap(({ namespace, service: name, port, path }) => {
    const service = context.service(namespace, name);
    if (!service) return [];
    const used = service.ports.filter((one) => port === null || one.port === Number(port) || one.name === port);
    return context.behind(service).flatMap((endpoint): Exposure[] => {
      const inner = used.reduce<PortSet>((all, one) => union(all, targetPorts(one, endpoint)), NO_PORTS);
      const isReached = context.letsRouted(endpoint, inner);
      if (isReached === null) return [];
      const hosts = route.hosts.length > 0 ? route.hosts.slice(0, 3).join(', ') : 'every host';
      return [{ workload: endpoint.workload, how, by, from, isReached, ports: `${hosts}${path ?? ''} → ${name}` }];
    });
  });
}

/** From where the pods that serve it are reached themselves; that it is served at all is taken for granted. */
function routedFrom({ controllers, reach }: Context, direct: readonly Exposure[]): Exposure['from'] {
  const serving = new Set(
    controllers.flatMap((one) => reach.classes[one]?.members.map(({ workload }) => workload) ?? []),
  );
  const ways = direct.filter(({ workload }) => serving.has(workload));
  return ways.length > 0 && ways.every(({ from }) => from === 'network') ? 'network' : 'internet';
}

/** Ports of nodes that pods have for themselves. In the node's network they are those that the pod says it opens: others are not known. */
function ofHosts(context: Context): Exposure[] {
  const { workloads, reach } = context;
  return workloads.flatMap(({ resource, views }) => {
    const [first] = reach.classesOf(resource);
    const endpoint = first === undefined ? undefined : reach.classes[first]?.members[0];
    if (!endpoint) return [];
    return views.flatMap(({ spec }) =>
      spec.containers.flatMap(({ ports }) =>
        ports.flatMap(({ containerPort, hostPort, hostIP, protocol }): Exposure[] => {
          if (hostPort === null && !spec.hostNetwork) return [];
          if (hostIP !== null && /^(?:127\.|::1$)/.test(hostIP)) return [];
          const how = spec.hostNetwork ? 'hostNetwork' : 'hostPort';
          const isReached = spec.hostNetwork
            ? 'yes'
            : context.lets(endpoint, portsOf(protocol, containerPort) ?? NO_PORTS);
          if (isReached === null) return [];
          const from = context.fromNodes();
          const ports = `${protocol.toLowerCase()} ${hostPort ?? containerPort} → ${containerPort}`;
          return [{ workload: resource, how, by: resource, from, isReached, ports }];
        }),
      ),
    );
  });
}
