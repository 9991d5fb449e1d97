import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { EntityManager } from 'typeorm';
import type { BenchmarkReport } from '../model/benchmark.js';
import type { ControlResult } from '../model/control.js';
import { jsonb } from './jsonb.js';
import { uuidv7 } from './uuid.js';

/** Stores what controls said, inside the caller's transaction; the same results once, whoever has them again. */
export async function storeControlReport(
  manager: EntityManager,
  projectId: string,
  { controls, benchmarks }: { controls: readonly ControlResult[]; benchmarks: readonly BenchmarkReport[] },
): Promise<string> {
  const digest = `sha256:${createHash('sha256')
    .update(canonicalize({ controls, benchmarks }) ?? '')
    .digest('hex')}`;
  const id = uuidv7();
  const inserted = await manager.query(
    `INSERT INTO control_report (id, project_id, digest) VALUES ($1, $2, $3)
     ON CONFLICT ON CONSTRAINT control_report_digest_key DO NOTHING RETURNING id`,
    [id, projectId, digest],
  );
  if (inserted.length === 0) {
    const [row] = await manager.query('SELECT id FROM control_report WHERE project_id = $1 AND digest = $2', [
      projectId,
      digest,
    ]);
    return row.id;
  }
  await manager.query(
    `INSERT INTO control_result (report_id, project_id, ordinal, control_id, status, detail)
     SELECT $1, $2, c.ordinal, c.id, c.status, c.detail
     FROM jsonb_to_recordset($3::jsonb) AS c(ordinal int, id text, status text, detail jsonb)`,
    [
      id,
      projectId,
      jsonb(controls.map(({ id: control, status, ...detail }, ordinal) => ({ ordinal, id: control, status, detail }))),
    ],
  );
  await manager.query(
    `INSERT INTO benchmark_report (report_id, project_id, name, detail)
     SELECT $1, $2, b.name, b.detail FROM jsonb_to_recordset($3::jsonb) AS b(name text, detail jsonb)`,
    [id, projectId, jsonb(benchmarks.map(({ name, ...detail }) => ({ name, detail })))],
  );
  return id;
}
