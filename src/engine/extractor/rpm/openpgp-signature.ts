/**
 * Whether rpm refuses a signature that it finds in a header, and the header with it: since 4.18 it may parse with
 * Sequoia, which holds that a number's length in bits is that of its first set bit (RFC 4880 and RFC 9580, 3.2), and
 * that a packet has all it says. Some signers do not take a leading zero byte off, which happens to one signature of
 * 256: such packages are installed, yet neither listed nor verified
 * (https://github.com/rpm-software-management/rpm/issues/2351).
 *
 * What this does not know, as algorithms to come, is not refused.
 *
 * @param bytes an OpenPGP packet
 */
export function isRefusedSignature(bytes: Buffer): boolean {
  const body = bodyOf(bytes);
  const start = body && numbersOf(body);
  if (!body || !start) return false;
  return start.at > body.length || !areWellFormed(body, start.at, start.algorithm);
}

const SIGNATURE = 2;

/** RFC 9580, 4.2: null for what is no signature, or comes in parts. A packet that is cut off is as long as it is. */
function bodyOf(bytes: Buffer): Buffer | null {
  const [tag = 0, first = 0, second = 0] = bytes;
  const isNew = (tag & 0x40) !== 0;
  if ((tag & 0x80) === 0 || (isNew ? tag & 0x3f : (tag >> 2) & 0x0f) !== SIGNATURE) return null;
  if (!isNew) {
    const size = 1 << (tag & 3);
    if (size > 4 || bytes.length < 1 + size) return null;
    return bytes.subarray(1 + size, 1 + size + bytes.readUIntBE(1, size));
  }
  if (first < 192) return bytes.subarray(2, 2 + first);
  if (first < 224) return bytes.subarray(3, 3 + ((first - 192) << 8) + second + 192);
  if (first < 255 || bytes.length < 6) return null;
  return bytes.subarray(6, 6 + bytes.readUInt32BE(2));
}

/** Where the numbers of a signature begin (RFC 4880, 5.2.2 and 5.2.3); null for a version that has none such. */
function numbersOf(body: Buffer): { at: number; algorithm: number } | null {
  // Version, length (5), type, time, issuer, algorithms of key and hash, first 16 bits of the hash.
  if (body[0] === 3) return { at: 19, algorithm: body[15] ?? 0 };
  if (body[0] !== 4) return null;
  // Version, type, algorithms of key and hash, hashed and other subpackets by length, first 16 bits of the hash.
  const hashed = lengthAt(body, 4);
  const other = lengthAt(body, 6 + hashed);
  return { at: 6 + hashed + 2 + other + 2, algorithm: body[2] ?? 0 };
}

function areWellFormed(body: Buffer, at: number, algorithm: number): boolean {
  switch (algorithm) {
    case 1: // RSA
    case 3:
      return endOfNumber(body, at) !== null;
    case 17: // DSA
    case 19: // ECDSA
    case 22: // EdDSA, as before RFC 9580
      return endOfNumber(body, endOfNumber(body, at)) !== null;
    case 27: // Ed25519
      return at + 64 <= body.length;
    case 28: // Ed448
      return at + 114 <= body.length;
    default:
      return true;
  }
}

/** Of a multiprecision integer: its length in bits, then the bytes. Null for one that is not in this form. */
function endOfNumber(body: Buffer, at: number | null): number | null {
  if (at === null || at + 2 > body.length) return null;
  const bits = body.readUInt16BE(at);
  const end = at + 2 + Math.ceil(bits / 8);
  if (end > body.length) return null;
  const highest = bits === 0 ? 0 : 32 - Math.clz32(body[at + 2] ?? 0);
  return highest === (bits === 0 ? 0 : ((bits - 1) % 8) + 1) ? end : null;
}

/** Past the end there is none: what begins there is cut off, and its place says so. */
function lengthAt(body: Buffer, at: number): number {
  return at + 2 <= body.length ? body.readUInt16BE(at) : 0;
}
