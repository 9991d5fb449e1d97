import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What controls judge is kept with the inventory; an rpm has a module. */
export class ImageFacts1700000000002 implements MigrationInterface {
  readonly name = 'ImageFacts1700000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Configuration and noted files of an image; null for an inventory that was read before they were kept.
      ALTER TABLE inventory ADD COLUMN image jsonb;
      ALTER TABLE package ADD COLUMN module text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE inventory DROP COLUMN image; ALTER TABLE package DROP COLUMN module;');
  }
}
