import { Injectable } from '@nestjs/common';
import type { StoredAdvisory } from '../model/advisory.js';
import type { Cvss } from '../model/severity.js';
import { Database } from './database.js';

/** Aliases of aliases: a chain of records longer than this is not followed. */
const MAX_ALIAS_STEPS = 3;

@Injectable()
export class AdvisoryStore {
  constructor(private readonly database: Database) {}

  /**
   * Every advisory that names one of the packages and is not withdrawn, with what it says of these; and those that share
   * an id or alias with them, whose `affected` is left out.
   */
  async find(packages: readonly { ecosystem: string; name: string }[]): Promise<StoredAdvisory[]> {
    if (packages.length === 0) return [];
    const rows = await this.database.query<AdvisoryRow>(NAMING, [
      packages.map(({ ecosystem }) => ecosystem),
      packages.map(({ name }) => name),
      packages.map(({ ecosystem, name }) => `${ecosystem}\n${name}`),
    ]);
    const asked = new Set<string>();
    let fresh = namesIn(rows, asked);
    for (let step = 0; step < MAX_ALIAS_STEPS && fresh.length > 0; step += 1) {
      for (const name of fresh) asked.add(name);
      const linked = await this.named(fresh, rows);
      for (const row of linked) rows.push(row);
      fresh = namesIn(linked, asked);
    }
    return rows.map(advisoryOf);
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

  /** NVD's ratings of those of the vulnerabilities that it rates. */
  async scores(ids: readonly string[]): Promise<Map<string, { cvss: Cvss[] }>> {
    const rows = await this.database.query<{ id: string; cvss: Cvss[] }>(
      `SELECT id, record -> 'cvss' AS cvss FROM cve_score WHERE feed = 'nvd' AND id = ANY ($1::text[])`,
      [ids],
    );
    return new Map(rows.map(({ id, cvss }) => [id, { cvss }]));
  }

  /**
   * The projects of Maven with one of these artifacts. It walks the names of the ecosystem in the index, which are some
   * thousand: 10 ms.
   */
  async mavenProjects(artifacts: readonly string[]): Promise<string[]> {
    const rows = await this.database.query<{ name: string }>(
      `SELECT DISTINCT name FROM affected_package
       WHERE ecosystem = 'Maven' AND substring(name FROM position(':' IN name) + 1) = ANY ($1::text[])`,
      [artifacts],
    );
    return rows.map(({ name }) => name);
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

  private named(names: readonly string[], known: readonly AdvisoryRow[]): Promise<AdvisoryRow[]> {
    return this.database.query<AdvisoryRow>(NAMED, [
      names,
      known.map(({ feed }) => feed),
      known.map(({ part }) => part),
      known.map(({ id }) => id),
    ]);
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

export interface AdvisoryRow {
  feed: string;
  part: string;
  id: string;
  record: Omit<StoredAdvisory, 'feed' | 'part' | 'modified' | 'withdrawn'> & {
    modified: string;
    withdrawn: string | null;
  };
}

/**
 * Records are told apart by their key before they are read, as they are wide; each is then read by its key (`LIMIT 1`), as
 * the planner expects far more of them than there are and would read the whole table. Most of `affected` is of other
 * packages, and left out.
 */
const NAMING = `
  WITH keys AS MATERIALIZED (
    SELECT DISTINCT p.feed, p.part, p.advisory_id AS id
    FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) AS p(ecosystem, name)) AS wanted
    JOIN affected_package p USING (ecosystem, name))
  SELECT keys.feed, keys.part, keys.id, a.record
  FROM keys CROSS JOIN LATERAL (
    SELECT CASE WHEN jsonb_array_length(a.record -> 'affected') <= 4 THEN a.record
      ELSE (a.record - 'affected') || jsonb_build_object('affected', (
        SELECT jsonb_agg(e) FROM jsonb_array_elements(a.record -> 'affected') AS e
        WHERE (e ->> 'ecosystem') || E'\\n' || (e ->> 'name') = ANY ($3::text[]))) END AS record
    FROM advisory a WHERE (a.feed, a.part, a.id) = (keys.feed, keys.part, keys.id) AND NOT a.withdrawn LIMIT 1) AS a`;

/**
 * One look at the index for each name. `names && $1` compares every name with every other where the list is long: 27 s
 * for 8,500 names among 96,000 records, where this takes 45 ms.
 */
const NAMED = `
  WITH keys AS MATERIALIZED (
    SELECT a.feed, a.part, a.id FROM unnest($1::text[]) AS wanted(name) JOIN advisory a ON a.names @> ARRAY[wanted.name]
    WHERE NOT a.withdrawn
    EXCEPT SELECT * FROM unnest($2::text[], $3::text[], $4::text[]) AS known)
  SELECT keys.feed, keys.part, keys.id, a.record
  FROM keys CROSS JOIN LATERAL (
    SELECT (a.record - 'affected') || '{"affected": []}' AS record
    FROM advisory a WHERE (a.feed, a.part, a.id) = (keys.feed, keys.part, keys.id) LIMIT 1) AS a`;

function namesIn(rows: readonly AdvisoryRow[], asked: ReadonlySet<string>): string[] {
  const names = new Set<string>();
  for (const row of rows) {
    const { aliases, upstream } = row.record;
    for (const name of [row.id, ...aliases, ...upstream]) if (!asked.has(name)) names.add(name);
  }
  return [...names];
}

export function advisoryOf({ feed, part, record }: AdvisoryRow): StoredAdvisory {
  const withdrawn = record.withdrawn === null ? null : new Date(record.withdrawn);
  return { ...record, feed, part, modified: new Date(record.modified), withdrawn };
}
