import type { Json } from '../../../model/cluster/network.js';
import type { CompiledRule, Endpoint } from './compiled-policy.js';
import { asText, type JsonObject, listAt } from './json-view.js';
import { namedPorts } from './kubernetes-policies.js';
import { NO_PORTS, type PortSet, portsOf, union, without } from './port-set.js';

/** The ports that a rule of Calico's is about, at the side that is connected to; null: every one, whatever protocol. */
export function calicoPorts(rule: JsonObject, destination: JsonObject): CompiledRule['ports'] {
  const protocols = protocolsOf(rule);
  const ports = listAt(destination, 'ports');
  const notPorts = listAt(destination, 'notPorts');
  if (protocols === null && ports === null && notPorts === null) return null;
  const names = protocols ?? ['TCP', 'UDP', 'SCTP'];
  const of = (list: Json[]) => {
    const compiled = list.map((port) => compilePort(port, names));
    return (to: Endpoint | null) => compiled.reduce<PortSet>((all, one) => union(all, one(to)), NO_PORTS);
  };
  const every = names.reduce<PortSet>((all, name) => union(all, portsOf(name, null) ?? NO_PORTS), NO_PORTS);
  const [yes, no] = [ports && of(ports), notPorts && of(notPorts)];
  return (to) => without(yes ? yes(to) : every, no ? no(to) : NO_PORTS);
}

/** Null: whatever protocol. */
function protocolsOf(rule: JsonObject): string[] | null {
  const [protocol, not] = [rule.protocol ?? null, rule.notProtocol ?? null];
  const name = (value: Json) => String(value).toUpperCase();
  const numbers: Record<string, string> = { 6: 'TCP', 17: 'UDP', 132: 'SCTP' };
  if (protocol !== null) return [numbers[name(protocol)] ?? name(protocol)];
  return not === null ? null : ['TCP', 'UDP', 'SCTP'].filter((one) => one !== (numbers[name(not)] ?? name(not)));
}

function compilePort(port: Json, protocols: readonly string[]): (to: Endpoint | null) => PortSet {
  const text = typeof port === 'number' ? String(port) : asText(port, 'ports');
  const range = /^(\d+)(?::(\d+))?$/.exec(text);
  if (!range) return (to) => protocols.reduce<PortSet>((all, name) => union(all, namedPorts(text, name, to)), NO_PORTS);
  const [first, last] = [Number(range[1]), range[2] === undefined ? null : Number(range[2])];
  const set = protocols.reduce<PortSet>((all, name) => union(all, portsOf(name, first, last) ?? NO_PORTS), NO_PORTS);
  return () => set;
}
