import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Advisory } from '../model/advisory.js';
import { PlimsollError } from '../model/error.js';
import type { Feed, FeedName, FeedProgress } from '../model/feed.js';
import { AdvisoryChange } from './advisory-change.js';
import { Database } from './database.js';
import { jsonb } from './jsonb.js';
import { appendToOutbox } from './outbox.js';
import { DEFAULT_PROJECT } from './project.js';

/** A sync whose worker was silent for this long may be taken over. */
const STALE_AFTER_SECONDS = 30;

/** A part that had this many records and lost half of them is a broken export, not good news. */
const SHRINK_GUARD = 100;

/** One sync of a feed. */
export interface FeedRun {
  feed: FeedName;
  /** Counts up; a worker whose run is not the current one writes nothing any more. */
  run: number;
}

export interface StoredPart {
  etag: string | null;
  digest: string;
  records: number;
  rejected: number;
}

@Injectable()
export class FeedStore {
  constructor(private readonly database: Database) {}

  async list(): Promise<Feed[]> {
    const rows = await this.database.query(
      `SELECT name, status, last_success_at, last_error, progress,
         (SELECT coalesce(sum(records), 0)::float8 FROM feed_part WHERE feed = name) AS records
       FROM feed ORDER BY name`,
    );
    return rows.map((row) => ({
      name: row.name,
      status: row.status,
      lastSuccessAt: row.last_success_at,
      lastError: row.last_error,
      records: row.records,
      progress: row.progress,
    }));
  }

  async get(name: FeedName): Promise<Feed> {
    const feed = (await this.list()).find((entry) => entry.name === name);
    if (!feed) throw new PlimsollError('unknown_feed', `There is no feed "${name}".`);
    return feed;
  }

  /**
   * Marks the feed as running.
   *
   * @returns the number of the run, which its worker shows with everything it writes; null when a sync runs already and
   *   was heard of lately
   */
  async begin(name: FeedName): Promise<number | null> {
    const [rows] = (await this.database.query(
      `UPDATE feed SET status = 'running', run = run + 1, heartbeat_at = now(), progress = $2
       WHERE name = $1 AND (status <> 'running' OR heartbeat_at < now() - make_interval(secs => $3)) RETURNING run`,
      [
        name,
        jsonb({ percent: 0, part: null, imported: 0, rejected: 0, skipped: 0 } satisfies FeedProgress),
        STALE_AFTER_SECONDS,
      ],
    )) as unknown as [{ run: number }[], number];
    return rows[0]?.run ?? null;
  }

  /** Takes over the feeds that say `running` while no worker has been heard of: each gets a new run. */
  async takeOver(): Promise<FeedRun[]> {
    const [rows] = (await this.database.query(
      `UPDATE feed SET run = run + 1, heartbeat_at = now()
       WHERE status = 'running' AND heartbeat_at < now() - make_interval(secs => $1) RETURNING name AS feed, run`,
      [STALE_AFTER_SECONDS],
    )) as unknown as [FeedRun[], number];
    return rows;
  }

  /** @returns false when the feed has another run by now, or none */
  async progress({ feed, run }: FeedRun, progress: FeedProgress): Promise<boolean> {
    const [rows] = (await this.database.query(
      `UPDATE feed SET progress = $3, heartbeat_at = now() WHERE name = $1 AND run = $2 AND status = 'running' RETURNING run`,
      [feed, run, jsonb(progress)],
    )) as unknown as [unknown[], number];
    return rows.length > 0;
  }

  /** Lets another worker take the run over at once. */
  async suspend({ feed, run }: FeedRun): Promise<void> {
    await this.database.query(
      `UPDATE feed SET heartbeat_at = '-infinity' WHERE name = $1 AND run = $2 AND status = 'running'`,
      [feed, run],
    );
  }

  /** For a start at which no worker can be alive. */
  async suspendAll(): Promise<void> {
    await this.database.query(`UPDATE feed SET heartbeat_at = '-infinity' WHERE status = 'running'`);
  }

  async succeed(run: FeedRun, progress: FeedProgress): Promise<void> {
    await this.finish(run, 'idle', progress, null);
  }

  /** Keeps what was imported; says why there is nothing newer. */
  async fail(run: FeedRun, error: { code: string; message: string }, progress?: FeedProgress): Promise<void> {
    await this.finish(run, 'failed', progress ?? null, error);
  }

  async parts(name: FeedName): Promise<Map<string, StoredPart>> {
    const rows = await this.database.query(
      'SELECT part, etag, digest, records, rejected FROM feed_part WHERE feed = $1',
      [name],
    );
    return new Map(rows.map(({ part, ...stored }) => [part, stored]));
  }

