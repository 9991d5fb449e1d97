import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every feed that there is, how fresh its parts are, and scores of CVEs. */
export class Feeds1700000000009 implements MigrationInterface {
  readonly name = 'Feeds1700000000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      INSERT INTO feed (name)
      SELECT unnest(ARRAY['debian', 'alpine', 'wolfi', 'chainguard', 'redhat', 'amazon', 'oracle', 'suse', 'rocky',
        'almalinux', 'nvd', 'kev', 'epss']);
      ALTER TABLE feed
        -- When the last sync began; null: there was none.
        ADD COLUMN last_attempt_at timestamptz,
        -- What began it: request, schedule.
        ADD COLUMN trigger text NOT NULL DEFAULT 'request';
      UPDATE feed SET last_attempt_at = last_success_at;

      ALTER TABLE feed_part
        -- Of the server, as it wrote it.
        ADD COLUMN last_modified text,
        -- How far changes were followed since the part last came in whole; null: it is as it came in.
        ADD COLUMN cursor jsonb,
        -- When it last came in whole.
        ADD COLUMN whole_at timestamptz NOT NULL DEFAULT now(),
        -- When it was last found to be what the source says.
        ADD COLUMN checked_at timestamptz NOT NULL DEFAULT now(),
        -- Why the last sync of it failed; null when it did not.
        ADD COLUMN last_error jsonb;
      UPDATE feed_part SET whole_at = imported_at, checked_at = imported_at;
      UPDATE feed_part SET checked_at = greatest(imported_at, feed.last_success_at) FROM feed WHERE feed.name = feed_part.feed;

      -- As the record says.
      ALTER TABLE advisory ADD COLUMN modified timestamptz;
      UPDATE advisory SET modified = (record ->> 'modified')::timestamptz;

      -- Which ecosystems a part has advisories of.
      CREATE TABLE feed_part_ecosystem (
        feed      text NOT NULL,
        part      text NOT NULL,
        ecosystem text NOT NULL,
        CONSTRAINT feed_part_ecosystem_pkey PRIMARY KEY (feed, part, ecosystem),
        CONSTRAINT feed_part_ecosystem_part_fkey FOREIGN KEY (feed, part) REFERENCES feed_part ON DELETE CASCADE
      );
      CREATE INDEX feed_part_ecosystem_idx ON feed_part_ecosystem (ecosystem);
      INSERT INTO feed_part_ecosystem SELECT DISTINCT feed, part, ecosystem FROM affected_package;

      -- Records of the source that gave no advisory: without packages of the part, or not of the feed's form.
      CREATE TABLE feed_left_out (
        feed     text NOT NULL,
        part     text NOT NULL,
        id       text NOT NULL,
        -- Null where it could not be read.
        modified timestamptz,
        rejected boolean NOT NULL,
        CONSTRAINT feed_left_out_pkey PRIMARY KEY (feed, part, id),
        CONSTRAINT feed_left_out_part_fkey FOREIGN KEY (feed, part) REFERENCES feed_part ON DELETE CASCADE
      );

      CREATE TABLE cve_score (
        feed   text NOT NULL REFERENCES feed,
        part   text NOT NULL,
        id     text NOT NULL,
        -- Of record: what changed is seen without reading it.
        digest text NOT NULL,
        -- cvss, epss or kev
        record jsonb NOT NULL,
        CONSTRAINT cve_score_pkey PRIMARY KEY (id, feed)
      );
      CREATE INDEX cve_score_part_idx ON cve_score (feed, part);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE cve_score, feed_left_out, feed_part_ecosystem;
      ALTER TABLE advisory DROP COLUMN modified;
      DELETE FROM affected_package WHERE feed NOT IN ('osv', 'endoflife');
      DELETE FROM advisory WHERE feed NOT IN ('osv', 'endoflife');
      DELETE FROM feed_part WHERE feed NOT IN ('osv', 'endoflife');
      DELETE FROM feed WHERE name NOT IN ('osv', 'endoflife');
      ALTER TABLE feed_part DROP COLUMN last_modified, DROP COLUMN cursor, DROP COLUMN whole_at, DROP COLUMN checked_at,
        DROP COLUMN last_error;
      ALTER TABLE feed DROP COLUMN last_attempt_at, DROP COLUMN trigger;
    `);
  }
}
