import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the planner is told of advisories: of the columns that it compares a sample that is large enough for them, of the
 * rest nothing. A large sample reads most pages of a table of wide rows at the end of every import.
 */
export class AdvisoryStatistics1700000000012 implements MigrationInterface {
  readonly name = 'AdvisoryStatistics1700000000012';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE advisory
        ALTER COLUMN feed SET STATISTICS 10, ALTER COLUMN part SET STATISTICS 10, ALTER COLUMN id SET STATISTICS 10,
        ALTER COLUMN withdrawn SET STATISTICS 10, ALTER COLUMN digest SET STATISTICS 0, ALTER COLUMN record SET STATISTICS 0;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE advisory
        ALTER COLUMN feed SET STATISTICS -1, ALTER COLUMN part SET STATISTICS -1, ALTER COLUMN id SET STATISTICS -1,
        ALTER COLUMN withdrawn SET STATISTICS -1, ALTER COLUMN digest SET STATISTICS -1, ALTER COLUMN record SET STATISTICS -1;
    `);
  }
}
