import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { QueryRunner } from 'typeorm';
import type { Advisory } from '../model/advisory.js';
import type { AdvisoryChange } from './advisory-change.js';
import { copyText } from './copy-text.js';
import { jsonb } from './jsonb.js';

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

  /** Brings records into temporary tables, as fast as COPY takes them. */
  async stage(records: AsyncIterable<Advisory>, leftOut: () => readonly LeftOut[]): Promise<void> {
    await this.runner.query(`SELECT pg_advisory_xact_lock(hashtext('plimsoll.feed.' || $1))`, [
      `${this.feed}/${this.part}`,
    ]);
    // The list in front of the index of names would be merged every 4 MB, and the rows of a large import would be hashed on disk.
    await this.runner.query(`SET LOCAL gin_pending_list_limit = '64MB'; SET LOCAL work_mem = '32MB'`);
    await this.runner.query(
      `CREATE TEMP TABLE staged (id text COLLATE "C", digest text, names text[], withdrawn boolean, modified timestamptz, record jsonb) ON COMMIT DROP;
       CREATE TEMP TABLE left_out (id text, modified timestamptz, rejected boolean) ON COMMIT DROP;
       CREATE TEMP TABLE changed (id text) ON COMMIT DROP`,
    );
    await pipeline(Readable.from(copyLines(records)), this.client.query(copyFrom('COPY staged FROM STDIN')));
    // Of an id that comes twice the last record counts. Asking so leaves nothing to sort by where records are written.
    await this.runner.query(
      `DELETE FROM staged s USING (SELECT id, max(ctid) AS last FROM staged GROUP BY id HAVING count(*) > 1) AS twice
       WHERE s.id = twice.id AND s.ctid <> twice.last`,
    );
    await this.runner.query(
      `INSERT INTO left_out SELECT DISTINCT ON (id) id, modified, rejected
       FROM jsonb_to_recordset($1::jsonb) AS r(id text, modified timestamptz, rejected boolean)
       WHERE NOT EXISTS (SELECT FROM staged s WHERE s.id = r.id) ORDER BY id`,
      [jsonb(leftOut())],
    );
    await this.runner.query('ANALYZE staged, left_out');
  }

  /**
   * How many records are stored, how many were staged, and how many of the stored are rejected now and stay as they are.
   */
  async counts(): Promise<{ stored: number; staged: number; kept: number }> {
    const [counts] = await this.runner.query(
      `SELECT (SELECT count(*)::int FROM advisory WHERE feed = $1 AND part = $2) AS stored,
         (SELECT count(*)::int FROM staged) AS staged,
         (SELECT count(*)::int FROM left_out l JOIN advisory a ON a.feed = $1 AND a.part = $2 AND a.id = l.id
          WHERE l.rejected) AS kept`,
      this.key,
    );
    return counts;
  }

  /** Writes the staged records that are new or differ. @returns how many those were */
  async upsert(): Promise<number> {
    await this.change.expect(
      `SELECT $1::text, $2::text, s.id FROM staged s LEFT JOIN advisory a ON a.feed = $1 AND a.part = $2 AND a.id = s.id
       WHERE s.digest IS DISTINCT FROM a.digest`,
      this.key,
    );
    const [{ changed }] = await this.runner.query(
      `WITH upserted AS (
         INSERT INTO advisory (feed, part, id, digest, names, withdrawn, modified, record)
         SELECT $1, $2, id, digest, names, withdrawn, modified, record FROM staged
         ON CONFLICT ON CONSTRAINT advisory_pkey DO UPDATE
           SET digest = excluded.digest, names = excluded.names, withdrawn = excluded.withdrawn,
             modified = excluded.modified, record = excluded.record
           WHERE advisory.digest <> excluded.digest
         RETURNING id),
       noted AS (INSERT INTO changed SELECT id FROM upserted)
       SELECT count(*)::int AS changed FROM upserted`,
      this.key,
    );
    if (changed === 0) return 0;
    await this.runner.query('ANALYZE changed');
    await this.runner.query(
      `DELETE FROM affected_package a USING changed c WHERE a.feed = $1 AND a.part = $2 AND a.advisory_id = c.id`,
      this.key,
    );
    await this.runner.query(
      `INSERT INTO affected_package (feed, part, advisory_id, ecosystem, name)
       SELECT $1, $2, s.id, p.ecosystem, p.name
       FROM changed JOIN staged s USING (id) CROSS JOIN LATERAL (
         SELECT DISTINCT e ->> 'ecosystem' AS ecosystem, e ->> 'name' AS name
         FROM jsonb_array_elements(s.record -> 'affected') AS e) AS p`,
      this.key,
    );
    return changed;
  }

  /** Deletes what was not staged; a record that was rejected stays as it was. */
  deleteUnstaged(): Promise<number> {
    return this.delete(
      `NOT EXISTS (SELECT FROM staged s WHERE s.id = a.id) AND NOT EXISTS (SELECT FROM left_out l WHERE l.id = a.id AND l.rejected)`,
    );
  }

  /** Deletes these records, and those that were staged as left out because they have no packages of the part any more. */
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
         AND (id = ANY($3::text[]) OR EXISTS (SELECT FROM staged s WHERE s.id = f.id))`,
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

async function* copyLines(records: AsyncIterable<Advisory>): AsyncGenerator<string> {
  let lines = '';
  for await (const advisory of records) {
    const record = jsonb(advisory);
    const digest = hash('sha256', record);
    const names = `{${namesOf(advisory)
      .map((name) => JSON.stringify(name))
      .join(',')}}`;
    const { id, withdrawn, modified } = advisory;
    lines += copyText([id, digest, names, withdrawn === null ? 'f' : 't', modified.toISOString(), record]);
    if (lines.length > 65_536) {
      yield lines;
      lines = '';
    }
  }
  if (lines !== '') yield lines;
}

/** What a record is found by. A bulletin on several vulnerabilities is no name of any of them. */
function namesOf({ id, aliases, upstream }: Advisory): string[] {
  return [id, ...aliases, ...(upstream.length === 1 ? upstream : [])];
}
