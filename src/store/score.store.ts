import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { ScoreFeedName } from '../model/feed.js';
import type { VulnerabilityScores } from '../model/score.js';
import { copyText } from './copy-text.js';
import { Database } from './database.js';
import { refuseForm, refuseLoss } from './feed-guard.js';
import type { ImportResult, PartCursor, PartVersion } from './feed-part.js';
import { jsonb } from './jsonb.js';
import { announceRatings } from './score-change.js';

/** What a feed says of one CVE; none of them: it has no score any more. */
export type CveScore = { id: string } & Partial<VulnerabilityScores>;

export interface ScoreImport {
  version: PartVersion & { cursor?: PartCursor };
  /** How many records were not of the feed's form, asked once all were read. */
  rejected(): number;
  /** Their ids: what is stored of them stays. */
  rejectedIds?(): readonly string[];
  /** Whether the records are all that there are; else those that changed, and the others stay as they are. */
  isWhole: boolean;
}

/** Ratings of CVEs, as the feeds of scores last brought them. */
@Injectable()
export class ScoreStore {
  constructor(private readonly database: Database) {}

  /** Those of the ids that any feed knows. */
  async find(ids: readonly string[]): Promise<Map<string, VulnerabilityScores>> {
    const rows = await this.database.query<{ id: string; record: Partial<VulnerabilityScores>; date: string | null }>(
      `SELECT s.id, s.record, p.cursor ->> 'newest' AS date
       FROM cve_score s LEFT JOIN feed_part p ON s.feed = 'epss' AND (p.feed, p.part) = (s.feed, s.part)
       WHERE s.id = ANY($1::text[])`,
      [[...new Set(ids)]],
    );
    const found = new Map<string, VulnerabilityScores>();
    for (const { id, record, date } of rows) {
      const scores = found.get(id) ?? { cvss: [], epss: null, kev: null };
      if (record.cvss) scores.cvss = record.cvss;
      if (record.kev) scores.kev = record.kev;
      if (record.epss) scores.epss = { ...record.epss, date: date ?? record.epss.date };
      found.set(id, scores);
    }
    return found;
  }

