import { describe, expect, it } from 'vitest';
import { parseAllowedAddress } from '../../model/registry-allow.js';
import { AddressGuard } from './address-guard.js';

function guardOf(...allowed: string[]): AddressGuard {
  return new AddressGuard(allowed.flatMap((text) => parseAllowedAddress(text) ?? []));
}

const lookup = (guard: AddressGuard, host: string, port: number, all: boolean) =>
  new Promise((resolve, reject) => {
    guard.lookupFor(port)(host, { all }, (error, address) => (error ? reject(error) : resolve(address)));
  });

describe('AddressGuard', () => {
  it('lets public addresses through, and no others', () => {
    expect(guardOf().refusal('x.example', '8.8.8.8', 443)).toBeNull();
    expect(guardOf().refusal('x.example', '10.0.0.1', 443)).toMatchObject({ code: 'address_not_allowed' });
  });

  it.each([
    ['10.0.0.0/8', 'x', '10.1.2.3', 443, true],
    ['10.0.0.0/8', 'x', '::ffff:10.1.2.3', 443, true],
    ['10.0.0.0/8', 'x', '192.168.0.1', 443, false],
    ['10.0.0.0/8', 'x', '169.254.169.254', 443, false],
    ['127.0.0.1', '127.0.0.1', '127.0.0.1', 5_000, true],
    ['127.0.0.1:5000', 'x', '127.0.0.1', 5_000, true],
    ['127.0.0.1:5000', 'x', '127.0.0.1', 5_001, false],
    ['registry.internal', 'Registry.Internal.', '10.0.0.1', 5_000, true],
    ['registry.internal', 'other.internal', '10.0.0.1', 5_000, false],
    ['registry.internal:5000', 'registry.internal', '10.0.0.1', 443, false],
    ['[::1]:5000', '::1', '::1', 5_000, true],
    ['fe80::/10', 'x', 'fe80::1%eth0', 443, true],
  ])('with %s allowed, %s at %s port %i: %s', (allowed, host, address, port, passes) => {
    expect(guardOf(allowed).refusal(host, address, port) === null).toBe(passes);
  });

  it('does not tell to what a name resolves', () => {
    expect(guardOf().refusal('db.internal', '10.11.12.13', 443)?.message).not.toContain('10.11');
  });

  it.each([true, false])('resolves a name only to what is allowed (all: %s)', async (all) => {
    await expect(lookup(guardOf(), 'localhost', 5_000, all)).rejects.toMatchObject({ code: 'address_not_allowed' });
    await expect(lookup(guardOf('localhost:5001'), 'localhost', 5_000, all)).rejects.toMatchObject({
      code: 'address_not_allowed',
    });
    expect(await lookup(guardOf('localhost:5000'), 'localhost', 5_000, all)).toEqual(
      all ? expect.arrayContaining([expect.objectContaining({ family: expect.any(Number) })]) : expect.any(String),
    );
  });
});
