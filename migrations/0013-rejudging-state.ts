import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By which rules stored packages were matched, and since when what was found lags behind what is known. */
export class RejudgingState1700000000013 implements MigrationInterface {
  readonly name = 'RejudgingState1700000000013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE rejudging (
        -- There is one row.
        is_only         boolean NOT NULL DEFAULT true CHECK (is_only),
        -- Advisories that came in after this are not in every finding yet; null: all are.
        behind_since    timestamptz,
        -- Of the rules that packages are matched by; null: no worker has started.
        matcher_version integer,
        -- Packages up to this id were noted since these rules came; null: all were.
        noted_up_to     bigint,
        CONSTRAINT rejudging_pkey PRIMARY KEY (is_only)
      );
      INSERT INTO rejudging (behind_since)
      SELECT CASE WHEN EXISTS (SELECT FROM advisory_change) OR EXISTS (SELECT FROM package_match WHERE pending) THEN now() END;

      -- Whoever notes a change, by whatever statement, makes what was found lag behind.
      CREATE FUNCTION note_rejudging() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        UPDATE rejudging SET behind_since = now() WHERE behind_since IS NULL AND EXISTS (SELECT FROM noted);
        RETURN NULL;
      END $$;
      CREATE TRIGGER advisory_change_noted AFTER INSERT ON advisory_change REFERENCING NEW TABLE AS noted
        FOR EACH STATEMENT EXECUTE FUNCTION note_rejudging();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER advisory_change_noted ON advisory_change;
      DROP FUNCTION note_rejudging();
      DROP TABLE rejudging;
    `);
  }
}
