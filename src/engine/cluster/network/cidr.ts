/** A range of addresses of IPv4 or IPv6. */
export interface Cidr {
  bits: 32 | 128;
  /** The first of them. */
  first: bigint;
  last: bigint;
}

/** `10.0.0.0/8`, `fd00::/8`, or one address; null for what is neither. */
export function parseCidr(text: string): Cidr | null {
  const [address = '', length, ...rest] = text.split('/');
  if (rest.length > 0) return null;
  const parsed = address.includes(':') ? parseIpv6(address) : parseIpv4(address);
  if (!parsed) return null;
  const { bits, value } = parsed;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return null;
  const prefix = length === undefined ? bits : Number(length);
  if (prefix > bits) return null;
  const size = 1n << BigInt(bits - prefix);
  const first = value - (value % size);
  return { bits, first, last: first + size - 1n };
}

/** Whether all of `inner` is in `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.bits === inner.bits && outer.first <= inner.first && inner.last <= outer.last;
}

export function overlap(a: Cidr, b: Cidr): boolean {
  return a.bits === b.bits && a.first <= b.last && b.first <= a.last;
}

/** Whether it is of addresses that the internet does not lead to: RFC 1918, 4193, 6598 and those of a link or machine alone. */
export function isPrivate(range: Cidr): boolean {
  return PRIVATE.some((one) => contains(one, range));
}

export function isEverywhere({ bits, first, last }: Cidr): boolean {
  return first === 0n && last === (1n << BigInt(bits)) - 1n;
}

const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
  '::1',
]
  .map(parseCidr)
  .filter((range) => range !== null);

function parseIpv4(text: string): { bits: 32; value: bigint } | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  let value = 0n;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return null;
    value = value * 256n + BigInt(part);
  }
  return { bits: 32, value };
}

function parseIpv6(text: string): { bits: 128; value: bigint } | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head, tail] = halves.map((half) => groupsOf(half));
  if (!head || tail === null) return null;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...Array.from({ length: missing }, () => 0n), ...(tail ?? [])];
  return { bits: 128, value: groups.reduce((value, group) => value * 65_536n + group, 0n) };
}

function groupsOf(half: string): bigint[] | null {
  if (half === '') return [];
  const groups: bigint[] = [];
  const parts = half.split(':');
  for (const [i, part] of parts.entries()) {
    const ipv4 = i === parts.length - 1 && part.includes('.') ? parseIpv4(part) : null;
    if (ipv4) groups.push(ipv4.value >> 16n, ipv4.value & 0xffffn);
    else if (/^[\da-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else return null;
  }
  return groups;
}
