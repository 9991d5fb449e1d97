import { createPrivateKey, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { PlimsollError } from '../model/error.js';
import { seal, unseal } from './seal.js';

/** Seals the key that signs checkpoints for the database, and opens it to sign. */
@Injectable()
export class SigningKeySeal {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** @param id sealed bytes open in their own row alone */
  seal(id: string, key: KeyObject): Buffer {
    return seal(this.key(), placeOf(id), key.export({ format: 'pem', type: 'pkcs8' }).toString());
  }

  /** @throws PlimsollError `signing_key_unreadable` */
  open(id: string, sealed: Buffer): KeyObject {
    const text = unseal(this.key(), placeOf(id), sealed);
    if (text !== null) return createPrivateKey(text);
    const message = `The key ${id} that signs checkpoints was encrypted with another key, or its row was changed: give every process the same PLIMSOLL_ENCRYPTION_KEY as before, or put the row of signing_key back from a backup.`;
    throw new PlimsollError('signing_key_unreadable', message);
  }

  private key(): Buffer {
    if (this.config.encryptionKey === null) throw new Error('no encryption key: the start has not read it');
    return this.config.encryptionKey;
  }
}

function placeOf(id: string): string {
  return JSON.stringify(['signing-key', id]);
}
