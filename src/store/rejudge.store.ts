import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { CoverageItem } from '../model/coverage.js';
import type { Judgement, UndecidedRule } from '../model/finding.js';
import type { Package } from '../model/package.js';
import type { VexDecider } from '../model/vex.js';
import { Database } from './database.js';
import { lockJudging } from './judging-lock.js';
import { appendToOutbox } from './outbox.js';
import { diffMatches, hiddenByGaps, matchesOf, writeMatches } from './package-match.js';
import { packageOf } from './package-row.js';
import { DEFAULT_PROJECT } from './project.js';
import { add, NOTHING, type RejudgeCounts, type Slice, tellSlice, tellUnheld } from './rejudge-targets.js';

/** A package as it is stored, wherever it was found. */
export interface StoredPackage extends Package {
  id: string;
}

export interface PackageJudgements {
  judged: { packageId: string; judgement: Judgement }[];
  /** What could not be decided. */
  gaps: CoverageItem[];
  undecided: UndecidedRule[];
}

/** Names that one step judges, and comparisons of a record with a version; one name may take more. */
const NAMES = 2_000;
const COMPARISONS = 500_000;

/** Matches that are told of together. */
const MATCHES = 5_000;

/** Findings of one transaction: a second or so, in which no scan is stored. */
const FINDINGS = 50_000;

/** Below this many, a second connection does not pay. */
const FINDINGS_ALONE = 4_000;

/** Slices that are written at once, each by a connection. */
const CONNECTIONS = 2;

/**
 * Judges stored inventories again after advisories have changed: first what advisories say of the changed packages, once for
 * each, then the targets that hold them. See docs/adr/016-rejudging.md.
 */
@Injectable()
export class RejudgeStore {
  constructor(private readonly database: Database) {}

  /** Names what waits to be judged again, as no later state is named; null when nothing does. */
  async waiting(): Promise<string | null> {
    const [row] = await this.database.query<{ name: string | null }>(
      `SELECT coalesce((SELECT 'matcher-' || matcher_version FROM rejudging WHERE noted_up_to IS NOT NULL),
         (SELECT 'change-' || max(id) FROM advisory_change),
         (SELECT 'match-' || id || '-' || version FROM package_match WHERE pending ORDER BY id DESC LIMIT 1),
         (SELECT 'settling' FROM rejudging WHERE behind_since IS NOT NULL)) AS name`,
    );
    return row?.name ?? null;
  }

  /** Runs one pass at a time, in whichever process; false when another runs. */
  async alone(pass: () => Promise<void>): Promise<boolean> {
    const runner = this.database.runner();
    try {
      const [{ mine }] = await runner.query(`SELECT pg_try_advisory_lock(hashtext('plimsoll.rejudge')) AS mine`);
      if (!mine) return false;
      try {
        await pass();
      } finally {
        await runner.query(`SELECT pg_advisory_unlock(hashtext('plimsoll.rejudge'))`);
      }
      return true;
    } finally {
      await runner.release();
    }
  }

  /**
   * Judges packages of which advisories say something else now, a step of them; null when none are left. One transaction:
   * what it took is gone from `advisory_change` exactly when its outcome is in `package_match`.
   *
   * @param matcher the version of the rules that `judge` has: where others count by now, nothing is judged
   */
  judgeChanged(
    matcher: number,
    judge: (packages: StoredPackage[]) => Promise<PackageJudgements>,
  ): Promise<{ packages: number } | null> {
    return this.database.transaction(async (manager) => {
      await lockJudging(manager, 'exclusive');
      const [other] = await manager.query('SELECT FROM rejudging WHERE matcher_version <> $1', [matcher]);
      if (other) return null;
      const names = await this.nextNames(manager);
      if (names.length === 0) return null;
      const parameters = [names.map(({ ecosystem }) => ecosystem), names.map(({ name }) => name)];
      const rows = await manager.query(
        `SELECT p.*, '[]'::jsonb AS locations FROM package p
         WHERE p.id IN (SELECT package_id FROM unnest($1::text[], $2::text[]) AS n(ecosystem, name) JOIN package_name USING (ecosystem, name))
         ORDER BY p.id`,
        parameters,
      );
      const packages: StoredPackage[] = rows.map((row: { id: string }) => ({ ...packageOf(row), id: row.id }));
      const { judged, gaps, undecided } = await judge(packages);
      const known = await matchesOf(
        manager,
        packages.map(({ id }) => id),
      );
      await writeMatches(manager, diffMatches(known, judged, hiddenByGaps(gaps, undecided, packages)), () => true);
      await manager.query(
        `DELETE FROM advisory_change USING unnest($1::text[], $2::text[]) AS n(ecosystem, name)
         WHERE (advisory_change.ecosystem, advisory_change.name) = (n.ecosystem, n.name)`,
        parameters,
      );
      return { packages: packages.length };
    });
  }

