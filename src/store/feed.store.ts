import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import type { QueryRunner } from 'typeorm';
import type { Advisory } from '../model/advisory.js';
import { PlimsollError } from '../model/error.js';
import {
  type Feed,
  type FeedFault,
  type FeedName,
  type FeedProgress,
  type FeedTrigger,
  SCORE_FEED_NAMES,
} from '../model/feed.js';
import { AdvisoryChange } from './advisory-change.js';
import { AdvisoryImport, type LeftOut, type PartRecords } from './advisory-import.js';
import { Database } from './database.js';
import { refuseForm, refuseLoss } from './feed-guard.js';
import { compareListing } from './feed-listing.js';
import type { ComparedListing, ImportResult, PartCursor, PartVersion, StoredPart } from './feed-part.js';
import { jsonb } from './jsonb.js';
import { appendToOutbox } from './outbox.js';
import { DEFAULT_PROJECT } from './project.js';
import { announceRatings } from './score-change.js';

/** A sync whose worker was silent for this long may be taken over. */
const STALE_AFTER_SECONDS = 30;

/** One sync of a feed. */
export interface FeedRun {
  feed: FeedName;
  /** Counts up; a worker whose run is not the current one writes nothing any more. */
  run: number;
}

/** What the database knows of a feed; the rest is configuration. */
export type FeedState = Omit<Feed, 'enabled' | 'source'>;

@Injectable()
export class FeedStore {
  constructor(private readonly database: Database) {}

  async list(): Promise<FeedState[]> {
    return this.database.query<FeedState>(
      `SELECT name, status, last_success_at AS "lastSuccessAt", last_attempt_at AS "lastAttemptAt", last_error AS "lastError",
         progress, floor(extract(epoch FROM now() - last_success_at))::float8 AS "ageSeconds",
         coalesce(p.records, 0)::float8 AS records, coalesce(p.rejected, 0)::float8 AS rejected
       FROM feed
       LEFT JOIN (SELECT feed, sum(records) AS records, sum(rejected) AS rejected FROM feed_part GROUP BY feed) p
         ON p.feed = name
       ORDER BY name`,
    );
  }

