import type { GraphEdge, GraphNode } from '../../model/graph.js';
import type { Container, ContainerMount } from '../../model/host/engine.js';
import { nameOf } from './node-name.js';

/** Volumes, and folders of the host that several containers mount, wholly or in part. */
export function mountEdges(running: readonly Container[]): { nodes: GraphNode[]; edges: GraphEdge[] } {
  const uses = running.flatMap((container) =>
    container.mounts.filter(isShareable).map((mount) => ({ container, mount, source: sourceOf(mount) })),
  );
  const nodes = new Map<string, GraphNode>();
  const edges: GraphEdge[] = [];
  for (const { container, mount, source } of uses) {
    const id = `${mount.type === 'volume' ? 'volume' : 'path'}/${source}`;
    nodes.set(id, { id, kind: mount.type === 'volume' ? 'volume' : 'path', label: source, data: {} });
    const own = nameOf(container);
    const via = mount.destination;
    edges.push({ from: id, to: own, kind: 'reads', via });
    if (!mount.readOnly) edges.push({ from: own, to: id, kind: 'writes', via });
  }
  return { nodes: [...nodes.values()], edges: [...edges, ...nested(nodes)] };
}

/** A folder within another: who writes the outer one writes it too. */
function nested(nodes: ReadonlyMap<string, GraphNode>): GraphEdge[] {
  const paths = [...nodes.values()].filter(({ kind }) => kind === 'path');
  const edges: GraphEdge[] = [];
  for (const inner of paths) {
    for (let parent = inner.label; parent !== '/' && parent !== ''; ) {
      parent = parent.slice(0, parent.lastIndexOf('/')) || '/';
      const outer = nodes.get(`path/${parent}`);
      if (!outer) continue;
      edges.push(
        { from: outer.id, to: inner.id, kind: 'writes', via: 'folder' },
        { from: inner.id, to: outer.id, kind: 'reads', via: 'folder' },
      );
    }
  }
  return edges;
}

function isShareable({ type }: ContainerMount): boolean {
  return type === 'volume' || type === 'bind' || type === 'cluster';
}

function sourceOf({ source, volume }: ContainerMount): string {
  const name = volume ?? source;
  return name.length > 1 ? name.replace(/\/+$/, '') : name;
}
