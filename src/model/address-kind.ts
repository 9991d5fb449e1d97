import { BlockList, isIPv6 } from 'node:net';

/** What an address is good for, by IANA's special-purpose registries (RFC 6890 and its updates). */
export type AddressKind =
  | 'public'
  | 'unspecified'
  | 'loopback'
  | 'link-local'
  | 'metadata'
  | 'private'
  | 'shared'
  | 'multicast'
  | 'reserved';

/** The first that holds an address decides. */
const IPV4 = kinds('ipv4', [
  ['metadata', ['169.254.169.254/32', '168.63.129.16/32', '100.100.100.200/32', '192.0.0.192/32']],
  ['unspecified', ['0.0.0.0/8']],
  ['loopback', ['127.0.0.0/8']],
  ['link-local', ['169.254.0.0/16']],
  ['private', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']],
  ['shared', ['100.64.0.0/10']], // RFC 6598, carrier-grade NAT
  ['multicast', ['224.0.0.0/4']],
  [
    'reserved',
    [
      '192.0.0.0/24',
      '192.0.2.0/24',
      '192.88.99.0/24',
      '198.18.0.0/15',
      '198.51.100.0/24',
      '203.0.113.0/24',
      '240.0.0.0/4',
    ],
  ],
]);

const IPV6 = kinds('ipv6', [
  ['metadata', ['fd00:ec2::254/128', 'fd20:ce::254/128']],
  ['unspecified', ['::/128']],
  ['loopback', ['::1/128']],
  ['link-local', ['fe80::/10']],
  ['private', ['fc00::/7', 'fec0::/10']],
  ['multicast', ['ff00::/8']],
  ['reserved', ['2001::/23', '2001:db8::/32', '3fff::/20']],
]);

/** RFC 4291 §2.4: addresses of hosts are given out of this block alone. */
const GLOBAL_UNICAST = kinds('ipv6', [['public', ['2000::/3']]]);

/**
 * An IPv6 address that stands for an IPv4 address (IPv4-mapped, NAT64, 6to4) is of the kind of that one.
 *
 * @param address as net.isIP accepts it
 */
export function addressKind(address: string): AddressKind {
  const bare = address.replace(/%.*$/, '');
  if (!isIPv6(bare)) return IPV4.find(([, list]) => list.check(bare, 'ipv4'))?.[0] ?? 'public';
  const embedded = embeddedIPv4(bare);
  if (embedded !== null) return addressKind(embedded);
  const special = IPV6.find(([, list]) => list.check(bare, 'ipv6'))?.[0];
  if (special) return special;
  return GLOBAL_UNICAST.some(([, list]) => list.check(bare, 'ipv6')) ? 'public' : 'reserved';
}

/** The IPv4 address that an IPv6 address is translated to on its way; null where there is none. */
export function embeddedIPv4(address: string): string | null {
  const groups = groupsOf(address);
  const isPrefix = (...prefix: number[]) => prefix.every((group, index) => groups[index] === group);
  // RFC 4291 §2.5.5.2 (mapped), RFC 2765 §2.1 (translated), RFC 6052 §2.1 (NAT64).
  const atEnd =
    isPrefix(0, 0, 0, 0, 0, 0xffff) || isPrefix(0, 0, 0, 0, 0xffff, 0) || isPrefix(0x64, 0xff9b, 0, 0, 0, 0);
  if (atEnd) return dotted(groups[6], groups[7]);
  if (isPrefix(0x2002)) return dotted(groups[1], groups[2]); // RFC 3056 §2, 6to4
  return null;
}

function groupsOf(address: string): number[] {
  // The URL parser writes every form, dotted ends too, as hexadecimal groups.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const read = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const [first, last] = [read(head), read(tail ?? '')];
  return [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
}

function dotted(high = 0, low = 0): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

function kinds(family: 'ipv4' | 'ipv6', table: [AddressKind, string[]][]): [AddressKind, BlockList][] {
  return table.map(([kind, networks]) => {
    const list = new BlockList();
    for (const network of networks) {
      const [address = '', prefix] = network.split('/');
      list.addSubnet(address, Number(prefix), family);
    }
    return [kind, list];
  });
}
