import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RepositorySchedules1700000000018 implements MigrationInterface {
  readonly name = 'RepositorySchedules1700000000018';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE schedule
        -- host/repository in full, and a glob of its tags.
        ADD COLUMN repository  text,
        ADD COLUMN tag_pattern text,
        DROP CONSTRAINT schedule_scope_check,
        ADD CONSTRAINT schedule_scope_check CHECK (num_nonnulls(target_id, labels, repository) = 1),
        ADD CONSTRAINT schedule_tags_check CHECK ((repository IS NULL) = (tag_pattern IS NULL));

      ALTER TABLE schedule_run
        ADD COLUMN status           text NOT NULL DEFAULT 'done',
        -- Of a listing: who does it, until when, and how often it was begun.
        ADD COLUMN lease_expires_at timestamptz,
        ADD COLUMN fence            integer NOT NULL DEFAULT 0,
        ADD COLUMN error_code       text,
        ADD COLUMN error_message    text,
        -- {"listed", "matched", "complete", "leftOutCount", "leftOut"}
        ADD COLUMN tags             jsonb;
      ALTER TABLE scan
        -- How often it failed for what may pass, and before when it is not tried again.
        ADD COLUMN retries  integer NOT NULL DEFAULT 0,
        ADD COLUMN retry_at timestamptz;
      CREATE UNIQUE INDEX schedule_run_listing_idx ON schedule_run (schedule_id) WHERE status = 'listing';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM schedule WHERE repository IS NOT NULL;
      ALTER TABLE scan DROP COLUMN retries, DROP COLUMN retry_at;
      DROP INDEX schedule_run_listing_idx;
      ALTER TABLE schedule_run
        DROP COLUMN status, DROP COLUMN lease_expires_at, DROP COLUMN fence, DROP COLUMN error_code,
        DROP COLUMN error_message, DROP COLUMN tags;
      ALTER TABLE schedule
        DROP CONSTRAINT schedule_tags_check,
        DROP CONSTRAINT schedule_scope_check,
        DROP COLUMN repository,
        DROP COLUMN tag_pattern,
        ADD CONSTRAINT schedule_scope_check CHECK ((target_id IS NULL) <> (labels IS NULL));
    `);
  }
}
