import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { Database } from './database.js';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Layers that were read, by the digest of what they were read from and by extractor set, as the JSON that the engine gives. Shared by all projects: the key is the content. */
@Injectable()
export class LayerStore {
  constructor(private readonly database: Database) {}

  /** @param extractorSets of which any will do */
  async get(digest: string, extractorSets: readonly string[]): Promise<unknown> {
    const [row] = await this.database.query<{ facts: Buffer }>(
      'SELECT facts FROM layer WHERE digest = $1 AND extractor_set = ANY($2) LIMIT 1',
      [digest, extractorSets],
    );
    return row ? JSON.parse((await unpack(row.facts)).toString()) : null;
  }

  async put(digest: string, extractorSet: string, facts: unknown): Promise<void> {
    await this.database.query(
      'INSERT INTO layer (digest, extractor_set, facts) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      [digest, extractorSet, await pack(JSON.stringify(facts), { level: 1 })],
    );
  }
}
