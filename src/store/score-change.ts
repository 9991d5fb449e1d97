import type { EntityManager, QueryRunner } from 'typeorm';
import { lockJudging } from './judging-lock.js';

/**
 * Tells, inside the transaction that changes ratings, which stored packages are rated otherwise now: a
 * pass judges them again (docs/adr/016-rejudging.md). A rating changes nothing but what is said of packages that have the
 * vulnerability, so those with a match of it are all.
 *
 * @param ratings SQL that answers the id of each vulnerability that is rated otherwise
 */
export async function announceRatings(
  connection: Pick<EntityManager | QueryRunner, 'query'>,
  ratings: string,
  parameters: unknown[] = [],
): Promise<void> {
  // Before the look at matches: a scan that was judged by the old ratings has stored its own by then.
  await lockJudging(connection, 'exclusive');
  // A package is judged again for all that it is called: one of its names is enough.
  await connection.query(
    `INSERT INTO advisory_change (ecosystem, name)
     SELECT DISTINCT ecosystem, name FROM (
       SELECT DISTINCT ON (package_id) ecosystem, name
       FROM package_match JOIN package_name USING (package_id)
       WHERE status <> 'not_affected' AND rule_id IN (${ratings})
       ORDER BY package_id, ecosystem, name) AS named
     ON CONFLICT ON CONSTRAINT advisory_change_pkey DO NOTHING`,
    parameters,
  );
}
