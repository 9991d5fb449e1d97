import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { PlimsollError } from '../model/error.js';
import type { NewEvent } from '../model/event.js';
import type { Package } from '../model/package.js';
import type { Page, PageRequest } from '../model/page.js';
import type { Principal } from '../model/principal.js';
import type { Scan, ScanOptions, ScanStatus, ScanTrigger } from '../model/scan.js';
import type { TargetKind } from '../model/target.js';
import { decodeCursor, pageOf } from './cursor.js';
import { Database } from './database.js';
import { jsonb } from './jsonb.js';
import { appendToOutbox } from './outbox.js';
import { PACKAGE_SELECT, packageOf } from './package-row.js';
import { SCAN_SELECT, scanOf } from './scan-row.js';
import { uuidv7 } from './uuid.js';

export interface NewScan {
  kind: TargetKind;
  /** What makes it the same target as another; not always as the reference is written. */
  identity: string;
  reference: string;
  name: string | null;
  labels: Record<string, string>;
  options: ScanOptions;
  priority: number;
  trigger: ScanTrigger;
}

export interface NewestScan {
  id: string;
  status: ScanStatus;
}

export interface Idempotency {
  key: string;
  requestHash: string;
}

/** What a client asks about scans. What a worker does with them is in `scan-claim.store.ts`. */
@Injectable()
export class ScanStore {
  constructor(private readonly database: Database) {}

  /**
   * Registers the target, if it is new, and the scan. The same idempotency key and request answer the first scan.
   *
   * @throws PlimsollError `idempotency_key_reused` for the same key with another request
   */
  create(p: Principal, input: NewScan, idempotency: Idempotency | null): Promise<{ scan: Scan; created: boolean }> {
    return this.database.transaction(async (manager) => {
      if (idempotency) {
        const earlier = await this.replay(manager, p.projectId, idempotency);
        if (earlier) return { scan: earlier, created: false };
      }
      const id = await this.insert(manager, p, input);
      if (idempotency) {
        await manager.query(
          'INSERT INTO idempotency_key (project_id, key, request_hash, scan_id) VALUES ($1, $2, $3, $4)',
          [p.projectId, idempotency.key, idempotency.requestHash, id],
        );
      }
      return { scan: await this.read(manager, p.projectId, id), created: true };
    });
  }

  /**
   * Registers a scan, unless its target has ever had one.
   *
   * @returns the scan's id; null where there was one
   */
  createOnce(p: Principal, input: NewScan): Promise<string | null> {
    return this.database.transaction(async (manager) => {
      // Two hosts that run the same image come in order.
      const name = `${p.projectId}/${input.kind}/${input.identity}`;
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
      const [earlier] = await manager.query(
        `SELECT FROM target t JOIN scan s ON s.target_id = t.id
         WHERE t.project_id = $1 AND t.kind = $2 AND t.identity = $3 LIMIT 1`,
        [p.projectId, input.kind, input.identity],
      );
      return earlier ? null : this.insert(manager, p, input);
    });
  }

  /** The newest scan of each image that is a target by one of these identities, whatever became of it. */
  async newestOf(projectId: string, identities: readonly string[]): Promise<Map<string, NewestScan>> {
    const rows = await this.database.query(
      `SELECT DISTINCT ON (t.id) t.identity, s.id, s.status FROM target t JOIN scan s ON s.target_id = t.id
       WHERE t.project_id = $1 AND t.kind = 'image' AND t.identity = ANY($2) ORDER BY t.id, s.id DESC`,
      [projectId, identities],
    );
    return new Map(rows.map(({ identity, ...scan }) => [identity, scan]));
  }

  get(projectId: string, id: string): Promise<Scan> {
    return this.read(this.database, projectId, id);
  }

  /** Newest first. */
  async list(
    projectId: string,
    filter: { targetId?: string; status?: ScanStatus },
    page: PageRequest,
  ): Promise<Page<Scan>> {
    const [before = null] = page.cursor ? decodeCursor(page.cursor, ['uuid']) : [];
    const rows = await this.database.query(
      `${SCAN_SELECT} WHERE s.project_id = $1 AND ($2::uuid IS NULL OR s.target_id = $2) AND ($3::text IS NULL OR s.status = $3)
         AND ($4::uuid IS NULL OR s.id < $4)
       ORDER BY s.id DESC LIMIT $5`,
      [projectId, filter.targetId ?? null, filter.status ?? null, before, page.limit + 1],
    );
    return pageOf(rows, page.limit, scanOf, (row) => [row.id]);
  }

