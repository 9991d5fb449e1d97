import type { GraphEdge } from '../../model/graph.js';
import type { Container } from '../../model/host/engine.js';
import { nameOf } from './node-name.js';

/**
 * The container that a mode as `container:ID` names: by its id, or as older engines and programs write it, by a part of
 * the id or by its name. `unknown` where it is none of those that run, null where the mode names none.
 */
export function sharedWith(mode: string, byId: ReadonlyMap<string, Container>): Container | 'unknown' | null {
  const named = /^container:(.+)$/.exec(mode)?.[1];
  if (named === undefined) return null;
  const other = byId.get(named);
  if (other) return other;
  const isPart = /^[0-9a-f]{12,63}$/.test(named);
  const found = [...byId.values()].find(({ id, name }) => name === named || (isPart && id.startsWith(named)));
  return found ?? 'unknown';
}

/** Namespaces that a container takes from another: in them each acts on the other's processes, memory or ports. */
export function namespaceEdges(container: Container, byId: ReadonlyMap<string, Container>): GraphEdge[] {
  const modes = [
    { namespace: 'network', mode: container.networkMode, kind: 'reaches' },
    { namespace: 'pid', mode: container.pidMode, kind: 'controls' },
    { namespace: 'ipc', mode: container.ipcMode, kind: 'controls' },
  ] as const;
  return modes.flatMap(({ namespace, mode, kind }): GraphEdge[] => {
    const other = sharedWith(mode, byId);
    if (!other || other === 'unknown') return [];
    const via = `${namespace} namespace`;
    const [from, to] = [nameOf(container), nameOf(other)];
    return [
      { from, to, kind, via },
      { from: to, to: from, kind, via },
    ];
  });
}
