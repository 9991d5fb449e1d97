import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Facts of hosts. */
export class Hosts1700000000010 implements MigrationInterface {
  readonly name = 'Hosts1700000000010';

  async up(runner: QueryRunner): Promise<void> {
    // HostInventory; null for a target that is no host.
    await runner.query('ALTER TABLE inventory ADD COLUMN host jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE inventory DROP COLUMN host');
  }
}
