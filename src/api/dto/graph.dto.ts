import type { Graph, GraphEdge, GraphEdgeKind, GraphNode, GraphNodeKind } from '../../model/graph.js';
import { JsonScalar } from './json.scalar.js';
import { Property, Shape } from './property.js';

@Shape('GraphNode', 'Something that reaches others, or is reached.')
export class GraphNodeDto {
  @Property(String, { description: '`outside`, `host`, or kind and name.', example: 'container/web' })
  id: string;

  @Property(String, { description: '`outside`, `host`, `container`, `network`, `volume` or `path`.' })
  kind: GraphNodeKind;

  @Property(String, { description: 'For people.' })
  label: string;

  @Property(JsonScalar, { description: 'What else is worth showing, by name.' })
  data: Record<string, string>;

  static of({ id, kind, label, data }: GraphNode): GraphNodeDto {
    return Object.assign(new GraphNodeDto(), { id, kind, label, data });
  }
}

@Shape('GraphEdge', 'Who gets at whom.')
export class GraphEdgeDto {
  @Property(String, { description: 'Of a node.' })
  from: string;

  @Property(String, { description: 'Of a node.' })
  to: string;

  @Property(String, {
    description:
      '`reaches` (may open connections to it), `controls` (acts on it with its own rights), `reads` or `writes`.',
  })
  kind: GraphEdgeKind;

  @Property(String, { description: 'How.', example: 'tcp 0.0.0.0:8080 → 80' })
  via: string;

  static of({ from, to, kind, via }: GraphEdge): GraphEdgeDto {
    return Object.assign(new GraphEdgeDto(), { from, to, kind, via });
  }
}

@Shape('Graph', 'Who reaches whom on a host, and what they share.')
export class GraphDto {
  @Property([GraphNodeDto], { description: 'Sorted by id.' })
  nodes: GraphNodeDto[];

  @Property([GraphEdgeDto], { description: 'Sorted, each once.' })
  edges: GraphEdgeDto[];

  @Property([String], { description: 'What could not be told. With any, an edge that is missing proves nothing.' })
  gaps: string[];

  static of({ nodes, edges, gaps }: Graph): GraphDto {
    return Object.assign(new GraphDto(), {
      nodes: nodes.map(GraphNodeDto.of),
      edges: edges.map(GraphEdgeDto.of),
      gaps,
    });
  }
}
