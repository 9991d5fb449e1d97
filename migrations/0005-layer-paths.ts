import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A layer's paths are a column of their own. */
export class LayerPaths1700000000005 implements MigrationInterface {
  readonly name = 'LayerPaths1700000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- A cache: what was stored in the old form would never be asked for again.
      TRUNCATE layer;

      ALTER TABLE layer
        -- Sorted 52-bit hashes, each as a 64-bit number.
        ADD COLUMN occupied bytea NOT NULL,
        ADD COLUMN directories bytea NOT NULL,
        -- None of them can be compressed further.
        ALTER COLUMN facts SET STORAGE EXTERNAL,
        ALTER COLUMN occupied SET STORAGE EXTERNAL,
        ALTER COLUMN directories SET STORAGE EXTERNAL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      TRUNCATE layer;
      ALTER TABLE layer DROP COLUMN occupied, DROP COLUMN directories, ALTER COLUMN facts SET STORAGE EXTENDED;
    `);
  }
}
