import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { QueryRunner } from 'typeorm';
import { copyText } from './copy-text.js';
import type { ComparedListing } from './feed-part.js';

/** See `FeedStore.compareListing`. The list goes into a temporary table: it may have half a million lines. */
export async function compareListing(
  runner: QueryRunner,
  feed: string,
  part: string,
  listing: AsyncIterable<{ id: string; modified: Date }>,
  limit: number,
): Promise<ComparedListing> {
  const client = (await runner.connect()) as PoolClient;
  await runner.startTransaction();
  try {
    await runner.query('CREATE TEMP TABLE listed (id text, modified timestamptz) ON COMMIT DROP');
    await pipeline(Readable.from(copyLines(listing)), client.query(copyFrom('COPY listed FROM STDIN')));
    await runner.query('ANALYZE listed');
    const [{ listed, newest, isBehind }] = await runner.query(
      `SELECT count(*)::int AS listed, max(modified) AS newest,
         coalesce((SELECT max(modified) FROM advisory WHERE feed = $1 AND part = $2) > max(modified), false) AS "isBehind"
       FROM listed`,
      [feed, part],
    );
    const changed = await runner.query(
      `SELECT l.id, l.modified FROM (SELECT id, max(modified) AS modified FROM listed GROUP BY id) l
       LEFT JOIN advisory a ON a.feed = $1 AND a.part = $2 AND a.id = l.id
       LEFT JOIN feed_left_out o ON o.feed = $1 AND o.part = $2 AND o.id = l.id
       WHERE (a.modified IS NULL OR l.modified > a.modified) AND (o.modified IS NULL OR l.modified > o.modified) LIMIT $3`,
      [feed, part, limit + 1],
    );
    const gone = await runner.query(
      `SELECT id FROM (
         SELECT id FROM advisory WHERE feed = $1 AND part = $2
         UNION SELECT id FROM feed_left_out WHERE feed = $1 AND part = $2) a
       WHERE NOT EXISTS (SELECT FROM listed l WHERE l.id = a.id) LIMIT $3`,
      [feed, part, limit + 1],
    );
    return { listed, newest, isBehind, changed, gone: gone.map(({ id }: { id: string }) => id) };
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}

async function* copyLines(listing: AsyncIterable<{ id: string; modified: Date }>): AsyncGenerator<string> {
  let lines = '';
  for await (const { id, modified } of listing) {
    lines += copyText([id, modified.toISOString()]);
    if (lines.length < 65_536) continue;
    yield lines;
    lines = '';
  }
  if (lines !== '') yield lines;
}
