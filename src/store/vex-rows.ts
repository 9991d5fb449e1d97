import type { EntityManager } from 'typeorm';
import type { Principal } from '../model/principal.js';
import type { StoredVexDocument, VexDocument, VexStatement } from '../model/vex.js';
import { jsonb } from './jsonb.js';
import { uuidv7 } from './uuid.js';

/** What every read of documents selects. */
export const COLUMNS = `id, format, document_id, author, time, digest, statement_count, rejected_count, rejected, created_at, updated_at,
  created_by`;

/** Statements, and characters of them about, that one INSERT brings. */
const BATCH = { statements: 1_000, characters: 4 * 1024 * 1024 };

/** @param id of the version that it takes the place of */
export async function storeDocument(
  manager: EntityManager,
  p: Principal,
  id: string | null,
  document: VexDocument,
  digest: string,
): Promise<StoredVexDocument> {
  if (id !== null) await manager.query('DELETE FROM vex_statement WHERE document_id = $1', [id]);
  const { format, id: documentId, author, time, statements, rejected, rejectedCount } = document;
  const [row] = await manager.query(
    `INSERT INTO vex_document (id, project_id, format, document_id, author, time, digest, statement_count, rejected_count, rejected,
       created_at, updated_at, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, date_trunc('milliseconds', now()), date_trunc('milliseconds', now()), $11)
     ON CONFLICT (id) DO UPDATE SET format = excluded.format, time = excluded.time, digest = excluded.digest,
       statement_count = excluded.statement_count, rejected_count = excluded.rejected_count, rejected = excluded.rejected,
       updated_at = excluded.updated_at, created_by = excluded.created_by
     RETURNING ${COLUMNS}`,
    [
      id ?? uuidv7(),
      p.projectId,
      format,
      documentId,
      author,
      time,
      digest,
      statements.length,
      rejectedCount,
      jsonb(rejected),
      p.actor,
    ],
  );
  return documentOf(row);
}

export async function storeStatements(
  manager: EntityManager,
  projectId: string,
  documentId: string,
  statements: readonly VexStatement[],
): Promise<void> {
  let batch: string[] = [];
  let size = 0;
  const flush = async () => {
    if (batch.length === 0) return;
    await manager.query(
      `INSERT INTO vex_statement (document_id, ordinal, project_id, vulnerabilities, status, justification, detail, time, products)
       SELECT $2, s.ordinal, $3, ARRAY(SELECT jsonb_array_elements_text(s.vulnerabilities)), s.status, s.justification, s.detail,
         s.time, s.products
       FROM jsonb_to_recordset($1::jsonb) AS s(ordinal int, vulnerabilities jsonb, status text, justification text, detail text,
         time timestamptz, products jsonb)`,
      [`[${batch.join(',')}]`, documentId, projectId],
    );
    batch = [];
    size = 0;
  };
  for (const [ordinal, statement] of statements.entries()) {
    const row = jsonb({ ordinal, ...statement });
    batch.push(row);
    size += row.length;
    if (batch.length >= BATCH.statements || size >= BATCH.characters) await flush();
  }
  await flush();
}

// biome-ignore lint/suspicious/noExplicitAny: a row has the form that COLUMNS gives it
export function documentOf(row: any): StoredVexDocument {
  return {
    id: row.id,
    format: row.format,
    documentId: row.document_id,
    author: row.author,
    time: row.time,
    digest: row.digest,
    statementCount: row.statement_count,
    rejectedCount: row.rejected_count,
    rejected: row.rejected,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    createdBy: row.created_by,
  };
}
