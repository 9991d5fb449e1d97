import type { PoolClient } from 'pg';
import type { QueryRunner } from 'typeorm';
import type { Advisory } from '../model/advisory.js';
import type { AdvisoryChange } from './advisory-change.js';
import { ADVISORY_COLUMNS, type CopyChunk, copyChunks } from './advisory-copy.js';
import { copyLines, copyStraight } from './advisory-straight-copy.js';
import { jsonb } from './jsonb.js';

/** What the source says of a part: its records, or the chunks that were made of them elsewhere. */
export type PartRecords = AsyncIterable<Advisory> | { chunks: AsyncIterable<CopyChunk> };

/** A record of the source that gave no advisory. */
export interface LeftOut {
  id: string;
  /** Null where it could not be read. */
  modified: Date | null;
  /** It did not have the form of the feed: what was known of it stays. Else it has no packages of the part. */
  rejected: boolean;
}

/** The statements that bring advisories of one part into the database; each belongs to a transaction that locked the part. */
export class AdvisoryImport {
  constructor(
    private readonly runner: QueryRunner,
    private readonly client: PoolClient,
    private readonly feed: string,
    private readonly part: string,
    private readonly change: AdvisoryChange,
  ) {}

  /** Locks the part. @returns how many of its records are stored */
  async begin(): Promise<number> {
    await this.runner.query(`SELECT pg_advisory_xact_lock(hashtext('plimsoll.feed.' || $1))`, [
      `${this.feed}/${this.part}`,
    ]);
    // Most of the list in front of the index of names is merged while more records are read, in few steps; and the rows of a
    // large import would be hashed on disk.
    await this.runner.query(`SET LOCAL gin_pending_list_limit = '8MB'; SET LOCAL work_mem = '32MB'`);
    await this.runner.query(
      `CREATE TEMP TABLE staged (feed text, part text, id text COLLATE "C", digest text, names text[], withdrawn boolean, modified timestamptz, record jsonb) ON COMMIT DROP;
       CREATE TEMP TABLE present (id text COLLATE "C") ON COMMIT DROP;
       CREATE TEMP TABLE changed (id text COLLATE "C") ON COMMIT DROP;
       CREATE TEMP TABLE left_out (id text, modified timestamptz, rejected boolean) ON COMMIT DROP`,
    );
    return this.stored();
  }

  async stored(): Promise<number> {
    const [{ stored }] = await this.runner.query(
      'SELECT count(*)::int AS stored FROM advisory WHERE feed = $1 AND part = $2',
      this.key,
    );
    return stored;
  }

  /**
   * Writes the records that are new or differ, by chunks: while the database writes one, the next is read. What they come to
   * is for the caller to judge before the transaction ends.
   *
   * @param isFirst no record of the part is stored
   * @returns how many records there are, how many were written, and how many of the stored are rejected now and stay
   */
  async write(
    records: PartRecords,
    leftOut: () => readonly LeftOut[],
    isFirst = false,
  ): Promise<{ present: number; changed: number; kept: number }> {
    let changed = 0;
    let writing = Promise.resolve();
    try {
      const chunks = 'chunks' in records ? records.chunks : copyChunks(this.feed, this.part, records);
      for await (const chunk of chunks) {
        await writing;
        writing = (isFirst ? this.copyChunk(chunk) : this.writeChunk(chunk)).then((count) => {
          changed += count;
        });
        // It is heard of at the next chunk.
        writing.catch(() => undefined);
      }
    } finally {
      // Where reading failed too: nothing of the chunk may come after the end of the transaction.
      await Promise.allSettled([writing]);
    }
    await writing;
    if (isFirst) await this.noteCopied();
    await this.runner.query('ANALYZE present');
    await this.runner.query(
      `INSERT INTO left_out SELECT DISTINCT ON (id) id, modified, rejected
       FROM jsonb_to_recordset($1::jsonb) AS r(id text, modified timestamptz, rejected boolean)
       WHERE NOT EXISTS (SELECT FROM present p WHERE p.id = r.id) ORDER BY id`,
      [jsonb(leftOut())],
    );
    await this.runner.query('ANALYZE left_out, changed');
    const [counts] = await this.runner.query(
      `SELECT (SELECT count(DISTINCT id)::int FROM present) AS present,
         (SELECT count(*)::int FROM left_out l JOIN advisory a ON a.feed = $1 AND a.part = $2 AND a.id = l.id
          WHERE l.rejected) AS kept`,
      this.key,
    );
    return { ...counts, changed };
  }

