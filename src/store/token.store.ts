import { Injectable } from '@nestjs/common';
import type { Principal } from '../model/principal.js';
import { Database } from './database.js';
import { DEFAULT_PROJECT } from './project.js';
import { uuidv7 } from './uuid.js';

@Injectable()
export class TokenStore {
  constructor(private readonly database: Database) {}

  /** The operator's token of the default project; replaces the one before. */
  async ensureAdmin(hash: Buffer): Promise<void> {
    await this.database.query(
      `INSERT INTO api_token (id, project_id, name, hash) VALUES ($1, $2, 'admin', $3)
       ON CONFLICT ON CONSTRAINT api_token_name_key DO UPDATE SET hash = excluded.hash WHERE api_token.hash <> excluded.hash`,
      [uuidv7(), DEFAULT_PROJECT, hash],
    );
  }

  async authenticate(hash: Buffer): Promise<Principal | null> {
    const [row] = await this.database.query<{ id: string; project_id: string }>(
      'SELECT id, project_id FROM api_token WHERE hash = $1',
      [hash],
    );
    return row ? { projectId: row.project_id, actor: `token:${row.id}` } : null;
  }
}
