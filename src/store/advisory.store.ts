import { Injectable } from '@nestjs/common';
import type { Advisory } from '../model/advisory.js';
import { Database } from './database.js';

/** Aliases of aliases: a chain of records longer than this is not followed. */
const MAX_ALIAS_STEPS = 3;

@Injectable()
export class AdvisoryStore {
  constructor(private readonly database: Database) {}

  /** Every advisory that names one of the packages and is not withdrawn, and those that share an id or alias with them. */
  async find(packages: readonly { ecosystem: string; name: string }[]): Promise<Advisory[]> {
    const found = new Map<string, Advisory>();
    if (packages.length === 0) return [];
    const rows = await this.database.query<Row>(
      `SELECT DISTINCT ON (a.feed, a.part, a.id) a.feed, a.part, a.id, a.names, a.record
       FROM unnest($1::text[], $2::text[]) AS p(ecosystem, name)
       JOIN affected_package USING (ecosystem, name)
       JOIN advisory a ON (a.feed, a.part, a.id) = (affected_package.feed, affected_package.part, affected_package.advisory_id)
       WHERE NOT a.withdrawn`,
      [packages.map(({ ecosystem }) => ecosystem), packages.map(({ name }) => name)],
    );
    let names = add(found, rows).union(new Set(rows.flatMap(({ record }) => record.upstream)));
    const asked = new Set<string>();
    for (let step = 0; step < MAX_ALIAS_STEPS; step += 1) {
      const fresh = [...names].filter((name) => !asked.has(name));
      if (fresh.length === 0) break;
      for (const name of fresh) asked.add(name);
      names = add(
        found,
        await this.database.query<Row>(
          'SELECT feed, part, id, names, record FROM advisory WHERE names && $1::text[] AND NOT withdrawn',
          [fresh],
        ),
      );
    }
    return [...found.values()];
  }

  /** Those of the ecosystems that some feed has advisories of. */
  async known(ecosystems: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ ecosystem: string }>(
      `SELECT e.ecosystem FROM unnest($1::text[]) AS e(ecosystem)
       WHERE EXISTS (SELECT FROM affected_package a WHERE a.ecosystem = e.ecosystem)`,
      [[...new Set(ecosystems)]],
    );
    return new Set(rows.map(({ ecosystem }) => ecosystem));
  }

  /**
   * Those of the ecosystems that every feed which has them was last confirmed for longer ago. A feed is as fresh as the
   * oldest of its parts that has the ecosystem; what no feed has is missing, not old.
   */
  stale(ecosystems: readonly string[], maxAgeHours: number): Promise<StaleEcosystem[]> {
    return this.database.query<StaleEcosystem>(
      `SELECT ecosystem, max(checked_at) AS "confirmedAt", array_agg(feed ORDER BY feed) AS feeds, max(error) AS "lastError"
       FROM (
         SELECT e.ecosystem, e.feed, min(p.checked_at) AS checked_at, max(p.last_error ->> 'message') AS error
         FROM feed_part_ecosystem e JOIN feed_part p USING (feed, part)
         WHERE e.ecosystem = ANY($1::text[]) GROUP BY e.ecosystem, e.feed) f
       GROUP BY ecosystem HAVING max(checked_at) < now() - make_interval(hours => $2)
       ORDER BY ecosystem`,
      [ecosystems, maxAgeHours],
    );
  }
}

/** Advisories of an ecosystem that were not confirmed for long. */
export interface StaleEcosystem {
  ecosystem: string;
  /** When a feed last was what its source says, with all that it has of the ecosystem. */
  confirmedAt: Date;
  /** That have the ecosystem. */
  feeds: string[];
  /** Why a sync of it failed since; null where none did. */
  lastError: string | null;
}

interface Row {
  feed: string;
  part: string;
  id: string;
  names: string[];
  record: Omit<Advisory, 'modified' | 'withdrawn'> & { modified: string; withdrawn: string | null };
}

function add(found: Map<string, Advisory>, rows: Row[]): Set<string> {
  const names = new Set<string>();
  for (const { feed, part, id, names: all, record } of rows) {
    const key = `${feed}/${part}/${id}`;
    if (found.has(key)) continue;
    found.set(key, { ...record, modified: new Date(record.modified), withdrawn: null });
    for (const name of all) names.add(name);
  }
  return names;
}
