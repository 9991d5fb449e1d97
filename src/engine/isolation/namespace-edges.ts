import type { GraphEdge } from '../../model/graph.js';
import type { Container } from '../../model/host/engine.js';
import { nameOf } from './node-name.js';

/** Namespaces that a container takes from another: in them each acts on the other's processes, memory or ports. */
export function namespaceEdges(container: Container, byId: ReadonlyMap<string, Container>): GraphEdge[] {
  const modes = [
    { namespace: 'network', mode: container.networkMode, kind: 'reaches' },
    { namespace: 'pid', mode: container.pidMode, kind: 'controls' },
    { namespace: 'ipc', mode: container.ipcMode, kind: 'controls' },
  ] as const;
  return modes.flatMap(({ namespace, mode, kind }): GraphEdge[] => {
    const id = /^container:(.+)$/.exec(mode)?.[1];
    const other = id === undefined ? undefined : byId.get(id);
    if (!other) return [];
    const via = `${namespace} namespace`;
    const [from, to] = [nameOf(container), nameOf(other)];
    return [
      { from, to, kind, via },
      { from: to, to: from, kind, via },
    ];
  });
}