  /** The inventory that a scan found, by purl; empty until it has one. */
  async packages(projectId: string, scanId: string, page: PageRequest): Promise<Page<Package>> {
    const [scan] = await this.database.query('SELECT inventory_id FROM scan WHERE project_id = $1 AND id = $2', [
      projectId,
      scanId,
    ]);
    if (!scan) throw noScan(scanId);
    const [after = -1] = page.cursor ? decodeCursor(page.cursor, ['number']) : [];
    const rows = await this.database.query(
      `${PACKAGE_SELECT} WHERE i.inventory_id = $1 AND i.ordinal > $2 ORDER BY i.ordinal LIMIT $3`,
      [scan.inventory_id, after, page.limit + 1],
    );
    return pageOf(rows, page.limit, packageOf, (row) => [row.ordinal]);
  }

  /** A queued scan ends at once, a running one as soon as its worker hears of it. */
  cancel(p: Principal, id: string): Promise<Scan> {
    return this.database.transaction(async (manager) => {
      const [scan] = await manager.query(
        'SELECT status, target_id FROM scan WHERE project_id = $1 AND id = $2 FOR UPDATE',
        [p.projectId, id],
      );
      if (!scan) throw noScan(id);
      if (scan.status === 'running') {
        await manager.query('UPDATE scan SET cancel_requested = true WHERE id = $1', [id]);
      } else if (scan.status === 'queued') {
        await manager.query(
          `UPDATE scan SET status = 'cancelled', phase = 'done', finished_at = now(), cancel_requested = true,
             error_code = NULL, error_message = NULL WHERE id = $1`,
          [id],
        );
        await appendToOutbox(manager, p.projectId, [
          {
            type: 'scan.cancelled',
            actor: p.actor,
            subject: `scan/${id}`,
            scanId: id,
            targetId: scan.target_id,
            findingId: null,
            data: {},
          },
        ]);
      } else if (scan.status !== 'cancelled') {
        throw new PlimsollError('scan_not_cancellable', `Scan ${id} has ended already: it is ${scan.status}.`);
      }
      return this.read(manager, p.projectId, id);
    });
  }

  private async insert(manager: EntityManager, p: Principal, input: NewScan): Promise<string> {
    const target = await this.upsertTarget(manager, p, input);
    const id = uuidv7();
    await manager.query(
      `INSERT INTO scan (id, project_id, target_id, reference, trigger, options, priority, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, date_trunc('milliseconds', now()))`,
      [id, p.projectId, target.id, input.reference, input.trigger, jsonb(input.options), input.priority],
    );
    const about = { actor: p.actor, targetId: target.id, findingId: null };
    const { kind, reference, name } = input;
    const events: NewEvent[] = [
      {
        ...about,
        type: 'scan.created',
        subject: `scan/${id}`,
        scanId: id,
        data: { reference, trigger: input.trigger },
      },
    ];
    if (target.created) {
      events.unshift({
        ...about,
        type: 'target.created',
        subject: `target/${target.id}`,
        scanId: null,
        data: { kind, reference, name },
      });
    }
    await appendToOutbox(manager, p.projectId, events);
    return id;
  }

  private async replay(
    manager: EntityManager,
    projectId: string,
    { key, requestHash }: Idempotency,
  ): Promise<Scan | null> {
    // Two requests with one key come in order.
    await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${projectId}/${key}`]);
    const [row] = await manager.query(
      'SELECT scan_id, request_hash FROM idempotency_key WHERE project_id = $1 AND key = $2',
      [projectId, key],
    );
    if (!row) return null;
    if (row.request_hash !== requestHash) {
      throw new PlimsollError(
        'idempotency_key_reused',
        'This Idempotency-Key came before with another request: use a new key.',
      );
    }
    return this.read(manager, projectId, row.scan_id);
  }

  private async upsertTarget(
    manager: EntityManager,
    p: Principal,
    input: NewScan,
  ): Promise<{ id: string; created: boolean }> {
    const { kind, identity, reference, name, labels } = input;
    const id = uuidv7();
    const [row] = await manager.query(
      `INSERT INTO target (id, project_id, kind, identity, reference, name, labels) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT ON CONSTRAINT target_identity_key DO UPDATE
         SET name = coalesce(excluded.name, target.name),
             labels = CASE WHEN excluded.labels = '{}' THEN target.labels ELSE excluded.labels END
       RETURNING id`,
      [id, p.projectId, kind, identity, reference, name, jsonb(labels)],
    );
    return { id: row.id, created: row.id === id };
  }

  private async read(source: Pick<EntityManager, 'query'> | Database, projectId: string, id: string): Promise<Scan> {
    const [row] = await source.query(`${SCAN_SELECT} WHERE s.project_id = $1 AND s.id = $2`, [projectId, id]);
    if (!row) throw noScan(id);
    return scanOf(row);
  }
}

function noScan(id: string): PlimsollError {
  return new PlimsollError('not_found', `There is no scan ${id}.`);
}