  /**
   * Makes a part what the export says now: one transaction, so that a scan sees all of it or the state before.
   *
   * @throws PlimsollError `feed_shrank`
   */
  async importPart(
    feed: FeedName,
    part: string,
    version: { etag: string | null; digest: string },
    records: AsyncIterable<Advisory>,
    rejected: () => number,
  ): Promise<{ records: number; changed: number; deleted: number }> {
    const runner = this.database.runner();
    const client = (await runner.connect()) as PoolClient;
    await runner.startTransaction();
    try {
      await runner.query(`SELECT pg_advisory_xact_lock(hashtext('plimsoll.feed.' || $1))`, [`${feed}/${part}`]);
      await runner.query(
        `CREATE TEMP TABLE staged (id text, digest text, names text[], withdrawn boolean, record jsonb) ON COMMIT DROP`,
      );
      await pipeline(Readable.from(copyLines(records)), client.query(copyFrom('COPY staged FROM STDIN')));
      await runner.query('ANALYZE staged');
      const [{ staged, stored }] = await runner.query(
        `SELECT (SELECT count(DISTINCT id)::int FROM staged) AS staged,
                (SELECT count(*)::int FROM advisory WHERE feed = $1 AND part = $2) AS stored`,
        [feed, part],
      );
      if (stored > SHRINK_GUARD && staged < stored / 2) {
        throw new PlimsollError(
          'feed_shrank',
          `${part} has ${staged} records now and had ${stored}: the old ones are kept. If the loss is real, delete the part from feed_part and advisory first.`,
        );
      }
      const change = await AdvisoryChange.watch(
        runner,
        `SELECT $1::text, $2::text, id FROM staged s
         FULL JOIN (SELECT id, digest FROM advisory WHERE feed = $1 AND part = $2) a USING (id)
         WHERE s.digest IS DISTINCT FROM a.digest`,
        [feed, part],
      );
      const [{ changed }] = await runner.query(
        `WITH upserted AS (
           INSERT INTO advisory (feed, part, id, digest, names, withdrawn, record)
           SELECT DISTINCT ON (id) $1, $2, id, digest, names, withdrawn, record FROM staged ORDER BY id
           ON CONFLICT ON CONSTRAINT advisory_pkey DO UPDATE
             SET digest = excluded.digest, names = excluded.names, withdrawn = excluded.withdrawn, record = excluded.record
             WHERE advisory.digest <> excluded.digest
           RETURNING id, record),
         gone AS (
           DELETE FROM affected_package a USING upserted u WHERE a.feed = $1 AND a.part = $2 AND a.advisory_id = u.id)
         SELECT count(*)::int AS changed FROM upserted`,
        [feed, part],
      );
      await runner.query(
        `INSERT INTO affected_package (feed, part, advisory_id, ecosystem, name)
         SELECT DISTINCT a.feed, a.part, a.id, p.value ->> 'ecosystem', p.value ->> 'name'
         FROM advisory a, jsonb_array_elements(a.record -> 'affected') AS p
         WHERE a.feed = $1 AND a.part = $2
           AND NOT EXISTS (SELECT FROM affected_package x WHERE (x.feed, x.part, x.advisory_id) = (a.feed, a.part, a.id))`,
        [feed, part],
      );
      const [{ deleted }] = await runner.query(
        `WITH gone AS (
           DELETE FROM advisory a WHERE feed = $1 AND part = $2 AND NOT EXISTS (SELECT FROM staged s WHERE s.id = a.id)
           RETURNING id)
         SELECT count(*)::int AS deleted FROM gone`,
        [feed, part],
      );
      await runner.query(
        `INSERT INTO feed_part (feed, part, etag, digest, records, rejected) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT ON CONSTRAINT feed_part_pkey DO UPDATE SET etag = excluded.etag, digest = excluded.digest,
           records = excluded.records, rejected = excluded.rejected, imported_at = now()`,
        [feed, part, version.etag, version.digest, staged, rejected()],
      );
      await change.announce();
      await runner.commitTransaction();
      if (changed > 1_000) await runner.query('ANALYZE advisory, affected_package');
      return { records: staged, changed, deleted };
    } catch (error) {
      await runner.rollbackTransaction();
      throw error;
    } finally {
      await runner.release();
    }
  }

  /** A run that was taken over ends nothing. */
  private finish(
    { feed, run }: FeedRun,
    status: 'idle' | 'failed',
    progress: FeedProgress | null,
    error: { code: string; message: string } | null,
  ): Promise<void> {
    return this.database.transaction(async (manager) => {
      const [rows] = await manager.query(
        `UPDATE feed SET status = $2, last_error = $3, progress = coalesce($4::jsonb, progress),
           last_success_at = CASE WHEN $2 = 'idle' THEN now() ELSE last_success_at END
         WHERE name = $1 AND run = $5 AND status = 'running' RETURNING run`,
        [feed, status, error === null ? null : jsonb(error), progress === null ? null : jsonb(progress), run],
      );
      if (rows.length === 0) return;
      await appendToOutbox(manager, DEFAULT_PROJECT, [
        {
          type: error === null ? 'feed.synced' : 'feed.failed',
          actor: 'system',
          subject: `feed/${feed}`,
          scanId: null,
          targetId: null,
          findingId: null,
          data: error === null ? { ...progress } : { ...error },
        },
      ]);
    });
  }
}

/** PostgreSQL's COPY text format: tab between columns, backslash escapes. */
async function* copyLines(records: AsyncIterable<Advisory>): AsyncGenerator<string> {
  let lines = '';
  for await (const advisory of records) {
    const record = jsonb(advisory);
    const digest = createHash('sha256').update(record).digest('hex');
    const names = `{${namesOf(advisory)
      .map((name) => JSON.stringify(name))
      .join(',')}}`;
    const columns = [advisory.id, digest, names, advisory.withdrawn === null ? 'f' : 't', record];
    lines += `${columns.map(escapeCopy).join('\t')}\n`;
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

function escapeCopy(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\t', '\\t')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\0', '');
}
