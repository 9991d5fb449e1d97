import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Facts of clusters. */
export class Clusters1700000000019 implements MigrationInterface {
  readonly name = 'Clusters1700000000019';

  async up(runner: QueryRunner): Promise<void> {
    // ClusterInventory as gzipped JSON, of tens of megabytes in a large cluster; null for a target that is none.
    await runner.query('ALTER TABLE inventory ADD COLUMN cluster bytea');
    await runner.query('ALTER TABLE inventory ALTER COLUMN cluster SET STORAGE EXTERNAL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE inventory DROP COLUMN cluster');
  }
}
