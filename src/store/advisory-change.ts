import type { EntityManager, QueryRunner } from 'typeorm';
import { lockJudging } from './judging-lock.js';

type Connection = Pick<EntityManager | QueryRunner, 'query'>;

/** An import that changes more records than this has the whole fleet judged again: to ask who is meant would take longer. */
const MAX_TOUCHED = 2_000;

/** Records that are joined by names over more steps than this are not; as in `advisory.store.ts`. */
const MAX_ALIAS_STEPS = 3;

/**
 * Tells, inside the transaction of an import, which stored packages advisories say something else of: `advisory_change`
 * gets their names, and a pass judges them again (docs/adr/016-rejudging.md).
 *
 * A record speaks of the packages that it names, before the import or after it; and what it is called joins it to other
 * records of the same vulnerability, which name others.
 */
export class AdvisoryChange {
  private touched = 0;

  private constructor(
    private readonly runner: Connection,
    /** Whether to tell single packages, or all that there are. */
    private isNarrow: boolean,
  ) {}

  /** Before the import writes. */
  static async begin(runner: Connection): Promise<AdvisoryChange> {
    // Who has no packages yet imports for the first time, and most of what there is.
    const [packages] = await runner.query('SELECT FROM package_name LIMIT 1');
    if (!packages) return new AdvisoryChange(runner, false);
    await runner.query(`
      CREATE TEMP TABLE touched (feed text, part text, id text) ON COMMIT DROP;
      CREATE TEMP TABLE touched_name (name text) ON COMMIT DROP;
      CREATE TEMP TABLE touched_package (ecosystem text, name text) ON COMMIT DROP`);
    return new AdvisoryChange(runner, true);
  }

  /**
   * Before records are written or deleted.
   *
   * @param records SQL that answers feed, part and id of each
   */
  async expect(records: string, parameters: unknown[]): Promise<void> {
    if (!this.isNarrow) return;
    const [{ added }] = await this.runner.query(
      `WITH added AS (INSERT INTO touched ${records} LIMIT ${MAX_TOUCHED + 1} RETURNING id)
       SELECT count(*)::int AS added FROM added`,
      parameters,
    );
    this.touched += added;
    this.isNarrow = this.touched <= MAX_TOUCHED;
    if (this.isNarrow && added > 0) await this.note();
  }

  /** After the last statement of the import: from here to the commit no scan is judged or stored. */
  async announce(): Promise<void> {
    // What was inserted lies in a list in front of the index, which every look-up reads until it is merged.
    await this.runner.query(
      `SELECT gin_clean_pending_list('advisory_names_idx'), gin_clean_pending_list('advisory_upstream_idx')`,
    );
    if (this.isNarrow && this.touched > 0) {
      await this.note();
      await this.follow();
    }
    await lockJudging(this.runner, 'exclusive');
    await this.runner.query(
      this.isNarrow
        ? `INSERT INTO advisory_change (ecosystem, name)
           SELECT DISTINCT ecosystem, name FROM touched_package t
           WHERE EXISTS (SELECT FROM package_name p WHERE (p.ecosystem, p.name) = (t.ecosystem, t.name))
           ON CONFLICT ON CONSTRAINT advisory_change_pkey DO NOTHING`
        : `INSERT INTO advisory_change (ecosystem, name) SELECT DISTINCT ecosystem, name FROM package_name
           ON CONFLICT ON CONSTRAINT advisory_change_pkey DO NOTHING`,
    );
  }

  /** What the touched records are called and name as they stand. */
  private async note(): Promise<void> {
    await this.runner.query(`
      ANALYZE touched;
      INSERT INTO touched_name SELECT DISTINCT unnest(a.names) FROM touched JOIN advisory a USING (feed, part, id);
      INSERT INTO touched_package SELECT DISTINCT p.ecosystem, p.name
      FROM touched t JOIN affected_package p ON (p.feed, p.part, p.advisory_id) = (t.feed, t.part, t.id)`);
  }

  /** The packages that are named by records which the touched ones are joined to. */
  private async follow(): Promise<void> {
    await this.runner.query('SET LOCAL enable_seqscan = off');
    for (let step = 1; step <= MAX_ALIAS_STEPS; step += 1) {
      // A bulletin on several vulnerabilities has the name of none, and is joined to the records of each.
      await this.runner.query(`
        CREATE TEMP TABLE joined ON COMMIT DROP AS
        WITH wanted AS MATERIALIZED (SELECT DISTINCT name FROM touched_name)
        SELECT a.feed, a.part, a.id, a.names FROM wanted JOIN advisory a ON a.names @> ARRAY[wanted.name]
        UNION
        SELECT a.feed, a.part, a.id, a.names FROM wanted JOIN advisory a ON a.record -> 'upstream' ? wanted.name
        WHERE jsonb_array_length(a.record -> 'upstream') > 1;
        INSERT INTO touched_name SELECT unnest(names) FROM joined EXCEPT SELECT name FROM touched_name`);
      if (step === MAX_ALIAS_STEPS) break;
      await this.runner.query('DROP TABLE joined');
    }
    await this.runner.query(`
      ANALYZE joined;
      INSERT INTO touched_package SELECT DISTINCT p.ecosystem, p.name
      FROM joined j JOIN affected_package p ON (p.feed, p.part, p.advisory_id) = (j.feed, j.part, j.id)`);
    await this.runner.query('SET LOCAL enable_seqscan = on');
  }
}
