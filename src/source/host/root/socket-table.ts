import type { ListeningSocket } from '../../../model/host/system.js';

export interface SocketLine extends Pick<ListeningSocket, 'protocol' | 'address' | 'port'> {
  inode: string;
}

/** States of tcp_states.h: a TCP socket that listens; a UDP socket that is not connected takes from everybody. */
const TAKES_ALL = { tcp: '0A', udp: '07' };

/**
 * Sockets that wait for somebody, of /proc/net/tcp, tcp6, udp or udp6: `sl local_address rem_address st … inode`,
 * proc_net_tcp.rst. Addresses are 32-bit numbers as the machine has them, which are little-endian wherever engines run.
 */
export function parseSocketTable(text: string, protocol: 'tcp' | 'udp', most: number): SocketLine[] {
  const sockets: SocketLine[] = [];
  for (const line of text.split('\n')) {
    const [, , local = '', , state, , , , , , inode = ''] = ` ${line.trim()}`.split(/\s+/);
    if (state !== TAKES_ALL[protocol]) continue;
    const [, hex = '', port = ''] = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(local) ?? [];
    if (hex === '' || !/^\d{1,20}$/.test(inode)) continue;
    if (sockets.length === most) break;
    sockets.push({ protocol, address: addressOf(hex), port: Number.parseInt(port, 16), inode });
  }
  return sockets;
}

function addressOf(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  bytes.swap32();
  if (bytes.length === 4) return bytes.join('.');
  const isMapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes.readUInt16BE(10) === 0xffff;
  if (isMapped) return `::ffff:${bytes.subarray(12).join('.')}`;
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16));
  return shortest(groups);
}

/** RFC 5952: the longest run of zeros is left out, the first of several. */
function shortest(groups: readonly string[]): string {
  let best = { at: -1, length: 1 };
  for (let at = 0; at < groups.length; at += 1) {
    let length = 0;
    while (groups[at + length] === '0') length += 1;
    if (length > best.length) best = { at, length };
  }
  if (best.at < 0) return groups.join(':');
  return `${groups.slice(0, best.at).join(':')}::${groups.slice(best.at + best.length).join(':')}`;
}
