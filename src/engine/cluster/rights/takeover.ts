import { type Escalation, isGathering } from './escalation.js';
import { type EscalationGraph, lengthOf } from './escalation-graph.js';

/**
 * From whatever gets there, the first step of its shortest way to one of the ends; of ways as long as each other the one
 * that is first by name. Follow it by `wayFrom`.
 *
 * @param without a step that is not there, as if somebody had taken it away
 */
export function waysTo(
  { leaving }: Pick<EscalationGraph, 'leaving'>,
  isEnd: (id: string) => boolean,
  without: Escalation | null = null,
): Map<string, Escalation> {
  const entering = new Map<string, Escalation[]>();
  const ends = new Set<string>();
  for (const edges of leaving.values()) {
    for (const edge of edges) {
      if (edge === without) continue;
      const list = entering.get(edge.to);
      if (list) list.push(edge);
      else entering.set(edge.to, [edge]);
      if (isEnd(edge.to)) ends.add(edge.to);
    }
  }
  const first = new Map<string, Escalation>();
  const distance = new Map<string, number>([...ends].map((end) => [end, 0]));
  // By distance; from a gathering is no step, so what it is of comes before what is a step away.
  let front = [...ends].sort();
  for (let depth = 0; front.length > 0; depth += 1) {
    const next: string[] = [];
    for (let i = 0; i < front.length; i += 1) {
      const node = front[i] as string;
      if (distance.get(node) !== depth) continue;
      for (const edge of entering.get(node) ?? []) {
        if (isEnd(edge.from)) continue;
        const length = depth + lengthOf(edge);
        const known = distance.get(edge.from);
        if (known !== undefined && known <= length) continue;
        distance.set(edge.from, length);
        first.set(edge.from, edge);
        (length === depth ? front : next).push(edge.from);
      }
    }
    front = next.sort();
  }
  return first;
}

/** The steps from somewhere to the end; none where there is no way. Through many to one of them is one step. */
export function wayFrom(first: ReadonlyMap<string, Escalation>, start: string): Escalation[] {
  const way: Escalation[] = [];
  let at = start;
  for (let edge = first.get(at); edge; edge = first.get(at)) {
    const last = way.at(-1);
    if (last && isGathering(edge.from)) way[way.length - 1] = { ...last, to: edge.to };
    else way.push(edge);
    at = edge.to;
  }
  return way;
}

/** `ServiceAccount/a/b → cluster-admin: may do everything (ClusterRole/cluster-admin by ClusterRoleBinding/x)`. */
export function shownStep({ from, to, via, grants }: Escalation): string {
  const rights = [...new Set(grants.map(({ role, binding }) => `${role} by ${binding}`))];
  return `${from} → ${to}: ${via}${rights.length > 0 ? ` (${rights.join('; ')})` : ''}`;
}
