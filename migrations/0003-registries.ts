import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How projects speak to registries, and which image a scan's reference stood for. */
export class Registries1700000000003 implements MigrationInterface {
  readonly name = 'Registries1700000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE registry (
        id             uuid PRIMARY KEY,
        project_id     uuid NOT NULL REFERENCES project,
        host           text NOT NULL,
        -- none, basic or token: what the sealed bytes hold.
        authentication text NOT NULL,
        -- Credentials, encrypted with a key that is not in the database.
        sealed         bytea,
        mirrors        text[] NOT NULL,
        ca             text,
        insecure       boolean NOT NULL,
        created_at     timestamptz NOT NULL,
        updated_at     timestamptz NOT NULL,
        CONSTRAINT registry_host_key UNIQUE (project_id, host),
        CONSTRAINT registry_sealed_check CHECK ((authentication = 'none') = (sealed IS NULL))
      );
      -- Digest of the image's manifest; null where the reference leads to none.
      ALTER TABLE scan ADD COLUMN image_digest text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE registry; ALTER TABLE scan DROP COLUMN image_digest;');
  }
}
