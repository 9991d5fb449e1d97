import type { Graph, GraphEdge, GraphNode } from '../../model/graph.js';

/** A graph in Graphviz' language (https://graphviz.org/doc/info/lang.html), for `dot -Tsvg`. */
export function dot({ nodes, edges }: Graph, name: string): string {
  const lines = [
    ...nodes.map((node) => `  ${quoted(node.id)} [label=${quoted(labelOf(node))}, shape=${SHAPES[node.kind]}];`),
    ...edges.map(
      (edge) => `  ${quoted(edge.from)} -> ${quoted(edge.to)} [label=${quoted(edge.via)}, style=${STYLES[edge.kind]}];`,
    ),
  ];
  return [`digraph ${quoted(name)} {`, '  rankdir=LR;', ...lines, '}', ''].join('\n');
}

const SHAPES: Record<GraphNode['kind'], string> = {
  outside: 'doublecircle',
  host: 'house',
  container: 'box',
  network: 'ellipse',
  volume: 'cylinder',
  path: 'folder',
  workload: 'box',
  principal: 'oval',
  node: 'house',
  cluster: 'tripleoctagon',
  secrets: 'note',
  group: 'hexagon',
};

const STYLES: Record<GraphEdge['kind'], string> = {
  reaches: 'solid',
  controls: 'bold',
  becomes: 'bold',
  reads: 'dotted',
  writes: 'dashed',
};

function labelOf({ label, data }: GraphNode): string {
  const shown = Object.entries(data).map(([key, value]) => `${key}: ${value}`);
  return [label, ...shown].join('\n');
}

/** Text comes from the target: what would end the text, or leave the line, is taken apart. */
function quoted(text: string): string {
  const printable = text.replace(/[^\P{Cc}\n]/gu, ' ');
  return `"${printable.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
