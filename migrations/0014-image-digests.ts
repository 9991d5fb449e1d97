import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By what else containers may know an image than by the digest of its manifest. */
export class ImageDigests1700000000014 implements MigrationInterface {
  readonly name = 'ImageDigests1700000000014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE scan
        -- Of the manifest and of the configuration: they name this image and no other.
        ADD COLUMN digests text[] NOT NULL DEFAULT '{}',
        -- Of indexes that it was chosen from: they name its like for other platforms too.
        ADD COLUMN index_digests text[] NOT NULL DEFAULT '{}';
      UPDATE scan SET digests = ARRAY[image_digest] WHERE image_digest IS NOT NULL;
      CREATE INDEX scan_digests ON scan USING gin (digests);
      CREATE INDEX scan_index_digests ON scan USING gin (index_digests);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE scan DROP COLUMN digests, DROP COLUMN index_digests');
  }
}
