import { isIP, isIPv6 } from 'node:net';

/** An address that is let through though it is not public: by the name that was asked for, or by what it leads to. */
export type AllowedAddress =
  | { kind: 'host'; host: string; port: number | null }
  | { kind: 'network'; address: string; prefix: number; family: 'ipv4' | 'ipv6'; port: number | null };

/**
 * Reads `host`, `host:port`, an address with or without a port (`10.0.0.7:5000`, `[::1]:5000`), or a network
 * (`10.0.0.0/8`).
 *
 * @returns null for anything else
 */
export function parseAllowedAddress(text: string): AllowedAddress | null {
  return readNetwork(text) ?? readHost(text);
}

function readNetwork(text: string): AllowedAddress | null {
  const [, address = '', bits = ''] = /^\[?([0-9a-fA-F:.]+)\]?\/(\d{1,3})$/.exec(text) ?? [];
  const family = familyOf(address);
  const prefix = Number(bits);
  if (bits === '' || family === null || prefix > BITS[family]) return null;
  return { kind: 'network', address, prefix, family, port: null };
}

function readHost(text: string): AllowedAddress | null {
  if (isIPv6(text)) return { kind: 'network', address: text, prefix: BITS.ipv6, family: 'ipv6', port: null };
  const [, name = '', digits] = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const port = digits === undefined ? null : Number(digits);
  if (name === '' || (port !== null && (port < 1 || port > 65_535))) return null;
  const address = name.replace(/^\[|\]$/g, '');
  const family = familyOf(address);
  if (family !== null) return { kind: 'network', address, prefix: BITS[family], family, port };
  if (name.startsWith('[') || !HOST.test(name)) return null;
  return { kind: 'host', host: name.toLowerCase(), port };
}

const BITS = { ipv4: 32, ipv6: 128 };
const HOST = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/;

function familyOf(address: string): 'ipv4' | 'ipv6' | null {
  switch (isIP(address)) {
    case 4:
      return 'ipv4';
    case 6:
      return 'ipv6';
    default:
      return null;
  }
}
