import * as http from 'node:http';
import * as https from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, getCACertificates } from 'node:tls';
import type { AddressGuard } from './address-guard.js';

/** Connections that are kept to one host at a time. */
const MAX_SOCKETS = 8;

type OnSocket = (error: Error | null, socket: Duplex) => void;

/** Connections for one pull; every one is made under the guard's eyes, also those that redirects lead to. */
export class GuardedAgents {
  private readonly plain: http.Agent;
  private readonly secure: https.Agent;

  /** @param ca PEM, trusted beside what Node trusts */
  constructor(guard: AddressGuard, ca: string | null) {
    const options = { keepAlive: true, maxSockets: MAX_SOCKETS };
    this.plain = new GuardedHttpAgent(guard, options);
    // Made once: to read all the system's certificates takes longer than to connect.
    const trusted =
      ca === null ? {} : { secureContext: createSecureContext({ ca: [...getCACertificates('default'), ca] }) };
    this.secure = new GuardedHttpsAgent(guard, { ...options, ...trusted });
  }

  for(url: URL): http.Agent {
    return url.protocol === 'https:' ? this.secure : this.plain;
  }

  close(): void {
    this.plain.destroy();
    this.secure.destroy();
  }
}

class GuardedHttpAgent extends http.Agent {
  constructor(
    private readonly guard: AddressGuard,
    options: http.AgentOptions,
  ) {
    super(options);
  }

  override createConnection(options: http.ClientRequestArgs, onSocket: OnSocket): Duplex | null | undefined {
    return guarded(this.guard, options, onSocket, (checked) => super.createConnection(checked));
  }
}

class GuardedHttpsAgent extends https.Agent {
  constructor(
    private readonly guard: AddressGuard,
    options: https.AgentOptions,
  ) {
    super(options);
  }

  override createConnection(options: http.ClientRequestArgs, onSocket: OnSocket): Duplex | null | undefined {
    return guarded(this.guard, options, onSocket, (checked) => super.createConnection(checked));
  }
}

function guarded(
  guard: AddressGuard,
  options: http.ClientRequestArgs,
  onSocket: OnSocket,
  connect: (options: http.ClientRequestArgs) => Duplex | null | undefined,
): Duplex | null | undefined {
  const port = Number(options.port);
  const host = String(options.host);
  // An address is not looked up, so it has to be looked at here.
  const refusal = isIP(host) === 0 ? null : guard.refusal(host, host, port);
  if (refusal === null) return connect({ ...options, lookup: guard.lookupFor(port) });
  process.nextTick(() => onSocket(refusal, undefined as unknown as Duplex));
  return undefined;
}
