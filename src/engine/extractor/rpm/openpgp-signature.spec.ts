import { describe, expect, it } from 'vitest';
import { isRefusedSignature } from './openpgp-signature.js';

const RSA = 1;
const DSA = 17;
const ECDSA = 19;
const EDDSA = 22;
const ED25519 = 27;

/** A number of this many bits by its own word, and these bytes. */
const mpi = (bits: number, bytes: Buffer) => Buffer.concat([Buffer.from([bits >> 8, bits & 255]), bytes]);
const ones = (length: number) => Buffer.alloc(length, 0xff);
/** In normal form. */
const sound = (length: number) => mpi(8 * length, ones(length));
/** Its first byte is zero, and was not taken off: what the signer of CBL-Mariner writes. */
const padded = (length: number) => mpi(8 * length - 7, Buffer.concat([Buffer.of(0), ones(length - 1)]));

const HASHED = Buffer.from('050261f25fa4', 'hex');
const ISSUER = Buffer.from('09101111111111111111', 'hex');
const v4 = (algorithm: number, ...numbers: Buffer[]) =>
  Buffer.concat([
    Buffer.from([4, 0, algorithm, 8, 0, 6]),
    HASHED,
    Buffer.of(0, 10),
    ISSUER,
    Buffer.of(0, 0),
    ...numbers,
  ]);
const v3 = (algorithm: number, ...numbers: Buffer[]) =>
  Buffer.concat([
    Buffer.of(3, 5, 0),
    HASHED.subarray(2),
    ISSUER.subarray(2),
    Buffer.of(algorithm, 8, 0, 0),
    ...numbers,
  ]);

const bigEndian = (length: number, size: number) => {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(length, 0, size);
  return bytes;
};
const old = (body: Buffer, size: 1 | 2 | 4 = 2) =>
  Buffer.concat([Buffer.of(0x88 | (size >> 1)), bigEndian(body.length, size), body]);

/** What rpm 4.20 with Sequoia says of the same bytes in a header. */
describe('a signature that rpm takes', () => {
  it.each<[string, Buffer]>([
    ['RSA', old(v4(RSA, sound(256)))],
    ['RSA whose number begins with zero bits', old(v4(RSA, mpi(2045, Buffer.concat([Buffer.of(0x18), ones(255)]))))],
    ['RSA, sign only', old(v4(3, sound(256)))],
    ['DSA', old(v4(DSA, sound(20), sound(20)))],
    ['ECDSA', old(v4(ECDSA, sound(32), sound(31)))],
    ['EdDSA', old(v4(EDDSA, sound(32), sound(32)))],
    ['Ed25519, which has no numbers', old(v4(ED25519, Buffer.alloc(64)))],
    ['Ed448', old(v4(28, Buffer.alloc(114)))],
    ['of version 3 with RSA', old(v3(RSA, sound(256)))],
    ['of version 3 with DSA', old(v3(DSA, sound(20), sound(20)))],
    ['with a number of no bits', old(v4(RSA, mpi(0, Buffer.alloc(0))))],
    ['of an algorithm that is not known', old(v4(99, padded(256)))],
    ['with more behind its numbers', old(v4(RSA, sound(256), Buffer.of(0)))],
    ['without subpackets', old(Buffer.concat([Buffer.from([4, 0, RSA, 8, 0, 0, 0, 0, 0, 0]), sound(256)]))],
    ['in a packet of four length bytes', old(v4(RSA, sound(256)), 4)],
    ['in a packet of one length byte', old(v4(DSA, sound(20), sound(20)), 1)],
  ])('%s', (_what, bytes) => {
    expect(isRefusedSignature(bytes)).toBe(false);
  });
});

describe('a signature that rpm refuses', () => {
  const bad = v4(RSA, padded(256));
  it.each<[string, Buffer]>([
    ['RSA with a padded number', old(bad)],
    ['RSA with more bits than it says', old(v4(RSA, mpi(2041, Buffer.concat([Buffer.of(3), ones(255)]))))],
    ['DSA whose first number is padded', old(v4(DSA, padded(20), sound(20)))],
    ['DSA whose second number is padded', old(v4(DSA, sound(20), padded(20)))],
    ['DSA of one number', old(v4(DSA, sound(20)))],
    ['ECDSA with a padded number', old(v4(ECDSA, sound(32), padded(32)))],
    ['EdDSA with a padded number', old(v4(EDDSA, sound(32), padded(32)))],
    ['EdDSA with a bit too few', old(v4(EDDSA, mpi(256, Buffer.concat([Buffer.of(0x7f), ones(31)])), sound(32)))],
    ['Ed25519 that is cut off', old(v4(ED25519, Buffer.alloc(63)))],
    ['of version 3 with RSA', old(v3(RSA, padded(256)))],
    ['of version 3 with DSA', old(v3(DSA, sound(20), padded(20)))],
    ['that is cut off', old(v4(RSA, sound(256))).subarray(0, -1)],
    ['that is cut off by its own word', old(v4(RSA, sound(256)).subarray(0, -1))],
    ['whose subpackets are cut off', old(v4(RSA).subarray(0, 9))],
    ['without subpackets', old(Buffer.concat([Buffer.from([4, 0, RSA, 8, 0, 0, 0, 0, 0, 0]), padded(256)]))],
    ['in a packet of four length bytes', old(bad, 4)],
    ['in a new packet of one length byte', Buffer.concat([Buffer.of(0xc2, 67), v4(DSA, padded(20), sound(20))])],
    ['in a new packet of two length bytes', Buffer.concat([Buffer.of(0xc2, 192, bad.length - 192), bad])],
    ['in a new packet of five length bytes', Buffer.concat([Buffer.of(0xc2, 255), bigEndian(bad.length, 4), bad])],
  ])('%s', (_what, bytes) => {
    expect(isRefusedSignature(bytes)).toBe(true);
  });
});

describe('what is no signature that is known here', () => {
  const bad = v4(RSA, padded(256));
  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['a lone tag', Buffer.of(0x88)],
    ['text', Buffer.from('hello')],
    ['an empty packet', old(Buffer.alloc(0))],
    ['a public key', Buffer.concat([Buffer.of(0x99), old(bad).subarray(1)])],
    ['a packet of no length', Buffer.concat([Buffer.of(0x8b), bad])],
    ['a packet in parts', Buffer.concat([Buffer.of(0xc2, 0xe8), bad])],
    ['another version', old(Buffer.concat([Buffer.of(5), bad.subarray(1)]))],
  ])('is not judged: %s', (_what, bytes) => {
    expect(isRefusedSignature(bytes)).toBe(false);
  });
});
