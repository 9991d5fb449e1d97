import { lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { addressKind } from '../model/address-kind.js';
import { PlimsollError } from '../model/error.js';

/**
 * Connections to public addresses, and to the configured host whatever its address: who configures a mirror inside means
 * it. So a server of a feed cannot lead this service to what only the inside can reach, neither by a redirect nor by a
 * name that resolves to it. The address is looked at when it is connected to, after the name was resolved.
 *
 * @param base the configured URL
 * @param variable that says where the feed is
 */
export function guardedAgent(base: URL, variable: string): Agent {
  const lookup: LookupFunction = (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) {
        callback(error, []);
        return;
      }
      const refusals = addresses.map(({ address }) => refusal(host, address, variable));
      const permitted = addresses.filter((_, index) => refusals[index] === null);
      const [first] = permitted;
      if (!first) callback(refusals.find((entry) => entry !== null) ?? new Error(`${host} has no address`), []);
      else if (options.all) callback(null, permitted);
      else callback(null, first.address, first.family);
    });
  };
  const direct = buildConnector({});
  const checked = buildConnector({ lookup });
  return new Agent({
    connect(options, callback) {
      if (isConfigured(base, options.hostname, options.protocol, options.port)) {
        direct(options, callback);
        return;
      }
      const host = bare(options.hostname);
      // An address is not looked up, so it has to be looked at here.
      const refused = isIP(host) === 0 ? null : refusal(host, host, variable);
      if (refused) callback(refused, null);
      else checked(options, callback);
    },
  });
}

/**
 * The same for a URL whose host is an address, before a connection is made to it.
 *
 * @throws PlimsollError `feed_source_invalid`
 */
export function refuseInside(url: URL, base: URL, variable: string): void {
  const host = bare(url.hostname);
  const refused = isIP(host) === 0 ? null : refusal(host, host, variable);
  if (refused && !isConfigured(base, url.hostname, url.protocol, url.port)) throw refused;
}

function refusal(host: string, address: string, variable: string): PlimsollError | null {
  const kind = addressKind(address);
  if (kind === 'public') return null;
  const message = `The feed leads to ${host}, which is at a ${kind} address: no connection is made there. If a mirror inside is meant, name it in ${variable}.`;
  return new PlimsollError('feed_source_invalid', message);
}

/** The same host and port, or that host's own step from HTTP to HTTPS. */
function isConfigured(base: URL, hostname: string, protocol: string, port: string): boolean {
  if (bare(hostname) !== bare(base.hostname)) return false;
  const asked = portOf(protocol, port);
  const own = portOf(base.protocol, base.port);
  return asked === own || (own === '80' && asked === '443');
}

function portOf(protocol: string, port: string): string {
  return port || (protocol === 'https:' ? '443' : '80');
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '').toLowerCase();
}
