import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether the group of a Maven project is a guess, so that a stored inventory reads as what was found. */
export class GuessedGroups1700000000007 implements MigrationInterface {
  readonly name = 'GuessedGroups1700000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE package ADD COLUMN is_group_guessed boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE package DROP COLUMN is_group_guessed');
  }
}
