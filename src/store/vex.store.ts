import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { PlimsollError } from '../model/error.js';
import type { EventType } from '../model/event.js';
import type { Page, PageRequest } from '../model/page.js';
import type { Principal } from '../model/principal.js';
import type {
  SourcedStatement,
  StoredVexDocument,
  VexDecider,
  VexDocument,
  VexEffect,
  VexImport,
  VexStatement,
} from '../model/vex.js';
import { NO_EFFECT } from '../model/vex.js';
import { decodeCursor, pageOf } from './cursor.js';
import { Database } from './database.js';
import { lockJudging } from './judging-lock.js';
import { appendToOutbox } from './outbox.js';
import { applyVex } from './vex-apply.js';
import { COLUMNS, documentOf, storeDocument, storeStatements } from './vex-rows.js';
import { STATEMENT_SELECT, StatementsByName, statementOf } from './vex-statements.js';

/** What vendors and operators say of vulnerabilities. */
@Injectable()
export class VexStore {
  /** One at a time: others would hold connections that scans need to end, which an import waits for. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly database: Database) {}

  /**
   * Keeps a document, and gives findings what it says. It takes the place of the one of the same author with the same id.
   *
   * @throws PlimsollError `conflict` where that is newer
   */
  import(p: Principal, document: VexDocument, digest: string, decide: VexDecider): Promise<VexImport> {
    return this.alone((manager) => this.importOne(manager, p, document, digest, decide));
  }

  /**
   * Forgets a document: findings are again what they are without it.
   *
   * @throws PlimsollError `not_found`
   */
  delete(p: Principal, id: string, decide: VexDecider): Promise<VexEffect> {
    return this.alone(async (manager) => {
      await lockDocuments(manager, p.projectId);
      const [[row]] = await manager.query(
        `DELETE FROM vex_document WHERE project_id = $1 AND id = $2 RETURNING ${COLUMNS}`,
        [p.projectId, id],
      );
      if (!row) throw noDocument(id);
      await lockJudging(manager, 'exclusive');
      const effect = await this.apply(manager, p, id, [], decide);
      await tell(manager, p, 'vex.deleted', documentOf(row), effect);
      return effect;
    });
  }

