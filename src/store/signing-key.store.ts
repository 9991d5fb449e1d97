import { Injectable } from '@nestjs/common';
import { Database } from './database.js';

export interface SigningKeyRow {
  id: string;
  /** 32 bytes of Ed25519. */
  publicKey: Buffer;
  sealed: Buffer;
  current: boolean;
  createdAt: Date;
}

/** The keys that sign the heads of logs. */
@Injectable()
export class SigningKeyStore {
  constructor(private readonly database: Database) {}

  /** The newest first. */
  async list(): Promise<SigningKeyRow[]> {
    return this.database.query<SigningKeyRow>(
      `SELECT id, public_key AS "publicKey", sealed, current, created_at AS "createdAt" FROM signing_key
       ORDER BY current DESC, created_at DESC, id`,
    );
  }

  /** Keeps a first key; one that another process kept meanwhile stays. */
  async addFirst(key: Pick<SigningKeyRow, 'id' | 'publicKey' | 'sealed'>): Promise<void> {
    await this.database.query(
      `INSERT INTO signing_key (id, public_key, sealed, current) VALUES ($1, $2, $3, true) ON CONFLICT DO NOTHING`,
      [key.id, key.publicKey, key.sealed],
    );
  }
}
