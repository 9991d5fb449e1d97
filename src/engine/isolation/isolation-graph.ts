import type { Graph, GraphEdge, GraphNode } from '../../model/graph.js';
import type { Container, EngineFacts, EngineNetwork } from '../../model/host/engine.js';
import { controlOverHost } from './host-control.js';
import { mountEdges } from './mount-edges.js';
import { namespaceEdges, sharedWith } from './namespace-edges.js';
import { isLoopback, nameOf } from './node-name.js';

export const OUTSIDE = 'outside';
export const HOST = 'host';

/**
 * Who reaches whom among the running containers of an engine, as its networks, published ports and namespaces let them.
 *
 * A network is a node of its own: two containers reach each other where edges lead from one to the network and from the
 * network to the other, so that 500 containers on one network are 1,000 edges and not 250,000. What a firewall of the
 * operator's takes away is not known to the engine: an edge says that the engine allows it.
 */
export function isolationGraph(engine: EngineFacts): Graph {
  const running = engine.containers.filter(({ status }) => status === 'running' || status === 'paused');
  const builder = new GraphBuilder();
  builder.node({ id: OUTSIDE, kind: 'outside', label: 'outside', data: {} });
  builder.node({ id: HOST, kind: 'host', label: 'host', data: {} });
  for (const network of engine.networks) addNetwork(builder, network, running);
  const byId = new Map(running.map((container) => [container.id, container]));
  for (const container of running) {
    builder.node(nodeOf(container));
    for (const edge of networkEdges(container, engine.networks)) builder.edge(edge);
    for (const edge of namespaceEdges(container, byId)) builder.edge(edge);
    for (const via of controlOverHost(container, engine)) {
      builder.edge({ from: nameOf(container), to: HOST, kind: 'controls', via });
    }
  }
  const mounts = mountEdges(running);
  for (const node of mounts.nodes) builder.node(node);
  for (const edge of mounts.edges) builder.edge(edge);
  return builder.build(missing(running, byId));
}

class GraphBuilder {
  private readonly nodes = new Map<string, GraphNode>();
  private readonly edges = new Map<string, GraphEdge>();

  node(node: GraphNode): void {
    if (!this.nodes.has(node.id)) this.nodes.set(node.id, node);
  }

  edge(edge: GraphEdge): void {
    this.edges.set(JSON.stringify([edge.from, edge.to, edge.kind, edge.via]), edge);
  }

  build(gaps: string[]): Graph {
    const edges = [...this.edges].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, edge]) => edge);
    const nodes = [...this.nodes.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return { nodes, edges: edges.filter(({ from, to }) => this.nodes.has(from) && this.nodes.has(to)), gaps };
  }
}

function nodeOf(container: Container): GraphNode {
  const { name, image, user, privileged } = container;
  return {
    id: nameOf(container),
    kind: 'container',
    label: name,
    data: { image, user: user === '' ? 'root' : user, ...(privileged && { privileged: 'true' }) },
  };
}

/** Networks of which some container is a member; those of the host and of nobody are modes, not networks. */
function addNetwork(builder: GraphBuilder, network: EngineNetwork, running: readonly Container[]): void {
  if (network.driver === 'host' || network.driver === 'null') return;
  if (!running.some(({ networks }) => networks.some(({ id, name }) => isOf(network, id, name)))) return;
  const { name, driver, internal, subnets } = network;
  builder.node({
    id: `network/${name}`,
    kind: 'network',
    label: name,
    data: { driver, ...(internal && { internal: 'true' }), ...(subnets.length > 0 && { subnets: subnets.join(' ') }) },
  });
}

function networkEdges(container: Container, networks: readonly EngineNetwork[]): GraphEdge[] {
  const own = nameOf(container);
  if (container.networkMode === 'host') {
    return [
      { from: own, to: OUTSIDE, kind: 'reaches', via: 'host network' },
      { from: own, to: HOST, kind: 'reaches', via: 'host network' },
      { from: OUTSIDE, to: own, kind: 'reaches', via: 'host network: every port it opens' },
    ];
  }
  const joined = container.networks.flatMap(
    ({ id, name }) => networks.find((network) => isOf(network, id, name)) ?? [],
  );
  const edges = joined.flatMap((network) => membership(own, network));
  if (joined.some(({ internal }) => !internal)) edges.push({ from: own, to: OUTSIDE, kind: 'reaches', via: 'egress' });
  for (const { containerPort, protocol, hostAddress, hostPort } of container.ports) {
    if (hostPort === null) continue;
    const from = hostAddress !== null && isLoopback(hostAddress) ? HOST : OUTSIDE;
    edges.push({
      from,
      to: own,
      kind: 'reaches',
      via: `${protocol} ${hostAddress || '*'}:${hostPort} → ${containerPort}`,
    });
  }
  return edges;
}

function membership(own: string, network: EngineNetwork): GraphEdge[] {
  const hub = `network/${network.name}`;
  const edges: GraphEdge[] = [];
  // The host has an address on every bridge, even on an internal one.
  if (network.driver === 'bridge')
    edges.push({ from: own, to: HOST, kind: 'reaches', via: `gateway of ${network.name}` });
  // Its containers have addresses of the network outside.
  if (network.driver === 'macvlan' || network.driver === 'ipvlan') {
    edges.push({
      from: OUTSIDE,
      to: own,
      kind: 'reaches',
      via: `${network.driver} ${network.name}: every port it opens`,
    });
  }
  if (connectsMembers(network)) {
    edges.push(
      { from: own, to: hub, kind: 'reaches', via: network.name },
      { from: hub, to: own, kind: 'reaches', via: network.name },
    );
  }
  return edges;
}

/** Docker's bridge option `enable_icc`: without it containers on one bridge do not reach each other. */
export function connectsMembers({ driver, options }: EngineNetwork): boolean {
  return driver !== 'bridge' || options['com.docker.network.bridge.enable_icc'] !== 'false';
}

function isOf(network: EngineNetwork, id: string, name: string): boolean {
  return id === '' ? network.name === name : network.id === id;
}

function missing(running: readonly Container[], byId: ReadonlyMap<string, Container>): string[] {
  return running.flatMap(({ name, networkMode, pidMode, ipcMode }) =>
    Object.entries({ network: networkMode, 'pid namespace': pidMode, 'ipc namespace': ipcMode }).flatMap(
      ([what, mode]) =>
        sharedWith(mode, byId) === 'unknown' ? [`${name} is in the ${what} of a container that does not run.`] : [],
    ),
  );
}
