import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ProductLifecycle } from '../model/lifecycle.js';
import { Database } from './database.js';
import { refuseForm, refuseLoss } from './feed-guard.js';
import type { PartVersion } from './feed-part.js';
import { jsonb } from './jsonb.js';

/** How long products are supported, as the feed `endoflife` last brought it. */
@Injectable()
export class LifecycleStore {
  constructor(private readonly database: Database) {}

  /** @returns when the feed last came in whole, null for never; and those of the products that are known */
  async find(names: readonly string[]): Promise<{ syncedAt: Date | null; products: ProductLifecycle[] }> {
    const [feed] = await this.database.query<{ syncedAt: Date | null }>(
      `SELECT last_success_at AS "syncedAt" FROM feed WHERE name = 'endoflife'`,
    );
    const rows = await this.database.query<{ record: ProductLifecycle }>(
      'SELECT record FROM product_lifecycle WHERE name = ANY($1::text[]) ORDER BY name',
      [names],
    );
    return { syncedAt: feed?.syncedAt ?? null, products: rows.map(({ record }) => record) };
  }

  /**
   * Makes the products what the source says now, in one transaction.
   *
   * @param rejected names of products that the source has, but that could not be read: what was known of them stays
   * @throws PlimsollError `feed_shrank`, `feed_source_invalid`
   */
  import(
    part: string,
    version: PartVersion,
    products: readonly ProductLifecycle[],
    rejected: readonly string[],
  ): Promise<{ records: number; changed: number; deleted: number }> {
    const rows = products.map((record) => ({
      name: record.name,
      digest: createHash('sha256').update(jsonb(record)).digest('hex'),
      record,
    }));
    return this.database.transaction(async (manager) => {
      await manager.query(`SELECT pg_advisory_xact_lock(hashtext('plimsoll.feed.endoflife'))`);
      const [{ stored }] = await manager.query('SELECT count(*)::int AS stored FROM product_lifecycle');
      refuseForm('endoflife.date', rows.length, rejected.length);
      refuseLoss('endoflife.date', stored, rows.length);
      const [{ changed }] = await manager.query(
        `WITH upserted AS (
           INSERT INTO product_lifecycle (name, digest, record)
           SELECT DISTINCT ON (p.name) p.name, p.digest, p.record
           FROM jsonb_to_recordset($1::jsonb) AS p(name text, digest text, record jsonb) ORDER BY p.name
           ON CONFLICT (name) DO UPDATE SET digest = excluded.digest, record = excluded.record
             WHERE product_lifecycle.digest <> excluded.digest
           RETURNING name)
         SELECT count(*)::int AS changed FROM upserted`,
        [jsonb(rows)],
      );
      const [{ deleted }] = await manager.query(
        `WITH gone AS (DELETE FROM product_lifecycle WHERE NOT (name = ANY($1::text[])) RETURNING name)
         SELECT count(*)::int AS deleted FROM gone`,
        [[...rows.map(({ name }) => name), ...rejected]],
      );
      const [{ records }] = await manager.query('SELECT count(*)::int AS records FROM product_lifecycle');
      await manager.query(
        `INSERT INTO feed_part (feed, part, etag, last_modified, digest, records, rejected)
         VALUES ('endoflife', $1, $2, $3, $4, $5, $6)
         ON CONFLICT ON CONSTRAINT feed_part_pkey DO UPDATE SET etag = excluded.etag,
           last_modified = excluded.last_modified, digest = excluded.digest,
           records = excluded.records, rejected = excluded.rejected, imported_at = now(), whole_at = now(), checked_at = now(), last_error = NULL`,
        [part, version.etag, version.lastModified ?? null, version.digest, records, rejected.length],
      );
      return { records, changed, deleted };
    });
  }
}