  /** Newest first. */
  async list(projectId: string, page: PageRequest): Promise<Page<StoredVexDocument>> {
    const [before = null] = page.cursor ? decodeCursor(page.cursor, ['uuid']) : [];
    const rows = await this.database.query(
      `SELECT ${COLUMNS} FROM vex_document WHERE project_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
      [projectId, before, page.limit + 1],
    );
    return pageOf(rows, page.limit, documentOf, (row) => [row.id]);
  }

  /** @throws PlimsollError `not_found` */
  async get(projectId: string, id: string): Promise<StoredVexDocument> {
    const [row] = await this.database.query(`SELECT ${COLUMNS} FROM vex_document WHERE project_id = $1 AND id = $2`, [
      projectId,
      id,
    ]);
    if (!row) throw noDocument(id);
    return documentOf(row);
  }

  /**
   * As the document has them.
   *
   * @throws PlimsollError `not_found`
   */
  async statements(projectId: string, id: string, page: PageRequest): Promise<Page<VexStatement>> {
    await this.get(projectId, id);
    const [after = -1] = page.cursor ? decodeCursor(page.cursor, ['number']) : [];
    const rows = await this.database.query(
      `${STATEMENT_SELECT} WHERE s.document_id = $1 AND s.ordinal > $2 ORDER BY s.ordinal LIMIT $3`,
      [id, after, page.limit + 1],
    );
    return pageOf(rows, page.limit, statementOf, (row) => [row.ordinal]);
  }

  /** Every statement that names one of some vulnerabilities. */
  async naming(projectId: string, names: readonly string[]): Promise<readonly SourcedStatement[]> {
    const [{ has }] = await this.database.query(
      'SELECT EXISTS (SELECT FROM vex_document WHERE project_id = $1) AS has',
      [projectId],
    );
    if (!has || names.length === 0) return [];
    const distinct = [...new Set(names)];
    const statements = new StatementsByName(this.database);
    await statements.load([[projectId, distinct]]);
    return statements.naming(projectId, distinct);
  }

  private async importOne(
    manager: EntityManager,
    p: Principal,
    document: VexDocument,
    digest: string,
    decide: VexDecider,
  ): Promise<VexImport> {
    await lockDocuments(manager, p.projectId);
    const known = await this.known(manager, p.projectId, document, digest);
    if (known?.digest === digest) return { document: known, outcome: 'unchanged', effect: NO_EFFECT };
    if (known?.time && document.time && document.time < known.time) throw isOlder(document, known);
    const stored = await storeDocument(manager, p, known?.id ?? null, document, digest);
    await storeStatements(manager, p.projectId, stored.id, document.statements);
    // Only now, so that scans wait for the findings alone.
    await lockJudging(manager, 'exclusive');
    const names = [...new Set(document.statements.flatMap(({ vulnerabilities }) => vulnerabilities))];
    const effect = await this.apply(manager, p, stored.id, names, decide);
    await tell(manager, p, 'vex.imported', stored, effect);
    return { document: stored, outcome: known ? 'replaced' : 'created', effect };
  }

  private async known(
    manager: EntityManager,
    projectId: string,
    { id, author }: VexDocument,
    digest: string,
  ): Promise<StoredVexDocument | null> {
    const rows = await manager.query(
      `SELECT ${COLUMNS} FROM vex_document
       WHERE project_id = $1 AND (digest = $2 OR document_id = $3 AND author IS NOT DISTINCT FROM $4)`,
      [projectId, digest, id, author],
    );
    return rows[0] ? documentOf(rows[0]) : null;
  }

  /** Findings that show the document, and those that its statements name. */
  private async apply(
    manager: EntityManager,
    { projectId, actor }: Principal,
    documentId: string,
    names: readonly string[],
    decide: VexDecider,
  ): Promise<VexEffect> {
    const total = { ...NO_EFFECT };
    const scope = async (ids: string, parameters: unknown[]) => {
      const effect = await applyVex(manager, { ids, parameters, actor, scanId: null }, decide);
      for (const kind of ['suppressed', 'restored', 'annotated'] as const) total[kind] += effect[kind];
    };
    await scope(`SELECT id FROM finding WHERE project_id = $1 AND vex ->> 'documentId' = $2`, [projectId, documentId]);
    if (names.length > 0) await scope(NAMED, [projectId, names, await matchesByAlias(manager, names)]);
    return total;
  }

  private async alone<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const before = this.turn;
    const mine = before.then(() => this.database.transaction(work));
    this.turn = mine.catch(() => undefined);
    return mine;
  }
}

/** Names that matches are looked for by at once: more keys in one search of the index take longer than two searches. */
const ALIASES = 500;

/** Matches that have one of some names beside that of their rule. */
async function matchesByAlias(manager: EntityManager, names: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (let i = 0; i < names.length; i += ALIASES) {
    const rows: { id: string }[] = await manager.query(
      `SELECT id FROM package_match WHERE detail -> 'aliases' ?| $1::text[]`,
      [names.slice(i, i + ALIASES)],
    );
    for (const { id } of rows) found.push(id);
  }
  return found;
}

/**
 * By rule, by another name that the match tells, and by another name of what rests on no match. Those of one vulnerability
 * come together, so that its statements are read once.
 */
const NAMED = `
  SELECT id FROM (
    SELECT f.id, f.rule_id FROM unnest($2::text[]) AS n(name) JOIN finding f ON f.rule_id = n.name
    WHERE f.project_id = $1 AND f.kind = 'vulnerability' AND f.status <> 'fixed'
    UNION
    SELECT f.id, f.rule_id FROM package_match m JOIN finding f ON f.rule_id = m.rule_id AND f.match_id = m.id
    WHERE m.id = ANY($3::bigint[]) AND f.project_id = $1 AND f.status <> 'fixed'
    UNION
    SELECT f.id, f.rule_id FROM finding f JOIN LATERAL jsonb_array_elements_text(f.detail -> 'aliases') a(alias) ON true
    JOIN unnest($2::text[]) AS n(name) ON n.name = a.alias
    WHERE f.project_id = $1 AND f.kind = 'vulnerability' AND f.match_id IS NULL AND f.status <> 'fixed') named
  ORDER BY rule_id, id`;

/** Documents of a project come and go one after the other. Scans and passes over advisories never ask for this. */
async function lockDocuments(manager: EntityManager, projectId: string): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`vex/${projectId}`]);
}

function tell(
  manager: EntityManager,
  p: Principal,
  type: EventType,
  { id, format, documentId, author, time, digest, statementCount, rejectedCount }: StoredVexDocument,
  effect: VexEffect,
): Promise<void> {
  const about = { subject: `vex/${id}`, scanId: null, targetId: null, findingId: null };
  const data = {
    format,
    documentId,
    author,
    time,
    digest,
    statements: statementCount,
    rejected: rejectedCount,
    ...effect,
  };
  return appendToOutbox(manager, p.projectId, [{ type, actor: p.actor, ...about, data }]);
}

function noDocument(id: string): PlimsollError {
  return new PlimsollError('not_found', `There is no VEX document ${id}.`);
}

function isOlder({ time }: VexDocument, known: StoredVexDocument): PlimsollError {
  return new PlimsollError(
    'conflict',
    `The document ${known.documentId} is here as of ${known.time?.toISOString()} (${known.id}), and this is of ${time?.toISOString()}: send a newer one, or delete that first.`,
  );
}
