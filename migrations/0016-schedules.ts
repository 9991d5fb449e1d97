import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Schedules1700000000016 implements MigrationInterface {
  readonly name = 'Schedules1700000000016';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE schedule (
        id             uuid PRIMARY KEY,
        project_id     uuid NOT NULL REFERENCES project,
        name           text NOT NULL,
        -- One of the two.
        cron           text,
        interval_seconds integer,
        time_zone      text NOT NULL,
        jitter_seconds integer NOT NULL,
        -- One of the two: a target, or what the labels of targets have to hold.
        target_id      uuid REFERENCES target,
        labels         jsonb,
        options        jsonb NOT NULL,
        paused         boolean NOT NULL,
        -- What the interval is counted from.
        anchor_at      timestamptz NOT NULL,
        -- Of the next run; both null where none will come.
        nominal_at     timestamptz,
        run_at         timestamptz,
        created_at     timestamptz NOT NULL,
        updated_at     timestamptz NOT NULL,
        CONSTRAINT schedule_recurrence_check CHECK ((cron IS NULL) <> (interval_seconds IS NULL)),
        CONSTRAINT schedule_scope_check CHECK ((target_id IS NULL) <> (labels IS NULL)),
        CONSTRAINT schedule_name_key UNIQUE (project_id, name)
      );
      CREATE INDEX schedule_due_idx ON schedule (run_at) WHERE NOT paused;

      CREATE TABLE schedule_run (
        id          uuid PRIMARY KEY,
        schedule_id uuid NOT NULL REFERENCES schedule ON DELETE CASCADE,
        reason      text NOT NULL,
        -- What the recurrence says; null where somebody asked.
        nominal_at  timestamptz,
        created_at  timestamptz NOT NULL,
        -- [{"targetId", "scanId"}], [{"targetId", "reason"}]
        scans       jsonb NOT NULL,
        skipped     jsonb NOT NULL,
        CONSTRAINT schedule_run_nominal_key UNIQUE (schedule_id, nominal_at)
      );
      CREATE INDEX schedule_run_idx ON schedule_run (schedule_id, id DESC);
      CREATE INDEX target_labels_idx ON target USING gin (labels jsonb_path_ops);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX target_labels_idx;
      DROP TABLE schedule_run;
      DROP TABLE schedule;
    `);
  }
}
