import { hash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { CoverageItem } from '../model/coverage.js';
import type { Judgement, UndecidedRule } from '../model/finding.js';
import { SEVERITIES } from '../model/severity.js';
import { jsonb } from './jsonb.js';

/**
 * What advisories say of one stored package and one vulnerability: the same for every target that holds the package.
 * Only what applies, or may, becomes a match; one that no longer does is kept, as findings show what they were.
 */
export interface StoredMatch {
  id: string;
  packageId: string;
  ruleId: string;
  status: 'open' | 'undetermined' | 'not_affected';
  /** Counts up with every change. */
  version: number;
  /** Hex. */
  hash: string;
}

/** What a match has of a judgement; where it was found is the finding's own. */
type MatchDetail = Omit<Judgement, 'fingerprint' | 'kind' | 'ruleId' | 'status' | 'location'>;

export interface MatchDiff {
  written: { packageId: string; judgement: Judgement }[];
  gone: StoredMatch[];
}

/**
 * @param known matches of the packages
 * @param judged everything that applies to them now
 * @param isHidden whether it could not be looked for: then the match stays
 */
export function diffMatches(
  known: readonly StoredMatch[],
  judged: readonly { packageId: string; judgement: Judgement }[],
  isHidden: (match: StoredMatch) => boolean,
): MatchDiff {
  const before = new Map(known.map((match) => [keyOf(match.packageId, match.ruleId), match]));
  const written = judged.filter(({ packageId, judgement }) => {
    const key = keyOf(packageId, judgement.ruleId);
    const match = before.get(key);
    before.delete(key);
    return match?.status !== judgement.status || match.hash !== matchHash(judgement);
  });
  return { written, gone: [...before.values()].filter((match) => match.status !== 'not_affected' && !isHidden(match)) };
}

/**
 * What could not be decided; gaps of reading leave open whether a package is there. A version that cannot be ordered and a
 * package of another origin hide nothing: what may be there is judged to be undetermined, and what is not is gone.
 */
export function hiddenByGaps(
  gaps: readonly CoverageItem[],
  undecided: readonly UndecidedRule[],
  packages: readonly { id: string; purl: string; ecosystem: string | null }[],
): (match: StoredMatch) => boolean {
  const ecosystems = new Set(gaps.flatMap(({ code, subject }) => (code === 'advisories_missing' ? [subject] : [])));
  const missing = new Set(
    packages.filter(({ ecosystem }) => ecosystem !== null && ecosystems.has(ecosystem)).map(({ id }) => id),
  );
  const rules = new Map<string, Set<string | null>>();
  for (const { purl, ruleId } of undecided) {
    if (purl !== undefined) rules.set(purl, (rules.get(purl) ?? new Set()).add(ruleId));
  }
  const unsure = new Map(
    rules.size === 0
      ? []
      : packages.flatMap(({ id, purl }) => (rules.has(purl) ? [[id, rules.get(purl)] as const] : [])),
  );
  return ({ packageId, ruleId }) => missing.has(packageId) || unsure.get(packageId)?.has(ruleId) === true;
}

export async function matchesOf(manager: EntityManager, packageIds: readonly string[]): Promise<StoredMatch[]> {
  return manager.query(
    `SELECT id, package_id AS "packageId", rule_id AS "ruleId", status, version, encode(detail_hash, 'hex') AS hash
     FROM package_match WHERE package_id = ANY($1::bigint[])`,
    [packageIds],
  );
}

/** @param isHeld whether targets beside the one that is being stored may hold the package: they are told later */
export async function writeMatches(
  manager: EntityManager,
  { written, gone }: MatchDiff,
  isHeld: (packageId: string) => boolean,
): Promise<void> {
  if (written.length > 0) {
    // In order: two scans that store the same matches must not wait for each other crosswise.
    await manager.query(
      `INSERT INTO package_match (package_id, rule_id, status, severity_rank, pending, detail_hash, detail)
       SELECT m."packageId", m."ruleId", m.status, m.rank, m.pending, decode(m.hash, 'hex'), m.detail
       FROM jsonb_to_recordset($1::jsonb) AS m("packageId" bigint, "ruleId" text, status text, rank int, pending boolean,
         hash text, detail jsonb)
       ORDER BY m."packageId", m."ruleId"
       ON CONFLICT ON CONSTRAINT package_match_key DO UPDATE SET status = excluded.status, severity_rank = excluded.severity_rank,
         version = package_match.version + 1, pending = true, detail_hash = excluded.detail_hash, detail = excluded.detail
         WHERE (package_match.status, package_match.detail_hash) <> (excluded.status, excluded.detail_hash)`,
      [
        jsonb(
          written.map(({ packageId, judgement }) => ({
            packageId,
            ruleId: judgement.ruleId,
            status: judgement.status,
            rank: SEVERITIES.indexOf(judgement.severity),
            pending: isHeld(packageId),
            hash: matchHash(judgement),
            detail: matchDetail(judgement),
          })),
        ),
      ],
    );
  }
  if (gone.length > 0) {
    await manager.query(
      `UPDATE package_match SET status = 'not_affected', version = version + 1, pending = true
       WHERE id IN (SELECT id FROM package_match WHERE id = ANY($1::bigint[]) AND status <> 'not_affected' ORDER BY id FOR UPDATE)`,
      [gone.map(({ id }) => id)],
    );
  }
}

function matchDetail(judgement: Judgement): MatchDetail {
  const { fingerprint: _f, kind: _k, ruleId: _r, status: _s, location: _l, ...detail } = judgement;
  return detail;
}

/** The matcher makes them all in one way, so keys come in one order, and sorting them would cost as much as matching. */
function matchHash(judgement: Judgement): string {
  return hash('sha256', JSON.stringify([judgement.status, matchDetail(judgement)]));
}

function keyOf(packageId: string, ruleId: string): string {
  return `${packageId} ${ruleId}`;
}
