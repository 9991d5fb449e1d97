/** Where a container engine's API listens. */
export type DaemonAddress = { kind: 'unix'; path: string } | { kind: 'tcp'; host: string; port: number };

const PORT = { plain: 2375, tls: 2376 };

/**
 * Reads `unix:///PATH` or `tcp://HOST[:PORT]`, as Docker's own DOCKER_HOST.
 *
 * @returns null for anything else
 */
export function parseDaemonAddress(text: string): DaemonAddress | null {
  if (text.startsWith('unix://')) {
    const path = text.slice('unix://'.length);
    return path.startsWith('/') && !path.includes('\0') ? { kind: 'unix', path } : null;
  }
  const [, authority = ''] = /^tcp:\/\/([^/?#@]+)\/?$/.exec(text) ?? [];
  if (authority === '' || !URL.canParse(`http://${authority}`)) return null;
  const { hostname, port } = new URL(`http://${authority}`);
  // The URL parser leaves out a port that is http's own.
  const explicit = port === '' && authority.endsWith(':80') ? 80 : Number(port);
  return { kind: 'tcp', host: hostname.replace(/^\[|\]$/g, ''), port: explicit || PORT.tls };
}

/** As `parseDaemonAddress` reads it. */
export function formatDaemonAddress(address: DaemonAddress): string {
  if (address.kind === 'unix') return `unix://${address.path}`;
  const host = address.host.toLowerCase();
  return `tcp://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}

export function isSameAddress(a: DaemonAddress, b: DaemonAddress): boolean {
  return formatDaemonAddress(a) === formatDaemonAddress(b);
}