  async get(name: FeedName): Promise<FeedState> {
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
  async begin(name: FeedName, trigger: FeedTrigger = 'request'): Promise<number | null> {
    const [rows] = (await this.database.query(
      `UPDATE feed SET status = 'running', run = run + 1, heartbeat_at = now(), last_attempt_at = now(), progress = $2,
         trigger = $4
       WHERE name = $1 AND (status <> 'running' OR heartbeat_at < now() - make_interval(secs => $3)) RETURNING run`,
      [
        name,
        jsonb({ percent: 0, part: null, imported: 0, rejected: 0, skipped: 0 } satisfies FeedProgress),
        STALE_AFTER_SECONDS,
        trigger,
      ],
    )) as unknown as [{ run: number }[], number];
    return rows[0]?.run ?? null;
  }

  /**
   * The feed whose last sync is the longest ago, of those that are due. None while any feed is synced: one at a time is
   * enough for what nobody waits for. Intervals differ by up to a tenth, so that not all services ask a vendor at once.
   *
   * @param feeds those that are kept up to date
   * @param unasked of them, those that are synced though nobody ever asked for a first sync
   */
  async due(feeds: readonly FeedName[], unasked: readonly FeedName[], intervalHours: number): Promise<FeedName | null> {
    const [row] = await this.database.query<{ name: FeedName }>(
      `SELECT name FROM feed
       WHERE name = ANY($1::text[])
         AND CASE WHEN last_attempt_at IS NULL THEN name = ANY($2::text[])
             ELSE last_attempt_at < now() - make_interval(secs => $3 * (1 + (hashtext(name || run) & 1023) / 10240.0)) END
         AND NOT EXISTS (SELECT FROM feed WHERE status = 'running')
       ORDER BY last_attempt_at NULLS FIRST, name LIMIT 1`,
      [feeds, unasked, intervalHours * 3600],
    );
    return row?.name ?? null;
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
  async fail(run: FeedRun, error: FeedFault, progress?: FeedProgress): Promise<void> {
    await this.finish(run, 'failed', progress ?? null, error);
  }

  /** In order of their names. */
  async parts(name: FeedName): Promise<Map<string, StoredPart>> {
    const rows = await this.database.query<StoredPart>(
      `SELECT part, etag, last_modified AS "lastModified", digest, cursor, records, rejected, imported_at AS "importedAt",
         whole_at AS "wholeAt", checked_at AS "checkedAt", last_error AS "lastError"
       FROM feed_part WHERE feed = $1 ORDER BY part COLLATE "C"`,
      [name],
    );
    return new Map(rows.map((row) => [row.part, row]));
  }

  /** The part is what the source says, though nothing of it was read: its version may be a new one. */
  async confirmPart(feed: FeedName, part: string, version?: PartVersion, cursor?: PartCursor): Promise<void> {
    await this.database.query(
      `UPDATE feed_part SET checked_at = now(), last_error = NULL, etag = CASE WHEN $6 THEN $3 ELSE etag END,
         last_modified = CASE WHEN $6 THEN $4 ELSE last_modified END, digest = coalesce($5, digest),
         cursor = coalesce($7::jsonb, cursor)
       WHERE feed = $1 AND part = $2`,
      [
        feed,
        part,
        version?.etag ?? null,
        version?.lastModified ?? null,
        version?.digest ?? null,
        version !== undefined,
        cursor ? jsonb(cursor) : null,
      ],
    );
  }

  /** Keeps why a part could not be brought up to date; one that never came in has no place for it but the feed's error. */
  async failPart(feed: FeedName, part: string, error: FeedFault): Promise<void> {
    await this.database.query('UPDATE feed_part SET last_error = $3 WHERE feed = $1 AND part = $2', [
      feed,
      part,
      jsonb(error),
    ]);
  }

  /**
   * Removes the parts that the source does not list any more.
   *
   * @throws PlimsollError `feed_shrank` when they hold half of the feed or more
   */
  async removeParts(feed: FeedName, gone: readonly string[]): Promise<void> {
    if (gone.length === 0) return;
    await this.database.transaction(async (manager) => {
      const rows: { part: string; records: number }[] = await manager.query(
        `SELECT part, (CASE WHEN feed = ANY($2::text[])
           THEN (SELECT count(*) FROM cve_score s WHERE s.feed = p.feed AND s.part = p.part)
           ELSE (SELECT count(*) FROM advisory a WHERE a.feed = p.feed AND a.part = p.part) END)::int AS records
         FROM feed_part p WHERE feed = $1 FOR UPDATE`,
        [feed, SCORE_FEED_NAMES],
      );
      const sum = (parts: typeof rows) => parts.reduce((total, { records }) => total + records, 0);
      const before = sum(rows);
      refuseLoss(
        `${feed}, which lists ${gone.slice(0, 5).join(', ')}${gone.length > 5 ? ` and ${gone.length - 5} more` : ''} no longer,`,
        before,
        before - sum(rows.filter(({ part }) => gone.includes(part))),
      );
      const change = await AdvisoryChange.begin(manager);
      await change.expect('SELECT feed, part, id FROM advisory WHERE feed = $1 AND part = ANY($2::text[])', [
        feed,
        gone,
      ]);
      if (feed === 'nvd') {
        await announceRatings(manager, `SELECT id FROM cve_score WHERE feed = 'nvd' AND part = ANY($1::text[])`, [
          gone,
        ]);
      }
      for (const table of ['advisory', 'cve_score', 'feed_part']) {
        await manager.query(`DELETE FROM ${table} WHERE feed = $1 AND part = ANY($2::text[])`, [feed, gone]);
      }
      await change.announce();
    });
  }

  /**
   * Makes a part what the export says now: one transaction, so that a scan sees all of it or the state before.
   *
   * @param version with how far changes are in it, where they are to be followed from there
   * @param rejected how many records were not of the feed's form, asked once all were read
   * @param leftOut those by name, and those without packages of the part; a rejected one stays as it was stored
   * @throws PlimsollError `feed_shrank`, `feed_source_invalid`
   */
  importPart(
    feed: FeedName,
    part: string,
    version: PartVersion & { cursor?: PartCursor },
    records: PartRecords,
    rejected: () => number,
    leftOut: () => readonly LeftOut[] = () => [],
  ): Promise<ImportResult> {
    return this.import(feed, part, async (into, runner) => {
      const stored = await into.begin();
      const { present, changed, kept } = await into.write(records, leftOut, stored === 0);
      refuseForm(part, present, rejected());
      // Where nothing can be read any more, what is kept for that is no sign of life.
      refuseLoss(part, stored, present === 0 ? 0 : present + kept);
      const deleted = stored === 0 ? 0 : await into.deleteAbsent();
      await runner.query(
        `INSERT INTO feed_part (feed, part, etag, last_modified, digest, records, rejected, cursor)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT ON CONSTRAINT feed_part_pkey DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified,
           digest = excluded.digest, records = excluded.records, rejected = excluded.rejected,
           cursor = excluded.cursor, imported_at = now(), whole_at = now(), checked_at = now(), last_error = NULL`,
        [
          feed,
          part,
          version.etag,
          version.lastModified ?? null,
          version.digest,
          present + kept,
          rejected(),
          version.cursor ? jsonb(version.cursor) : null,
        ],
      );
      await into.replaceLeftOut();
      await into.noteEcosystems(true);
      return { records: present + kept, changed, deleted };
    });
  }

  /**
   * Brings what changed since a part came in: the result is that of a whole import.
   *
   * @param version of the whole, which this makes of the part
   * @param gone ids of records that the source has no longer
   * @param leftOut of the records that changed, those that gave no advisory, asked once all were read
   * @throws PlimsollError `feed_shrank`
   */
  importDelta(
    feed: FeedName,
    part: string,
    version: PartVersion & { cursor: PartCursor },
    upserts: AsyncIterable<Advisory>,
    gone: readonly string[],
    leftOut: () => readonly LeftOut[] = () => [],
  ): Promise<ImportResult> {
    return this.import(feed, part, async (into, runner) => {
      const before = await into.begin();
      const { changed } = await into.write(upserts, leftOut);
      const deleted = await into.deleteNamed(gone);
      const stored = await into.stored();
      refuseLoss(part, before, stored);
      const rejected = await into.updateLeftOut(gone);
      await into.noteEcosystems(false);
      await runner.query(
        `UPDATE feed_part SET etag = $3, last_modified = $4, digest = $5, cursor = $6, records = $7, rejected = $8,
           imported_at = now(), checked_at = now(), last_error = NULL
         WHERE feed = $1 AND part = $2`,
        [
          feed,
          part,
          version.etag,
          version.lastModified ?? null,
          version.digest,
          jsonb(version.cursor),
          stored,
          rejected,
        ],
      );
      return { records: stored, changed, deleted };
    });
  }

  /**
   * Compares a part with the source's list of its records.
   *
   * @param limit of ids that are answered, each way: one more tells that there are more
   * @returns how many the list has and its newest time; the ids of those that are newer than what is stored, or not stored;
   *   those of what is stored but not listed; and whether the list is older than what is stored
   */
  compareListing(
    feed: FeedName,
    part: string,
    listing: AsyncIterable<{ id: string; modified: Date }>,
    limit: number,
  ): Promise<ComparedListing> {
    return compareListing(this.database.runner(), feed, part, listing, limit);
  }

  /** Of records that changed at the source, the ids of those that are newer than what is stored, or not stored. */
  async newerThanStored(
    feed: FeedName,
    part: string,
    changed: readonly { id: string; time: Date }[],
  ): Promise<Set<string>> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT l.id FROM unnest($3::text[], $4::timestamptz[]) AS l(id, modified)
       LEFT JOIN advisory a ON a.feed = $1 AND a.part = $2 AND a.id = l.id
       LEFT JOIN feed_left_out o ON o.feed = $1 AND o.part = $2 AND o.id = l.id
       WHERE (a.modified IS NULL OR l.modified > a.modified) AND (o.modified IS NULL OR l.modified > o.modified)`,
      [feed, part, changed.map(({ id }) => id), changed.map(({ time }) => time)],
    );
    return new Set(rows.map(({ id }) => id));
  }

  private async import(
    feed: FeedName,
    part: string,
    work: (into: AdvisoryImport, runner: QueryRunner) => Promise<ImportResult>,
  ): Promise<ImportResult> {
    const runner = this.database.runner();
    const client = (await runner.connect()) as PoolClient;
    await runner.startTransaction();
    try {
      const change = await AdvisoryChange.begin(runner);
      const result = await work(new AdvisoryImport(runner, client, feed, part, change), runner);
      await change.announce();
      await runner.commitTransaction();
      // Not of the records, which are wide: they are never compared.
      if (result.changed > 1_000) await runner.query('ANALYZE advisory (feed, part, id, withdrawn), affected_package');
      return result;
    } catch (error) {
      await runner.rollbackTransaction();
      throw error;
    } finally {
      await runner.release();
    }
  }

  /**
   * A run that was taken over ends nothing. What was asked for tells how it ended; what runs by itself tells what changed: a
   * first failure or another one, the end of failing, and new records.
   */
  private finish(
    { feed, run }: FeedRun,
    status: 'idle' | 'failed',
    progress: FeedProgress | null,
    error: FeedFault | null,
  ): Promise<void> {
    return this.database.transaction(async (manager) => {
      const [before] = await manager.query(
        `SELECT trigger, last_error AS "lastError" FROM feed WHERE name = $1 AND run = $2 AND status = 'running' FOR UPDATE`,
        [feed, run],
      );
      if (!before) return;
      await manager.query(
        `UPDATE feed SET status = $2, last_error = $3, progress = coalesce($4::jsonb, progress),
           last_success_at = CASE WHEN $2 = 'idle' THEN now() ELSE last_success_at END
         WHERE name = $1`,
        [feed, status, error === null ? null : jsonb(error), progress === null ? null : jsonb(progress)],
      );
      const previous: FeedFault | null = before.lastError;
      const isNews =
        before.trigger === 'request' ||
        previous?.code !== error?.code ||
        (error === null && progress !== null && progress.imported > 0);
      if (!isNews) return;
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
