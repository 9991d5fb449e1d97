import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkpointText } from './checkpoint-note.js';
import { openCheckpoint } from './signed-checkpoint.js';
import { noteKey, parseVerifierKey, signNote, writeVerifierKey } from './signed-note.js';

/** RFC 8032, section 7.1, test 1. */
const SECRET = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
const PUBLIC = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';

const privateKey = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(SECRET, 'hex')]),
  format: 'der',
  type: 'pkcs8',
});
const key = noteKey('plimsoll', createPublicKey(privateKey));
const head = {
  origin: 'plimsoll/01900000-0000-7000-8000-000000000001',
  size: 42n,
  head: 'ab'.repeat(32),
  time: '2026-03-01T00:00:00.000Z',
};
const { note } = signNote(checkpointText(head), key, privateKey);

describe('a signed checkpoint', () => {
  it('is read back with the key that signed it', () => {
    expect(key.publicKey.toString('hex')).toBe(PUBLIC);
    expect(openCheckpoint(note, [key])).toEqual({ head, key });
    expect(openCheckpoint(JSON.stringify({ note, verifierKey: writeVerifierKey(key) }), [])).toEqual({ head, key });
  });

  it('has the form that the document gives', () => {
    expect(note.split('\n').slice(0, -2)).toEqual([
      head.origin,
      '42',
      Buffer.from(head.head, 'hex').toString('base64'),
      'time 2026-03-01T00:00:00.000Z',
      '',
    ]);
    expect(note.split('\n').at(-2)).toMatch(/^\u2014 plimsoll [A-Za-z0-9+/]{91}=$/);
  });

  it('does not verify when any of its characters is another', () => {
    for (let at = 0; at < note.length; at += 1) {
      const changed = `${note.slice(0, at)}${note[at] === '0' ? '1' : '0'}${note.slice(at + 1)}`;
      expect(openCheckpoint(changed, [key])).toHaveProperty('fault');
    }
  });

  it('does not verify by a key that is not trusted, though it stands beside it', () => {
    const other = noteKey('plimsoll', generateKeyPairSync('ed25519').publicKey);
    const text = JSON.stringify({ note, verifierKey: writeVerifierKey(key) });
    expect(openCheckpoint(text, [other])).toHaveProperty('fault');
    expect(openCheckpoint(note, [])).toHaveProperty('fault');
  });

  it('takes no key whose id is of another', () => {
    const text = writeVerifierKey(key);
    expect(parseVerifierKey(text)).toEqual(key);
    for (const wrong of [
      '',
      'plimsoll',
      text.replace(key.id, '00000000'),
      `${text}A`,
      text.slice(0, -1),
      `x y${text}`,
    ]) {
      expect(parseVerifierKey(wrong)).toBeNull();
    }
  });
});
