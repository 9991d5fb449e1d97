import type { Graph } from '../../model/graph.js';
import type { Container, EngineFacts, EngineNetwork } from '../../model/host/engine.js';
import type { Severity } from '../../model/severity.js';
import { connectsMembers, HOST, OUTSIDE } from './isolation-graph.js';
import { nameOf } from './node-name.js';
import { type Way, waysFrom } from './reach.js';

/** Isolation that is not there where it could be. */
export interface MissingIsolation {
  ruleId: 'host-takeover-from-outside' | 'default-bridge-shared' | 'writable-storage-shared' | 'namespace-shared';
  /** One line for people. */
  title: string;
  severity: Severity;
  /** The node that it is about. */
  resource: string;
  /** What shows it, step by step. */
  steps: string[];
  remediation: string;
}

/** In the order of severity, then of rule and resource. */
export function missingIsolation(engine: EngineFacts, graph: Graph): MissingIsolation[] {
  const running = engine.containers.filter(({ status }) => status === 'running' || status === 'paused');
  return [
    ...takeovers(graph),
    ...sharedDefaultBridge(engine.networks, running),
    ...sharedStorage(graph, running),
    ...sharedNamespaces(graph),
  ];
}

/** A container that can be reached from outside and may do to the host what it likes: nothing is isolated then. */
function takeovers(graph: Graph): MissingIsolation[] {
  const ways = waysFrom(graph, OUTSIDE, (node) => node !== HOST, ['reaches', 'controls']);
  const controlling = [
    ...new Set(graph.edges.filter(({ to, kind }) => to === HOST && kind === 'controls').map(({ from }) => from)),
  ];
  return controlling.flatMap((container): MissingIsolation[] => {
    const way = ways.get(container);
    if (!way) return [];
    const last = graph.edges.filter(({ from, to, kind }) => from === container && to === HOST && kind === 'controls');
    const isDirect = way.length === 1;
    return [
      {
        ruleId: 'host-takeover-from-outside',
        title: `${container} can be reached from outside and may take over the host`,
        severity: isDirect ? 'critical' : 'high',
        resource: container,
        steps: [...way.map(shown), ...last.map(shown)],
        remediation: `Take from ${container} what gives it the host (${last.map(({ via }) => via).join(', ')}), or do not let it be reached: publish its port on 127.0.0.1 only.`,
      },
    ];
  });
}

/** On Docker's default bridge every container reaches every port of every other, which nobody asked for. */
function sharedDefaultBridge(networks: readonly EngineNetwork[], running: readonly Container[]): MissingIsolation[] {
  const bridge = networks.find(({ name, driver }) => driver === 'bridge' && (name === 'bridge' || name === 'podman'));
  if (!bridge || !connectsMembers(bridge)) return [];
  const members = running
    .filter(({ networks: joined }) => joined.some(({ name }) => name === bridge.name))
    .map(nameOf)
    .sort();
  if (members.length < 2) return [];
  return [
    {
      ruleId: 'default-bridge-shared',
      title: `${members.length} containers reach each other over the default network`,
      severity: 'medium',
      resource: `network/${bridge.name}`,
      steps: members,
      remediation:
        'Give containers that belong together a network of their own (docker network create), or start the engine with --icc=false.',
    },
  ];
}

/** What one container writes another reads, though no network joins them: a way around the networks. */
function sharedStorage(graph: Graph, running: readonly Container[]): MissingIsolation[] {
  const byName = new Map(running.map((container) => [nameOf(container), container]));
  return graph.nodes.flatMap((node): MissingIsolation[] => {
    if (node.kind !== 'volume' && node.kind !== 'path') return [];
    const users = usersOf(graph, node.id);
    const writers = [
      ...new Set(
        graph.edges
          .filter(({ from, to, kind }) => kind === 'writes' && to === node.id && byName.has(from))
          .map(({ from }) => from),
      ),
    ];
    const strangers = users.filter((user) =>
      writers.some((writer) => writer !== user && !areTogether(byName.get(writer), byName.get(user))),
    );
    if (writers.length === 0 || strangers.length === 0) return [];
    return [
      {
        ruleId: 'writable-storage-shared',
        title: `Containers on different networks share ${node.id}, and one may write it`,
        severity: 'medium',
        resource: node.id,
        steps: [
          ...writers.map((name) => `${name} writes ${node.label}`),
          ...users.map((name) => `${name} reads ${node.label}`),
        ],
        remediation: 'Mount it read-only (:ro) where it is only read, or give each container a volume of its own.',
      },
    ];
  });
}

function usersOf(graph: Graph, storage: string): string[] {
  const users = graph.edges.filter(
    ({ from, kind, to }) => kind === 'reads' && from === storage && to.startsWith('container/'),
  );
  return [...new Set(users.map(({ to }) => to))];
}

/** They were started as one application, or may talk to each other anyway. */
function areTogether(a: Container | undefined, b: Container | undefined): boolean {
  if (!a || !b) return false;
  const project = (container: Container) =>
    container.labels['com.docker.compose.project'] ?? container.labels['io.podman.compose.project'];
  if (project(a) !== undefined && project(a) === project(b)) return true;
  const networks = new Set(a.networks.map(({ name }) => name));
  return b.networks.some(({ name }) => networks.has(name) && name !== 'bridge');
}

function sharedNamespaces(graph: Graph): MissingIsolation[] {
  const shared = graph.edges.filter(({ from, to, kind }) => kind === 'controls' && to !== HOST && from < to);
  return shared.map((edge) => ({
    ruleId: 'namespace-shared' as const,
    title: `${edge.from} and ${edge.to} share a ${edge.via}`,
    severity: 'medium' as const,
    resource: edge.from,
    steps: [shown(edge)],
    remediation: `Start ${edge.from} with namespaces of its own, unless it is there to watch the other.`,
  }));
}

function shown({ from, to, kind, via }: Way[number]): string {
  return `${from} ${kind} ${to}: ${via}`;
}
