import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import type { Distribution } from '../model/distribution.js';
import type { NewEvent } from '../model/event.js';
import {
  type FindingVex,
  findingVex,
  type NamedPackage,
  NO_EFFECT,
  type VexDecider,
  type VexEffect,
  type VexSubject,
} from '../model/vex.js';
import { jsonb } from './jsonb.js';
import { appendToOutbox } from './outbox.js';
import { StatementsByName } from './vex-statements.js';

/** Findings, and who makes that they are looked at. */
export interface VexScope {
  /** SQL: the ids of those that may be concerned, each once. They may be fixed, or no vulnerabilities. */
  ids: string;
  parameters: unknown[];
  /** Of the last scan, where the database does not have it yet. */
  imageDigest?: string | null;
  actor: string;
  scanId: string | null;
}

/** Findings that are decided together. */
const PAGE = 500;

/** Other work of the process goes on after this long, milliseconds. */
const SLICE_MS = 20;

interface Candidate {
  id: string;
  project_id: string;
  target_id: string;
  rule_id: string;
  status: 'open' | 'undetermined';
  suppressed: boolean;
  vex: object | null;
  aliases: string[] | null;
  package: NamedPackage;
  reference: string;
  name: string | null;
  image_digest: string | null;
  inventory_digest: string | null;
  distribution: Distribution | null;
}

interface Change {
  candidate: Candidate;
  vex: FindingVex | null;
  suppressed: boolean;
}

/** Whether anybody said anything in a project; in any, without one. */
export async function hasStatements(manager: EntityManager, projectId: string | null): Promise<boolean> {
  const [{ has }] = await manager.query(
    'SELECT EXISTS (SELECT FROM vex_document WHERE $1::uuid IS NULL OR project_id = $1) AS has',
    [projectId],
  );
  return has;
}

/**
 * Gives the findings of a scope the statements that count for them, and tells what that changes. Nothing is written
 * where nothing changes. Who calls it sees to it that neither statements nor findings come meanwhile: `lockJudging`.
 */
export async function applyVex(manager: EntityManager, scope: VexScope, decide: VexDecider): Promise<VexEffect> {
  const effect = { ...NO_EFFECT };
  const statements = new StatementsByName(manager);
  // All are fetched, and what is fetched stays as it is while findings change.
  await manager.query('SET LOCAL cursor_tuple_fraction = 1');
  await manager.query(`DECLARE vex_candidate NO SCROLL CURSOR FOR ${scope.ids}`, scope.parameters);
  for (;;) {
    const ids: { id: string }[] = await manager.query(`FETCH ${PAGE} FROM vex_candidate`);
    const page: Candidate[] = await manager.query(SELECT, [ids.map(({ id }) => id)]);
    await statements.load(page.map((candidate) => [candidate.project_id, namesOf(candidate)]));
    const changes: Change[] = [];
    let since = performance.now();
    for (const candidate of page) {
      const change = changeOf(candidate, scope, statements, decide);
      if (change) changes.push(change);
      if (performance.now() - since < SLICE_MS) continue;
      await nextTurn();
      since = performance.now();
    }
    await write(manager, scope, changes);
    for (const change of changes) effect[kindOf(change)] += 1;
    if (ids.length < PAGE) break;
  }
  await manager.query('CLOSE vex_candidate');
  return effect;
}

function changeOf(
  candidate: Candidate,
  scope: VexScope,
  statements: StatementsByName,
  decide: VexDecider,
): Change | null {
  const known = statements.naming(candidate.project_id, namesOf(candidate));
  const decided = known.length === 0 ? null : decide(subjectOf(candidate, scope), known);
  const vex = decided && findingVex(decided.statement);
  const suppressed = decided?.suppresses ?? false;
  return suppressed === candidate.suppressed && isSame(candidate.vex, vex) ? null : { candidate, vex, suppressed };
}

const SELECT = `SELECT f.id, f.project_id, f.target_id, f.rule_id, f.status, f.suppressed, f.vex,
    coalesce(m.detail, f.detail) -> 'aliases' AS aliases, coalesce(m.detail, f.detail) -> 'package' AS package,
    t.reference, t.name, s.image_digest, n.digest AS inventory_digest, i.distribution
  FROM finding f JOIN target t ON t.id = f.target_id LEFT JOIN package_match m ON m.id = f.match_id
    LEFT JOIN scan s ON s.id = t.last_scan_id LEFT JOIN inventory n ON n.id = t.inventory_id
    LEFT JOIN inventory i ON i.id = coalesce(f.inventory_id, t.inventory_id)
  WHERE f.id = ANY($1::uuid[]) AND f.kind = 'vulnerability' AND f.status <> 'fixed'`;

function namesOf({ rule_id, aliases }: Candidate): string[] {
  return [rule_id, ...(aliases ?? [])];
}

function subjectOf(candidate: Candidate, { imageDigest = candidate.image_digest }: VexScope): VexSubject {
  const { reference, name, distribution, inventory_digest: inventoryDigest } = candidate;
  return {
    vulnerabilities: namesOf(candidate),
    package: candidate.package,
    distribution,
    image: { reference, name, digests: imageDigests(reference, imageDigest, inventoryDigest) },
  };
}

/** Everything that an image is known by whatever its name: the digests of its manifest, its reference, and its facts. */
export function imageDigests(
  reference: string,
  imageDigest: string | null,
  inventoryDigest: string | null,
): readonly string[] {
  const [, named = null] = /@(sha256:[0-9a-f]{64})$/.exec(reference) ?? [];
  return [imageDigest, named, inventoryDigest].filter((digest) => digest !== null);
}

/** As PostgreSQL gives back what was stored. */
function isSame(stored: object | null, vex: FindingVex | null): boolean {
  if (stored === null || vex === null) return stored === vex;
  const next = Object.entries(JSON.parse(jsonb(vex)));
  return next.every(([key, value]) => (stored as Record<string, unknown>)[key] === value);
}

function kindOf({ candidate, suppressed }: Change): keyof VexEffect {
  if (suppressed === candidate.suppressed) return 'annotated';
  return suppressed ? 'suppressed' : 'restored';
}

const EVENTS = {
  suppressed: 'finding.suppressed',
  restored: 'finding.unsuppressed',
  annotated: 'finding.changed',
} as const;

async function write(manager: EntityManager, { actor, scanId }: VexScope, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  await manager.query(
    `UPDATE finding SET suppressed = c.suppressed, vex = c.vex
     FROM jsonb_to_recordset($1::jsonb) AS c(id uuid, suppressed boolean, vex jsonb) WHERE finding.id = c.id`,
    [jsonb(changes.map(({ candidate, suppressed, vex }) => ({ id: candidate.id, suppressed, vex })))],
  );
  const events = new Map<string, NewEvent[]>();
  for (const change of changes) {
    const { candidate, suppressed, vex } = change;
    const ofProject = events.get(candidate.project_id) ?? [];
    events.set(candidate.project_id, ofProject);
    ofProject.push({
      type: EVENTS[kindOf(change)],
      actor,
      subject: `finding/${candidate.id}`,
      scanId,
      targetId: candidate.target_id,
      findingId: candidate.id,
      data: {
        kind: 'vulnerability',
        ruleId: candidate.rule_id,
        status: suppressed ? 'suppressed' : candidate.status,
        purl: candidate.package.purl,
        cause: 'vex',
        vex,
      },
    });
  }
  for (const [projectId, list] of events) await appendToOutbox(manager, projectId, list);
}
