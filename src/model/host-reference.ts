import { type DaemonAddress, formatDaemonAddress, isSameAddress, parseDaemonAddress } from './daemon.js';
import { PlimsollError } from './error.js';

/** A parsed reference of a host: how its facts come in, and from where. */
export type HostReference =
  /** Its container engine is asked. */
  | { transport: 'docker'; address: DaemonAddress }
  /** Its root is mounted at a folder. */
  | { transport: 'root'; path: string }
  /** `plimsoll collect host` wrote them into a file. */
  | { transport: 'facts'; path: string }
  | { transport: 'upload'; id: string };

const FORMS = 'docker:unix:///PATH, docker:tcp://HOST:PORT, root:DIR, facts:PATH or upload:ID';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SHOWN = 200;

/** @throws PlimsollError `unknown_reference_form` */
export function parseHostReference(reference: string): HostReference {
  const colon = reference.indexOf(':');
  const transport = colon < 0 ? '' : reference.slice(0, colon);
  const rest = reference.slice(colon + 1);
  if (reference.includes('\0')) throw unknownForm(reference, 'it holds a NUL byte');
  switch (transport) {
    case 'docker': {
      const address = parseDaemonAddress(rest);
      if (address !== null) return { transport, address };
      throw unknownForm(reference, 'expected unix:///PATH or tcp://HOST:PORT after "docker:"');
    }
    case 'root':
    case 'facts':
      if (rest.startsWith('/')) return { transport, path: rest };
      throw unknownForm(reference, 'the path after the transport must be absolute');
    case 'upload':
      if (UUID.test(rest)) return { transport, id: rest };
      throw unknownForm(reference, 'an upload is named by the id that POST /v1/uploads answered');
    default:
      throw unknownForm(reference, `expected ${FORMS}`);
  }
}

/** What makes two references the same host, however they are written. */
export function hostReferenceIdentity(reference: string): string {
  const parsed = parseHostReference(reference);
  return parsed.transport === 'docker' ? `docker:${formatDaemonAddress(parsed.address)}` : reference;
}

/**
 * Refuses an engine that the operator did not name: whoever may scan must not make the service speak, with its
 * certificates, to whatever address they like.
 *
 * @throws PlimsollError `address_not_allowed`
 */
export function checkEngineAllowed(address: DaemonAddress, allowed: readonly DaemonAddress[]): void {
  if (allowed.some((one) => isSameAddress(one, address))) return;
  const message = `${formatDaemonAddress(address).slice(0, SHOWN)} is no container engine that this service may ask: the operator can name it in PLIMSOLL_DOCKER_HOSTS.`;
  throw new PlimsollError('address_not_allowed', message);
}

function unknownForm(reference: string, why: string): PlimsollError {
  // Credentials in an address are no part of a message.
  const shown = reference.replace(/\/\/[^/]*@/, '//…@').slice(0, SHOWN);
  return new PlimsollError('unknown_reference_form', `Cannot read the reference "${shown}" of a host: ${why}.`);
}
