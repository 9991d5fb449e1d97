import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What controls and benchmarks said of a scan, and how long products are supported. */
export class Controls1700000000004 implements MigrationInterface {
  readonly name = 'Controls1700000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The same results are stored once, whichever scans had them.
      CREATE TABLE control_report (
        id         uuid PRIMARY KEY,
        project_id uuid NOT NULL REFERENCES project,
        -- Over the results and the benchmarks.
        digest     text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT control_report_digest_key UNIQUE (project_id, digest)
      );

      CREATE TABLE control_result (
        report_id  uuid NOT NULL REFERENCES control_report,
        project_id uuid NOT NULL REFERENCES project,
        -- Place in the report, which is in the order of the controls.
        ordinal    integer NOT NULL,
        control_id text NOT NULL,
        status     text NOT NULL,
        -- title, severity, reason, evidence, remediation
        detail     jsonb NOT NULL,
        CONSTRAINT control_result_pkey PRIMARY KEY (report_id, ordinal)
      );

      CREATE TABLE benchmark_report (
        report_id  uuid NOT NULL REFERENCES control_report,
        project_id uuid NOT NULL REFERENCES project,
        name       text NOT NULL,
        -- version, counts, items
        detail     jsonb NOT NULL,
        CONSTRAINT benchmark_report_pkey PRIMARY KEY (report_id, name)
      );

      -- Null for a scan without facts, and for one that is older than controls.
      ALTER TABLE scan ADD COLUMN control_report_id uuid REFERENCES control_report;

      INSERT INTO feed (name) VALUES ('endoflife');
      CREATE TABLE product_lifecycle (
        name   text PRIMARY KEY,
        -- Of record: what changed is seen without reading it.
        digest text NOT NULL,
        record jsonb NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE product_lifecycle;
      DELETE FROM feed_part WHERE feed = 'endoflife';
      DELETE FROM feed WHERE name = 'endoflife';
      ALTER TABLE scan DROP COLUMN control_report_id;
      DROP TABLE benchmark_report, control_result, control_report;
    `);
  }
}
