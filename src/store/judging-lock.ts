import type { EntityManager, QueryRunner } from 'typeorm';

/**
 * Until the end of its transaction, keeps what a scan is judged by from changing under it.
 *
 * - `shared`, a scan: from before it asks for advisories until its findings are stored.
 * - `exclusive`, whoever commits other advisories, tells targets what they say, or brings and takes what others say of
 *   findings: a scan is judged and stored before that or after it, so no target is left out.
 *
 * Waiters come in turn. A transaction never asks for both.
 */
export async function lockJudging(
  connection: Pick<EntityManager | QueryRunner, 'query'>,
  mode: 'shared' | 'exclusive',
): Promise<void> {
  const lock = mode === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
  await connection.query(`SELECT ${lock}(hashtext('plimsoll.judging'))`);
}
