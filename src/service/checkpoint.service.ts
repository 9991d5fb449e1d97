import { generateKeyPairSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SigningKeySeal } from '../crypto/signing-key-seal.js';
import { checkpointText, KEY_NAME, originOf } from '../ledger/checkpoint-note.js';
import { noteKey, signNote, writeVerifierKey } from '../ledger/signed-note.js';
import type { Checkpoint, VerifierKey } from '../model/checkpoint.js';
import type { Principal } from '../model/principal.js';
import { EventStore } from '../store/event.store.js';
import { type SigningKeyRow, SigningKeyStore } from '../store/signing-key.store.js';

/** Signs the heads of logs. */
@Injectable()
export class CheckpointService {
  constructor(
    private readonly events: EventStore,
    private readonly keys: SigningKeyStore,
    private readonly seal: SigningKeySeal,
  ) {}

  /** The log as it is now. */
  async get(p: Principal): Promise<Checkpoint> {
    const row = await this.current();
    const { position, hash } = await this.events.head(p.projectId);
    const key = { name: KEY_NAME, id: row.id, publicKey: row.publicKey };
    const time = new Date();
    const origin = originOf(p.projectId);
    const text = checkpointText({ origin, size: BigInt(position), head: hash, time: time.toISOString() });
    const { note, signature } = signNote(text, key, this.seal.open(row.id, row.sealed));
    return {
      origin,
      size: position,
      head: hash,
      time,
      keyId: row.id,
      verifierKey: writeVerifierKey(key),
      signature: signature.toString('base64'),
      note,
    };
  }

  /** The keys that checkpoints are and were signed with, today's first. */
  async listKeys(): Promise<VerifierKey[]> {
    await this.current();
    return (await this.keys.list()).map(({ id, publicKey, createdAt, current }) => ({
      id,
      verifierKey: writeVerifierKey({ name: KEY_NAME, id, publicKey }),
      createdAt,
      current,
    }));
  }

  /** Makes the key, unless there is one. */
  async ensureKey(): Promise<void> {
    await this.current();
  }

  private async current(): Promise<SigningKeyRow> {
    const known = (await this.keys.list()).find(({ current }) => current);
    if (known) return known;
    const pair = generateKeyPairSync('ed25519');
    const { id, publicKey } = noteKey(KEY_NAME, pair.publicKey);
    await this.keys.addFirst({ id, publicKey, sealed: this.seal.seal(id, pair.privateKey) });
    const kept = (await this.keys.list()).find(({ current }) => current);
    if (!kept) throw new Error('a signing key was kept, and is gone');
    return kept;
  }
}
