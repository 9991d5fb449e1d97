import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/*
 * C2SP signed-note (https://c2sp.org/signed-note): a text that ends in a newline, an empty line, and signature lines
 * `— <key name> <base64(key id, 4 bytes || signature)>`. Signature type 0x01 is Ed25519 over the text.
 */

const ED25519 = 0x01;
const SIGNATURE_BYTES = 64;
const KEY_BYTES = 32;
/** DER of an Ed25519 SubjectPublicKeyInfo (RFC 8410) up to the key itself. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

export interface NoteKey {
  name: string;
  /** 8 hexadecimal digits. */
  id: string;
  publicKey: Buffer;
}

interface NoteSignature {
  name: string;
  keyId: string;
  signature: Buffer;
}

export interface SignedNote {
  /** What is signed; ends in a newline. */
  text: string;
  signatures: NoteSignature[];
}

export function noteKey(name: string, key: KeyObject): NoteKey {
  const publicKey = key.export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES);
  return { name, id: keyId(name, publicKey), publicKey };
}

/** `<name>+<id>+<base64(type || key)>`. */
export function writeVerifierKey({ name, id, publicKey }: NoteKey): string {
  return `${name}+${id}+${Buffer.concat([Buffer.from([ED25519]), publicKey]).toString('base64')}`;
}

/** @returns null for what is no Ed25519 verifier key, or has the id of another */
export function parseVerifierKey(text: string): NoteKey | null {
  const [, name, id, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(text) ?? [];
  if (name === undefined || id === undefined || encoded === undefined) return null;
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length !== 1 + KEY_BYTES || bytes[0] !== ED25519) return null;
  const publicKey = bytes.subarray(1);
  return keyId(name, publicKey) === id ? { name, id, publicKey } : null;
}

/** @param text ends in a newline */
export function signNote(text: string, key: NoteKey, privateKey: KeyObject): { note: string; signature: Buffer } {
  const signature = sign(null, Buffer.from(text), privateKey);
  const line = Buffer.concat([Buffer.from(key.id, 'hex'), signature]).toString('base64');
  return { note: `${text}\n\u2014 ${key.name} ${line}\n`, signature };
}

/** @returns null for what is no signed note; signatures of other types are left out */
export function parseNote(note: string): SignedNote | null {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) return null;
  const signatures: NoteSignature[] = [];
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const [, name, encoded] = /^\u2014 ([^+\s]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line) ?? [];
    if (name === undefined || encoded === undefined) return null;
    const bytes = Buffer.from(encoded, 'base64');
    if (bytes.length !== 4 + SIGNATURE_BYTES) continue;
    signatures.push({ name, keyId: bytes.toString('hex', 0, 4), signature: bytes.subarray(4) });
  }
  return { text: note.slice(0, end + 1), signatures };
}

/** @returns the key that signed it; null when none of these did */
export function signerOf({ text, signatures }: SignedNote, keys: readonly NoteKey[]): NoteKey | null {
  for (const { name, keyId: id, signature } of signatures) {
    for (const key of keys) {
      if (key.name !== name || key.id !== id) continue;
      const publicKey = createPublicKey({
        key: Buffer.concat([SPKI_PREFIX, key.publicKey]),
        format: 'der',
        type: 'spki',
      });
      if (verify(null, Buffer.from(text), publicKey, signature)) return key;
    }
  }
  return null;
}

function keyId(name: string, publicKey: Buffer): string {
  const bytes = Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([ED25519]), publicKey]);
  return createHash('sha256').update(bytes).digest('hex').slice(0, 8);
}