  /**
   * Brings the scores of one part in one transaction; rows that do not change are not written.
   *
   * @throws PlimsollError `feed_shrank`, `feed_source_invalid`
   */
  async import(
    feed: ScoreFeedName,
    part: string,
    records: AsyncIterable<CveScore>,
    { version, rejected, rejectedIds = () => [], isWhole }: ScoreImport,
  ): Promise<ImportResult> {
    const runner = this.database.runner();
    const client = (await runner.connect()) as PoolClient;
    const days = new Days();
    await runner.startTransaction();
    try {
      await runner.query(`SELECT pg_advisory_xact_lock(hashtext('plimsoll.feed.' || $1))`, [`${feed}/${part}`]);
      await runner.query(`
        CREATE TEMP TABLE staged (id text COLLATE "C", digest text, record jsonb) ON COMMIT DROP;
        CREATE TEMP TABLE touched (id text) ON COMMIT DROP`);
      await pipeline(Readable.from(copyLines(records, days)), client.query(copyFrom('COPY staged FROM STDIN')));
      await runner.query('ANALYZE staged');
      const [{ staged, stored }] = await runner.query(
        `SELECT (SELECT count(DISTINCT id)::int FROM staged WHERE digest IS NOT NULL) AS staged,
                (SELECT count(*)::int FROM cve_score WHERE feed = $1 AND part = $2) AS stored`,
        [feed, part],
      );
      if (isWhole) {
        refuseForm(`${feed}/${part}`, staged, rejected());
        refuseLoss(`${feed}/${part}`, stored, staged);
      }
      const [{ changed }] = await runner.query(
        `WITH upserted AS (
           INSERT INTO cve_score (feed, part, id, digest, record)
           SELECT DISTINCT ON (id) $1, $2, id, digest, record FROM staged WHERE digest IS NOT NULL ORDER BY id
           ON CONFLICT ON CONSTRAINT cve_score_pkey DO UPDATE
             SET part = excluded.part, digest = excluded.digest, record = excluded.record
             WHERE (cve_score.part, cve_score.digest) <> (excluded.part, excluded.digest)
           RETURNING id),
         noted AS (INSERT INTO touched SELECT id FROM upserted WHERE $1 = 'nvd')
         SELECT count(*)::int AS changed FROM upserted`,
        [feed, part],
      );
      const [{ deleted }] = await runner.query(
        `WITH gone AS (
           DELETE FROM cve_score c WHERE feed = $1 AND part = $2 AND ${
             isWhole
               ? 'NOT EXISTS (SELECT FROM staged s WHERE s.id = c.id AND s.digest IS NOT NULL) AND NOT (c.id = ANY($3::text[]))'
               : 'EXISTS (SELECT FROM staged s WHERE s.id = c.id AND s.digest IS NULL) AND NOT (c.id = ANY($3::text[]))'
           } RETURNING id),
         noted AS (INSERT INTO touched SELECT id FROM gone WHERE $1 = 'nvd')
         SELECT count(*)::int AS deleted FROM gone`,
        [feed, part, rejectedIds()],
      );
      const [{ records: count }] = await runner.query(
        'SELECT count(*)::int AS records FROM cve_score WHERE feed = $1 AND part = $2',
        [feed, part],
      );
      const cursor = version.cursor ?? days.cursor(version);
      await runner.query(
        `INSERT INTO feed_part (feed, part, etag, last_modified, digest, records, rejected, cursor)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT ON CONSTRAINT feed_part_pkey DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified,
           digest = excluded.digest, records = excluded.records, rejected = excluded.rejected, cursor = excluded.cursor,
           imported_at = now(), checked_at = now(), last_error = NULL`,
        [
          feed,
          part,
          version.etag,
          version.lastModified ?? null,
          version.digest,
          count,
          rejected(),
          cursor && jsonb(cursor),
        ],
      );
      // What the other feeds say is in no finding: it is looked up when one is read.
      if (feed === 'nvd' && changed + deleted > 0) {
        await runner.query('ANALYZE touched');
        await announceRatings(runner, 'SELECT id FROM touched');
      }
      await runner.commitTransaction();
      if (changed > 1_000) await runner.query('ANALYZE cve_score');
      return { records: count, changed, deleted };
    } catch (error) {
      await runner.rollbackTransaction();
      throw error;
    } finally {
      await runner.release();
    }
  }
}

/** Of all scores of a day the day is the same: it is kept once, so that a score that stays is not written. */
class Days {
  private newest = '';

  /** The record without its day. */
  split(record: Omit<CveScore, 'id'>): object {
    if (!record.epss) return record;
    const { date, ...epss } = record.epss;
    if (date > this.newest) this.newest = date;
    return { ...record, epss };
  }

  cursor({ etag, lastModified = null, digest }: PartVersion): PartCursor | null {
    return this.newest === '' ? null : { etag, lastModified, digest, newest: this.newest };
  }
}

async function* copyLines(records: AsyncIterable<CveScore>, days: Days): AsyncGenerator<string> {
  let lines = '';
  for await (const { id, ...scores } of records) {
    if (isEmpty(scores)) {
      lines += copyText([id, null, null]);
    } else {
      const record = recordText(days.split(scores));
      lines += copyText([id, digestOf(record), record]);
    }
    if (lines.length > 65_536) {
      yield lines;
      lines = '';
    }
  }
  if (lines !== '') yield lines;
}

/** As `jsonb` writes it; most records have nothing that it would have to look for. */
function recordText(record: object): string {
  const text = JSON.stringify(record);
  return /\\u(?:0000|d[89a-f])/i.test(text) ? jsonb(record) : text;
}

/** A short record is its own digest. */
function digestOf(record: string): string {
  return record.length <= 64 ? record : createHash('sha256').update(record).digest('hex');
}

function isEmpty({ cvss, epss, kev }: Partial<VulnerabilityScores>): boolean {
  return !cvss?.length && !epss && !kev;
}
