import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { Database } from './database.js';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** A layer that was read, as it is stored. */
export interface StoredLayer {
  /** As the engine gives them, JSON-serialisable. */
  facts: unknown;
  /** The hashes of its paths that are no folders, and of its folders: as random as bytes can be, so they are not packed. */
  occupied: Buffer;
  directories: Buffer;
}

/** Layers that were read, by the digest of what they were read from and by extractor set. Shared by all projects: the key is the content. */
@Injectable()
export class LayerStore {
  constructor(private readonly database: Database) {}

  /**
   * @param extractorSets of which any will do
   * @returns those that are known, by their digests
   */
  async get(digests: readonly string[], extractorSets: readonly string[]): Promise<Map<string, StoredLayer>> {
    const rows = await this.database.query<StoredLayer & { digest: string; facts: Buffer }>(
      `SELECT DISTINCT ON (digest) digest, facts, occupied, directories FROM layer
       WHERE digest = ANY($1) AND extractor_set = ANY($2)`,
      [digests, extractorSets],
    );
    const layers = rows.map(async ({ digest, facts, occupied, directories }) => {
      const layer: StoredLayer = { facts: JSON.parse((await unpack(facts)).toString()), occupied, directories };
      return [digest, layer] as const;
    });
    return new Map(await Promise.all(layers));
  }

  async put(digest: string, extractorSet: string, { facts, occupied, directories }: StoredLayer): Promise<void> {
    await this.database.query(
      `INSERT INTO layer (digest, extractor_set, facts, occupied, directories) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING`,
      [digest, extractorSet, await pack(JSON.stringify(facts), { level: 1 }), occupied, directories],
    );
  }
}