  /** As `writeChunk`, for a part of which nothing was stored. */
  private async copyChunk(chunk: CopyChunk): Promise<number> {
    return (await copyStraight(this.runner, this.client, chunk)) ? chunk.count : this.writeChunk(chunk);
  }

  /** What `writeChunk` notes of each chunk, for all that there is now. */
  private async noteCopied(): Promise<void> {
    await this.runner.query(`INSERT INTO present SELECT id FROM advisory WHERE feed = $1 AND part = $2`, this.key);
    await this.change.expect(`SELECT feed, part, id FROM advisory WHERE feed = $1 AND part = $2`, this.key);
  }

  /** @returns how many of the records were new or differed */
  private async writeChunk({ advisories }: CopyChunk): Promise<number> {
    await this.runner.query('TRUNCATE staged');
    await copyLines(this.client, `staged (${ADVISORY_COLUMNS})`, advisories);
    // Of an id that comes twice the last record counts; in two chunks, the later takes the place of the earlier.
    await this.runner.query(
      `DELETE FROM staged s USING (SELECT id, max(ctid) AS last FROM staged GROUP BY id HAVING count(*) > 1) AS twice
       WHERE s.id = twice.id AND s.ctid <> twice.last`,
    );
    await this.runner.query('INSERT INTO present SELECT id FROM staged');
    await this.runner.query('ANALYZE staged (id)');
    await this.change.expect(
      `SELECT $1::text, $2::text, s.id FROM staged s LEFT JOIN advisory a ON a.feed = $1 AND a.part = $2 AND a.id = s.id
       WHERE s.digest IS DISTINCT FROM a.digest`,
      this.key,
    );
    const [{ changed, replaced }] = await this.runner.query(
      `WITH upserted AS (
         INSERT INTO advisory (feed, part, id, digest, names, withdrawn, modified, record)
         SELECT $1, $2, id, digest, names, withdrawn, modified, record FROM staged
         ON CONFLICT ON CONSTRAINT advisory_pkey DO UPDATE
           SET digest = excluded.digest, names = excluded.names, withdrawn = excluded.withdrawn,
             modified = excluded.modified, record = excluded.record
           WHERE advisory.digest <> excluded.digest
         RETURNING id, xmax <> 0 AS was_there),
       noted AS (INSERT INTO changed SELECT id FROM upserted),
       unchanged AS (DELETE FROM staged s WHERE NOT EXISTS (SELECT FROM upserted u WHERE u.id = s.id))
       SELECT count(*)::int AS changed, (count(*) FILTER (WHERE was_there))::int AS replaced FROM upserted`,
      this.key,
    );
    if (changed === 0) return 0;
    // Of records that are new there are none, and looking for them would read all that the chunks before have brought.
    if (replaced > 0) {
      await this.runner.query(
        `DELETE FROM affected_package a USING staged s WHERE a.feed = $1 AND a.part = $2 AND a.advisory_id = s.id`,
        this.key,
      );
    }
    await this.runner.query(
      `INSERT INTO affected_package (feed, part, advisory_id, ecosystem, name)
       SELECT $1, $2, s.id, p.ecosystem, p.name
       FROM staged s CROSS JOIN LATERAL (
         SELECT DISTINCT e ->> 'ecosystem' AS ecosystem, e ->> 'name' AS name
         FROM jsonb_array_elements(s.record -> 'affected') AS e) AS p`,
      this.key,
    );
    return changed;
  }

