import { Injectable } from '@nestjs/common';
import type { StoredAdvisory } from '../model/advisory.js';
import { type AdvisoryRow, advisoryOf } from './advisory.store.js';
import { Database } from './database.js';

/** What tells one record from all others. */
export type AdvisoryKey = Pick<StoredAdvisory, 'feed' | 'part' | 'id'>;

/** A record with the first of its entries. */
export interface StoredRecord extends StoredAdvisory {
  /** How many entries it has. */
  affectedCount: number;
}

/** Finds records by what they are called; withdrawn ones too. */
@Injectable()
export class AdvisoryLookupStore {
  constructor(private readonly database: Database) {}

  /** Records that have one of these ids or aliases; `affected` is left out. */
  async byNames(names: readonly string[]): Promise<StoredAdvisory[]> {
    const rows = await this.database.query<AdvisoryRow>(
      `SELECT DISTINCT ON (a.feed, a.part, a.id) a.feed, a.part, a.id, (a.record - 'affected') || '{"affected": []}' AS record
       FROM unnest($1::text[]) AS wanted(name) JOIN advisory a ON a.names @> ARRAY[wanted.name]
       ORDER BY a.feed, a.part, a.id`,
      [names],
    );
    return rows.map(advisoryOf);
  }

  /** Bulletins on several vulnerabilities, one of these among them; those alone, as one on a single has it as a name. */
  async bulletinsOn(ids: readonly string[], limit: number): Promise<AdvisoryKey[]> {
    return this.database.query<AdvisoryKey>(
      `SELECT feed, part, id FROM advisory
       WHERE record -> 'upstream' ?| $1::text[] AND jsonb_array_length(record -> 'upstream') > 1
       ORDER BY id, feed, part LIMIT $2`,
      [ids, limit],
    );
  }

  /** Records whole, in the order of their keys. @param maxEntries what is affected beyond this is left out */
  async records(keys: readonly AdvisoryKey[], maxEntries: number): Promise<StoredRecord[]> {
    const rows = await this.database.query<AdvisoryRow & { count: number }>(
      `SELECT a.feed, a.part, a.id, jsonb_array_length(a.record -> 'affected') AS count,
         a.record || jsonb_build_object('affected',
           jsonb_path_query_array(a.record -> 'affected', '$[0 to $last]', jsonb_build_object('last', $4::int - 1))) AS record
       FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS k(feed, part, id, place)
       JOIN advisory a USING (feed, part, id) ORDER BY k.place`,
      [keys.map(({ feed }) => feed), keys.map(({ part }) => part), keys.map(({ id }) => id), maxEntries],
    );
    return rows.map((row) => ({ ...advisoryOf(row), affectedCount: row.count }));
  }
}
