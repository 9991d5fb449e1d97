import type { EntityManager } from 'typeorm';
import type { SourcedStatement } from '../model/vex.js';
import type { Database } from './database.js';

/** A statement with its place, so that of equals always the same one comes first. */
type PlacedStatement = SourcedStatement & { place: string };

/** What every read of statements selects. */
export const STATEMENT_SELECT = `SELECT s.ordinal, s.vulnerabilities, s.status, s.justification, s.detail, s.time, s.products,
    s.document_id, d.document_id AS document, d.author
  FROM vex_statement s JOIN vex_document d ON d.id = s.document_id`;

/** Statements that are kept at once, and names whose statements are. */
const MAX_KEPT = 20_000;

/** Statements by the names of vulnerabilities, read as they are needed. */
export class StatementsByName {
  private readonly kept = new Map<string, PlacedStatement[]>();
  /** Of what several names have together, by these. */
  private readonly merged = new Map<string, PlacedStatement[]>();
  private size = 0;

  constructor(private readonly source: Pick<EntityManager, 'query'> | Database) {}

  async load(wanted: readonly (readonly [projectId: string, names: readonly string[]])[]): Promise<void> {
    if (this.size > MAX_KEPT) {
      this.kept.clear();
      this.merged.clear();
      this.size = 0;
    }
    const missing = new Map<string, Set<string>>();
    for (const [projectId, names] of wanted) {
      for (const name of names) {
        if (this.kept.has(keyOf(projectId, name))) continue;
        const ofProject = missing.get(projectId) ?? new Set();
        missing.set(projectId, ofProject.add(name));
      }
    }
    for (const [projectId, names] of missing) await this.read(projectId, [...names]);
  }

  /** Of what was loaded; each once, always in the same order, and the same list while it is kept. */
  naming(projectId: string, names: readonly string[]): readonly SourcedStatement[] {
    const keys = names.map((name) => keyOf(projectId, name)).filter((key) => (this.kept.get(key)?.length ?? 0) > 0);
    const [first] = keys;
    if (first === undefined) return [];
    if (keys.length === 1) return this.kept.get(first) ?? [];
    const known = this.merged.get(keys.join('\n'));
    if (known) return known;
    const byPlace = new Map(
      keys.flatMap((key) => this.kept.get(key) ?? []).map((statement) => [statement.place, statement]),
    );
    const list = [...byPlace.values()].sort((a, b) => (a.place < b.place ? -1 : 1));
    this.merged.set(keys.join('\n'), list);
    this.size += list.length;
    return list;
  }

  private async read(projectId: string, names: readonly string[]): Promise<void> {
    const asked = new Set(names);
    for (const name of names) this.kept.set(keyOf(projectId, name), []);
    this.size += names.length;
    const rows = await this.source.query(
      `${STATEMENT_SELECT} WHERE s.project_id = $1 AND s.vulnerabilities && $2::text[] ORDER BY s.document_id, s.ordinal`,
      [projectId, names],
    );
    for (const row of rows) {
      const statement = { ...statementOf(row), place: `${row.document_id} ${String(row.ordinal).padStart(6, '0')}` };
      for (const name of statement.vulnerabilities) {
        if (!asked.has(name)) continue;
        this.kept.get(keyOf(projectId, name))?.push(statement);
        this.size += 1 + statement.products.length;
      }
    }
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a row has the form that STATEMENT_SELECT gives it
export function statementOf(row: any): SourcedStatement {
  return {
    vulnerabilities: row.vulnerabilities,
    products: row.products,
    status: row.status,
    justification: row.justification,
    detail: row.detail,
    time: row.time,
    documentId: row.document_id,
    document: row.document,
    author: row.author,
  };
}

function keyOf(projectId: string, name: string): string {
  return `${projectId} ${name}`;
}