  /** Deletes what is not present; a record that was rejected stays as it was. */
  deleteAbsent(): Promise<number> {
    return this.delete(
      `NOT EXISTS (SELECT FROM present p WHERE p.id = a.id) AND NOT EXISTS (SELECT FROM left_out l WHERE l.id = a.id AND l.rejected)`,
    );
  }

  /** Deletes these records, and those that were left out because they have no packages of the part any more. */
  deleteNamed(ids: readonly string[]): Promise<number> {
    return this.delete(
      `(a.id = ANY($3::text[]) OR EXISTS (SELECT FROM left_out l WHERE l.id = a.id AND NOT l.rejected))`,
      ids,
    );
  }

  /** After a whole import: what was left out then is all that is. */
  async replaceLeftOut(): Promise<void> {
    await this.runner.query('DELETE FROM feed_left_out WHERE feed = $1 AND part = $2', this.key);
    await this.insertLeftOut();
  }

  /** After changes: for the records that were looked at, and those that are gone. @returns how many are rejected now */
  async updateLeftOut(gone: readonly string[]): Promise<number> {
    await this.runner.query(
      `DELETE FROM feed_left_out f WHERE feed = $1 AND part = $2
         AND (id = ANY($3::text[]) OR EXISTS (SELECT FROM present p WHERE p.id = f.id))`,
      [...this.key, gone],
    );
    await this.insertLeftOut();
    const [{ rejected }] = await this.runner.query(
      'SELECT count(*)::int AS rejected FROM feed_left_out WHERE feed = $1 AND part = $2 AND rejected',
      this.key,
    );
    return rejected;
  }

  /** @param afresh whether ecosystems that are in no record any more are forgotten, which takes reading all of them */
  async noteEcosystems(afresh: boolean): Promise<void> {
    if (afresh) await this.runner.query('DELETE FROM feed_part_ecosystem WHERE feed = $1 AND part = $2', this.key);
    await this.runner.query(
      `INSERT INTO feed_part_ecosystem (feed, part, ecosystem)
       SELECT DISTINCT feed, part, ecosystem FROM affected_package a WHERE feed = $1 AND part = $2
         ${afresh ? '' : 'AND EXISTS (SELECT FROM changed c WHERE c.id = a.advisory_id)'}
       ON CONFLICT DO NOTHING`,
      this.key,
    );
  }

  private get key(): [string, string] {
    return [this.feed, this.part];
  }

  private async delete(condition: string, ids?: readonly string[]): Promise<number> {
    // Of a part that has just come in, the planner takes it for empty, and would compare each record with each: 75 s for 17,000.
    await this.runner.query('SET LOCAL enable_nestloop = off');
    const doomed: { id: string }[] = await this.runner.query(
      `SELECT a.id FROM advisory a WHERE feed = $1 AND part = $2 AND ${condition}`,
      ids ? [...this.key, ids] : this.key,
    );
    await this.runner.query('SET LOCAL enable_nestloop = on');
    if (doomed.length === 0) return 0;
    const parameters = [...this.key, doomed.map(({ id }) => id)];
    await this.change.expect('SELECT $1::text, $2::text, unnest($3::text[])', parameters);
    await this.runner.query('DELETE FROM advisory WHERE feed = $1 AND part = $2 AND id = ANY($3::text[])', parameters);
    return doomed.length;
  }

  private async insertLeftOut(): Promise<void> {
    await this.runner.query(
      `INSERT INTO feed_left_out (feed, part, id, modified, rejected) SELECT $1, $2, id, modified, rejected FROM left_out
       ON CONFLICT ON CONSTRAINT feed_left_out_pkey DO UPDATE SET modified = excluded.modified, rejected = excluded.rejected`,
      this.key,
    );
  }
}
