import type { PublishedPort } from '../../../model/host/engine.js';
import type { InspectedContainer } from './inspected-container.js';

type Bindings = InspectedContainer['HostConfig']['PortBindings'];

/**
 * Where a container can be reached on the host, sorted. What the engine bound is told while it runs; else what it was
 * asked to bind, where an empty address is every address, and port 0 one that the kernel will choose.
 */
export function publishedPorts({ State, Config, HostConfig, NetworkSettings }: InspectedContainer): PublishedPort[] {
  const isUp = State.Running || State.Paused || State.Restarting;
  const asked = HostConfig.PortBindings;
  const bound = NetworkSettings.Ports;
  const names = new Set([...Object.keys(Config.ExposedPorts), ...Object.keys(asked), ...Object.keys(bound)]);
  const ports = [...names].flatMap((name): PublishedPort[] => {
    const port = parsePort(name);
    if (port === null) return [];
    const open = bindingsOf(bound, name) ?? (isUp && Object.keys(bound).length > 0 ? null : bindingsOf(asked, name));
    if (open !== null) return open.map((binding) => ({ ...port, ...binding }));
    if (HostConfig.PublishAllPorts && !isUp) return [{ ...port, hostAddress: '', hostPort: 0 }];
    return [{ ...port, hostAddress: null, hostPort: null }];
  });
  return ports.sort(compare);
}

function bindingsOf(bindings: Bindings, name: string): { hostAddress: string; hostPort: number }[] | null {
  const list = bindings[name] ?? [];
  if (list.length === 0) return null;
  // A range, `8000-8010`, is that of which one will be chosen.
  return list.map(({ HostIp, HostPort }) => ({ hostAddress: HostIp, hostPort: Number.parseInt(HostPort, 10) || 0 }));
}

/** `80/tcp`; without a protocol it is tcp. */
function parsePort(name: string): Pick<PublishedPort, 'containerPort' | 'protocol'> | null {
  const [, port = '', protocol = 'tcp'] = /^(\d{1,5})(?:\/(tcp|udp|sctp))?$/.exec(name) ?? [];
  return port === '' ? null : { containerPort: Number(port), protocol: protocol as PublishedPort['protocol'] };
}

function compare(a: PublishedPort, b: PublishedPort): number {
  return (
    a.containerPort - b.containerPort ||
    a.protocol.localeCompare(b.protocol, 'en') ||
    (a.hostAddress ?? '').localeCompare(b.hostAddress ?? '', 'en') ||
    (a.hostPort ?? 0) - (b.hostPort ?? 0)
  );
}
