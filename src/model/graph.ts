/** Who reaches whom on a target, and what they share: nodes and directed edges, sorted, each once. */
export interface Graph {
  nodes: GraphNode[];
  edges: GraphEdge[];
  /** What could not be told, a sentence each: an edge that is missing because of it proves nothing. */
  gaps: string[];
}

export interface GraphNode {
  /** `outside`, `host`, or kind and name: `container/web`, `network/front`. */
  id: string;
  kind: GraphNodeKind;
  label: string;
  /** What else is worth showing, by name. */
  data: Record<string, string>;
}

export type GraphNodeKind =
  /** Whoever can send packets to the target's addresses. */
  | 'outside'
  /** The machine itself, with root's rights. */
  | 'host'
  | 'container'
  /** Everything that is on it reaches everything else on it, as far as its edges go both ways. */
  | 'network'
  | 'volume'
  /** A file or folder of the host. */
  | 'path'
  /** Of a cluster: what makes pods, and its pods. */
  | 'workload'
  /** Whoever the API server may know a request to come from. */
  | 'principal'
  /** A machine of a cluster, with root's rights. */
  | 'node'
  /** Every right in the cluster. */
  | 'cluster'
  /** The values of secrets. */
  | 'secrets'
  /** Many, through which one of them is got at. */
  | 'group';

export interface GraphEdge {
  from: string;
  to: string;
  kind: GraphEdgeKind;
  /** How: `tcp 0.0.0.0:8080 → 80`, `pid namespace`, `/data, writable`. */
  via: string;
}

export type GraphEdgeKind =
  /** Can open connections to it. */
  | 'reaches'
  /** Can act on it with rights that are meant to be its own: namespaces, memory, processes. */
  | 'controls'
  /** Can act as if it were it. */
  | 'becomes'
  | 'reads'
  | 'writes';
