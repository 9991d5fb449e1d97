import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { type AddressKind, addressKind, embeddedIPv4 } from '../../model/address-kind.js';
import { PlimsollError } from '../../model/error.js';
import type { AllowedAddress } from '../../model/registry-allow.js';

/**
 * Says to which addresses a connection may be made: public ones, and those that the operator allowed. It is asked with the
 * address that is connected to, after the name was resolved, so that no name can change its mind in between.
 */
export class AddressGuard {
  private readonly networks: { list: BlockList; port: number | null }[] = [];
  private readonly hosts: { host: string; port: number | null }[] = [];

  constructor(allowed: readonly AllowedAddress[]) {
    for (const entry of allowed) {
      if (entry.kind === 'host') {
        this.hosts.push(entry);
      } else {
        const list = new BlockList();
        list.addSubnet(entry.address, entry.prefix, entry.family);
        this.networks.push({ list, port: entry.port });
      }
    }
  }

  /** Why no connection may be made; null if it may. */
  refusal(host: string, address: string, port: number): PlimsollError | null {
    const kind = addressKind(address);
    if (kind === 'public' || this.isAllowed(host, address, port)) return null;
    return notAllowed(host, kind);
  }

  /** For connections to a port: resolves a name to those of its addresses that a connection may be made to. */
  lookupFor(port: number): LookupFunction {
    return (host, options, callback) => {
      resolve(host, { ...options, all: true }, (error, addresses) => {
        if (error) {
          callback(error, []);
          return;
        }
        const refusals = addresses.map(({ address }) => this.refusal(host, address, port));
        const permitted = addresses.filter((_, index) => refusals[index] === null);
        const [first] = permitted;
        if (!first) callback(refusals.find((refusal) => refusal !== null) ?? notFound(host), []);
        else if (options.all) callback(null, permitted);
        else callback(null, first.address, first.family);
      });
    };
  }

  private isAllowed(host: string, address: string, port: number): boolean {
    const name = host.toLowerCase().replace(/\.$/, '');
    const ofPort = (entry: { port: number | null }) => entry.port === null || entry.port === port;
    if (this.hosts.some((entry) => entry.host === name && ofPort(entry))) return true;
    const bare = address.replace(/%.*$/, '');
    const forms = isIP(bare) === 6 ? [bare, embeddedIPv4(bare)] : [bare];
    return this.networks.some(
      (entry) =>
        ofPort(entry) &&
        forms.some((form) => form !== null && entry.list.check(form, isIP(form) === 6 ? 'ipv6' : 'ipv4')),
    );
  }
}

/** Without the address: whoever may scan need not learn how names resolve inside. */
function notAllowed(host: string, kind: AddressKind): PlimsollError {
  const message = `${host} is at a ${kind} address, to which no connection is made: if that is right, the operator can allow it in PLIMSOLL_REGISTRY_ALLOW.`;
  return new PlimsollError('address_not_allowed', message);
}

function notFound(host: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' });
}