  /**
   * Tells targets of changed matches, a group of them; null when none are left.
   *
   * @param decide what of others' statements counts for the findings
   */
  async tellTargets(decide: VexDecider): Promise<RejudgeCounts | null> {
    const matches = await this.database.query<{ id: string; version: number }>(
      'SELECT id, version FROM package_match WHERE pending ORDER BY id LIMIT $1',
      [MATCHES],
    );
    if (matches.length === 0) return null;
    const ids = matches.map(({ id }) => id);
    let counts = NOTHING;
    const slices = await this.slices(ids);
    for (let i = 0; i < slices.length; i += CONNECTIONS) {
      for (const told of await this.tellTogether(ids, slices.slice(i, i + CONNECTIONS), decide))
        counts = add(counts, told);
    }
    return this.database.transaction(async (manager) => {
      await lockJudging(manager, 'exclusive');
      counts = add(counts, await tellUnheld(manager, ids, decide));
      // One that a scan has changed meanwhile is told of once more.
      await manager.query(
        `UPDATE package_match m SET pending = false FROM unnest($1::bigint[], $2::int[]) AS t(id, version)
         WHERE m.id = t.id AND m.version = t.version`,
        [ids, matches.map(({ version }) => version)],
      );
      return counts;
    });
  }

  /** Tells operators that a pass did something. */
  async conclude(packages: number, counts: RejudgeCounts): Promise<void> {
    await this.database.transaction((manager) =>
      appendToOutbox(manager, DEFAULT_PROJECT, [
        {
          type: 'advisories.rejudged',
          actor: 'system',
          subject: 'advisories',
          scanId: null,
          targetId: null,
          findingId: null,
          data: { packages, ...counts },
        },
      ]),
    );
  }

  /** As many as fit into a step, those first that changed first. */
  private async nextNames(manager: EntityManager): Promise<{ ecosystem: string; name: string }[]> {
    return manager.query(
      `SELECT ecosystem, name FROM (
         SELECT c.ecosystem, c.name, row_number() OVER (ORDER BY c.id) AS n,
           sum((SELECT count(*) FROM affected_package a WHERE (a.ecosystem, a.name) = (c.ecosystem, c.name))
             * (SELECT count(*) FROM package_name p WHERE (p.ecosystem, p.name) = (c.ecosystem, c.name))) OVER (ORDER BY c.id) AS total
         FROM (SELECT * FROM advisory_change ORDER BY id LIMIT $1) c) AS counted
       WHERE total <= $2 OR n = 1 ORDER BY n`,
      [NAMES, COMPARISONS],
    );
  }

  /** Cuts the targets so that each slice has about as many findings to look at. */
  private async slices(matchIds: readonly string[]): Promise<Slice[]> {
    const [{ held }] = await this.database.query(
      `SELECT count(*)::int AS held FROM package_match m JOIN inventory_package i USING (package_id)
       JOIN target t ON t.inventory_id = i.inventory_id WHERE m.id = ANY($1::bigint[])`,
      [matchIds],
    );
    if (held <= FINDINGS_ALONE) return [{ from: FIRST, to: LAST }];
    const count = Math.ceil(held / FINDINGS / CONNECTIONS) * CONNECTIONS;
    return this.database.query(
      `SELECT coalesce(lag(bound) OVER (ORDER BY n), $2::uuid) AS "from", CASE WHEN n = $1 THEN $3::uuid ELSE bound END AS "to"
       FROM (SELECT n, (percentile_disc(ARRAY(SELECT k::float8 / $1::int FROM generate_series(1, $1::int) AS k))
         WITHIN GROUP (ORDER BY inventory_id))[n] AS bound FROM target, generate_series(1, $1::int) AS n
         WHERE inventory_id IS NOT NULL GROUP BY n) AS bounds ORDER BY n`,
      [count, FIRST, LAST],
    );
  }

  /** Each slice in a transaction of its own, while one more keeps scans out. */
  private tellTogether(
    matchIds: readonly string[],
    slices: readonly Slice[],
    decide: VexDecider,
  ): Promise<RejudgeCounts[]> {
    return this.database.transaction(async (manager) => {
      await lockJudging(manager, 'exclusive');
      const told = await Promise.allSettled(
        slices.map((slice) => this.database.transaction((writer) => tellSlice(writer, matchIds, slice, decide))),
      );
      return told.map((outcome) => {
        if (outcome.status === 'rejected') throw outcome.reason;
        return outcome.value;
      });
    });
  }
}

const FIRST = '00000000-0000-0000-0000-000000000000';
const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
