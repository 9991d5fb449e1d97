/**
 * Ports of each protocol, as ranges of one line of numbers: 0-65535 are those of TCP, then UDP's, then SCTP's. Ranges are
 * in order, apart from each other and not empty.
 */
export type PortSet = readonly (readonly [first: number, last: number])[];

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
const PORTS = 65_536;

export const NO_PORTS: PortSet = [];
export const ALL_PORTS: PortSet = [[0, PROTOCOLS.length * PORTS - 1]];

/** Null for a protocol that has no ports, as ICMP. Null ports: every one of the protocol. */
export function portsOf(protocol: string, first: number | null, last: number | null = null): PortSet | null {
  const index = (PROTOCOLS as readonly string[]).indexOf(protocol.toUpperCase());
  if (index < 0) return null;
  const start = index * PORTS;
  if (first === null) return [[start, start + PORTS - 1]];
  const end = Math.min(last ?? first, PORTS - 1);
  return first < 0 || end < first ? NO_PORTS : [[start + first, start + end]];
}

export function union(a: PortSet, b: PortSet): PortSet {
  if (a.length === 0) return b;
  if (b.length === 0 || a === b || isAll(a)) return a;
  const sorted = [...a, ...b].sort(([x], [y]) => x - y);
  const merged: [number, number][] = [];
  for (const [first, last] of sorted) {
    const before = merged.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

export function intersection(a: PortSet, b: PortSet): PortSet {
  if (a === b || isAll(b)) return a;
  if (isAll(a)) return b;
  const common: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [firstA, lastA] = a[i] as [number, number];
    const [firstB, lastB] = b[j] as [number, number];
    const first = Math.max(firstA, firstB);
    const last = Math.min(lastA, lastB);
    if (first <= last) common.push([first, last]);
    if (lastA < lastB) i += 1;
    else j += 1;
  }
  return common;
}

export function without(a: PortSet, b: PortSet): PortSet {
  if (b.length === 0) return a;
  const gaps: [number, number][] = [];
  let next = 0;
  for (const [first, last] of b) {
    if (first > next) gaps.push([next, first - 1]);
    next = last + 1;
  }
  const end = PROTOCOLS.length * PORTS - 1;
  if (next <= end) gaps.push([next, end]);
  return intersection(a, gaps);
}

export function isAll(ports: PortSet): boolean {
  return ports.length === 1 && ports[0]?.[0] === 0 && ports[0][1] === PROTOCOLS.length * PORTS - 1;
}

/** `every port`, `tcp 80, 8000-8080; udp 53`, `nothing`. */
export function shownPorts(ports: PortSet): string {
  if (isAll(ports)) return 'every port';
  const parts = PROTOCOLS.flatMap((name, index) => {
    const own = intersection(ports, [[index * PORTS, (index + 1) * PORTS - 1]]);
    if (own.length === 0) return [];
    const ranges = own.map(([first, last]) => {
      const [from, to] = [first - index * PORTS, last - index * PORTS];
      return from === 0 && to === PORTS - 1 ? 'every port' : from === to ? `${from}` : `${from}-${to}`;
    });
    return [`${name.toLowerCase()} ${ranges.join(', ')}`];
  });
  return parts.length === 0 ? 'nothing' : parts.join('; ');
}
