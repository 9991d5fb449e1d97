import type { Graph, GraphEdge } from '../../model/graph.js';

/** How a node can be got at from another: the shortest way, edge by edge. */
export type Way = GraphEdge[];

/**
 * The shortest ways from one node to every other that it can get at, by its id. They do not lead on through what is
 * outside or through the host: whoever is there gets everywhere.
 *
 * @param kinds of edges that may be gone along
 */
export function waysFrom(
  graph: Pick<Graph, 'edges'>,
  start: string,
  through: (node: string) => boolean,
  kinds: readonly GraphEdge['kind'][],
): Map<string, Way> {
  const leaving = new Map<string, GraphEdge[]>();
  for (const edge of graph.edges) {
    if (!kinds.includes(edge.kind)) continue;
    const edges = leaving.get(edge.from);
    if (edges) edges.push(edge);
    else leaving.set(edge.from, [edge]);
  }
  const ways = new Map<string, Way>();
  let front: { node: string; way: Way }[] = [{ node: start, way: [] }];
  while (front.length > 0) {
    const next: typeof front = [];
    for (const { node, way } of front) {
      for (const edge of leaving.get(node) ?? []) {
        if (edge.to === start || ways.has(edge.to)) continue;
        const longer = [...way, edge];
        ways.set(edge.to, longer);
        if (through(edge.to)) next.push({ node: edge.to, way: longer });
      }
    }
    front = next;
  }
  return ways;
}
