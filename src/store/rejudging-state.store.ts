import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Package } from '../model/package.js';
import { Database } from './database.js';
import { jsonb } from './jsonb.js';
import { lockJudging } from './judging-lock.js';
import { packageOf } from './package-row.js';

/** Packages that are noted in one transaction. */
const PACKAGES = 5_000;

/** What is to be judged again though no advisory changed, and how far behind findings are. */
@Injectable()
export class RejudgingStateStore {
  constructor(private readonly database: Database) {}

  /**
   * Has every stored package judged again where they were judged by other rules. The last that starts counts: passes of
   * others judge nothing any more (`RejudgeStore.judgeChanged`).
   */
  async adoptMatcher(version: number): Promise<void> {
    await this.database.transaction(async (manager) => {
      await lockJudging(manager, 'exclusive');
      await manager.query(
        `UPDATE rejudging SET matcher_version = $1,
           noted_up_to = CASE WHEN EXISTS (SELECT FROM package) THEN 0 END,
           behind_since = CASE WHEN EXISTS (SELECT FROM package) THEN coalesce(behind_since, now()) ELSE behind_since END
         WHERE matcher_version IS DISTINCT FROM $1`,
        [version],
      );
    });
  }

  /**
   * Notes some of the packages that are to be judged by new rules, under the names that advisories are asked for by them.
   *
   * @returns false when all were
   */
  notePackages(version: number, advisoryNames: (entry: Package) => { ecosystem: string; name: string }[]) {
    return this.database.transaction(async (manager): Promise<boolean> => {
      await lockJudging(manager, 'exclusive');
      const [state] = await manager.query(
        'SELECT noted_up_to FROM rejudging WHERE matcher_version = $1 AND noted_up_to IS NOT NULL',
        [version],
      );
      if (!state) return false;
      const rows: { id: string }[] = await manager.query(
        `SELECT p.*, '[]'::jsonb AS locations FROM package p WHERE p.id > $1 ORDER BY p.id LIMIT ${PACKAGES}`,
        [state.noted_up_to],
      );
      const names = rows.flatMap((row) =>
        advisoryNames(packageOf(row)).map(({ ecosystem, name }) => ({ ecosystem, name, id: row.id })),
      );
      await manager.query(
        `WITH names AS (
           SELECT DISTINCT n.ecosystem, n.name, n.id FROM jsonb_to_recordset($1::jsonb) AS n(ecosystem text, name text, id bigint)),
         kept AS (
           INSERT INTO package_name (ecosystem, name, package_id) SELECT * FROM names
           ON CONFLICT ON CONSTRAINT package_name_pkey DO NOTHING)
         INSERT INTO advisory_change (ecosystem, name) SELECT DISTINCT ecosystem, name FROM names
         ON CONFLICT ON CONSTRAINT advisory_change_pkey DO NOTHING`,
        [jsonb(names)],
      );
      const last = rows.length === PACKAGES ? rows.at(-1) : undefined;
      await manager.query('UPDATE rejudging SET noted_up_to = $1', [last?.id ?? null]);
      return true;
    });
  }

  /** Notes the packages that the target has now. @returns false where it has no facts */
  noteTarget(projectId: string, targetId: string): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      await lockJudging(manager, 'exclusive');
      const [target] = await manager.query(
        'SELECT inventory_id FROM target WHERE project_id = $1 AND id = $2 AND inventory_id IS NOT NULL',
        [projectId, targetId],
      );
      if (!target) return false;
      await manager.query(
        `INSERT INTO advisory_change (ecosystem, name)
         SELECT DISTINCT n.ecosystem, n.name FROM inventory_package i JOIN package_name n USING (package_id)
         WHERE i.inventory_id = $1
         ON CONFLICT ON CONSTRAINT advisory_change_pkey DO NOTHING`,
        [target.inventory_id],
      );
      return true;
    });
  }

  /** After a pass: where nothing waits any more, findings say all that is known. */
  async settle(): Promise<void> {
    await this.database.transaction(async (manager: EntityManager) => {
      await lockJudging(manager, 'exclusive');
      await manager.query(
        `UPDATE rejudging SET behind_since = NULL
         WHERE behind_since IS NOT NULL AND noted_up_to IS NULL AND NOT EXISTS (SELECT FROM advisory_change)
           AND NOT EXISTS (SELECT FROM package_match WHERE pending)`,
      );
    });
  }
}
