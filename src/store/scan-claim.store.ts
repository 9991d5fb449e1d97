import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { EventType } from '../model/event.js';
import type { Scan, ScanProgress } from '../model/scan.js';
import { Database } from './database.js';
import { appendToOutbox } from './outbox.js';
import { SCAN_SELECT, scanOf } from './scan-row.js';

/** A scan that a worker holds. Writes name the fence, and are refused once it is not the current one. */
export interface ClaimedScan {
  scan: Scan;
  projectId: string;
  fence: number;
  /** How often work on it was begun, this time included; work that was handed back does not count. */
  attempt: number;
}

/** What the queue may have lost. */
interface Stranded extends Pick<Scan, 'id' | 'trigger' | 'priority'> {
  fence: number;
}

/** Whether a worker that is not silent scans the target of `scan` by another scan. */
const TARGET_IS_BUSY = `EXISTS (SELECT FROM scan other
  WHERE other.target_id = scan.target_id AND other.id <> scan.id AND other.status = 'running' AND other.lease_expires_at >= now())`;

/** Whether it is not put off. */
const IS_WANTED = '(scan.retry_at IS NULL OR scan.retry_at <= now())';

/** A worker's hold on scans: claim, lease, end. */
@Injectable()
export class ScanClaimStore {
  constructor(private readonly database: Database) {}

  /**
   * Takes a scan that waits, or whose worker has been silent for longer than its lease. One whose target is being scanned
   * goes back to wait: the sweeper delivers it again when that scan has ended.
   */
  claim(id: string, worker: string, leaseSeconds: number): Promise<ClaimedScan | null> {
    return this.database.transaction(async (manager) => {
      // Two scans of one target are claimed one after the other, so that the second sees the first.
      await manager.query(
        `SELECT pg_advisory_xact_lock(hashtextextended('scan-of/' || target_id, 0)) FROM scan WHERE id = $1`,
        [id],
      );
      const [[waits]] = await manager.query(
        `UPDATE scan SET enqueued_at = NULL WHERE id = $1 AND status = 'queued' AND ${TARGET_IS_BUSY} RETURNING id`,
        [id],
      );
      if (waits) return null;
      const [rows] = await manager.query(
        `UPDATE scan SET status = 'running', phase = 'reading', percent = 0, worker = $2, fence = fence + 1, attempt = attempt + 1,
           error_code = NULL, error_message = NULL, lease_expires_at = now() + make_interval(secs => $3), started_at = coalesce(started_at, now())
         WHERE id = $1 AND ((status = 'queued' AND ${IS_WANTED}) OR (status = 'running' AND lease_expires_at < now()))
           AND NOT ${TARGET_IS_BUSY}
         RETURNING fence, attempt, project_id`,
        [id, worker, leaseSeconds],
      );
      const [row] = rows;
      if (!row) return null;
      const scan = scanOf((await manager.query(`${SCAN_SELECT} WHERE s.id = $1`, [id]))[0]);
      // Told once, however often the work had to be begun.
      if (row.fence === 1) await this.tell(manager, row.project_id, scan, 'scan.started', {});
      return { scan, projectId: row.project_id, fence: row.fence, attempt: row.attempt };
    });
  }

  /** Renews the lease and writes progress. */
  async heartbeat(
    id: string,
    fence: number,
    { phase, percent }: ScanProgress,
    leaseSeconds: number,
  ): Promise<'ok' | 'cancel_requested' | 'lost'> {
    const [[row]] = (await this.database.query(
      `UPDATE scan SET phase = $3, percent = $4, lease_expires_at = now() + make_interval(secs => $5)
       WHERE id = $1 AND fence = $2 AND status = 'running' RETURNING cancel_requested`,
      [id, fence, phase, percent, leaseSeconds],
    )) as unknown as [{ cancel_requested: boolean }[]];
    if (!row) return 'lost';
    return row.cancel_requested ? 'cancel_requested' : 'ok';
  }

  /** Puts a running scan back into the queue, as if it had not been begun. */
  async handBack(id: string, fence: number): Promise<void> {
    await this.database.query(
      `UPDATE scan SET status = 'queued', phase = 'waiting', percent = 0, lease_expires_at = NULL, enqueued_at = NULL,
         attempt = attempt - 1
       WHERE id = $1 AND fence = $2 AND status = 'running'`,
      [id, fence],
    );
  }

  /**
   * Puts off a scan that failed for what may pass: by 30 s, then 2 and 8 minutes, a quarter more or less by chance. Until
   * it is begun again it keeps the error.
   *
   * @returns false when it has failed `limit` times already, was cancelled, or is another worker's
   */
  retry(claim: ClaimedScan, error: { code: string; message: string }, limit: number): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      const [[row]] = await manager.query(
        `UPDATE scan SET status = 'queued', phase = 'waiting', percent = 0, lease_expires_at = NULL, enqueued_at = NULL,
           attempt = attempt - 1, retries = retries + 1, error_code = $3, error_message = $4,
           retry_at = now() + make_interval(secs => 30 * 4 ^ retries * (0.75 + random() / 2))
         WHERE id = $1 AND fence = $2 AND status = 'running' AND NOT cancel_requested AND retries < $5
         RETURNING retries, retry_at`,
        [claim.scan.id, claim.fence, error.code, error.message.replaceAll('\0', ''), limit],
      );
      if (!row) return false;
      const data = { ...error, retry: row.retries, retryAt: row.retry_at };
      await this.tell(manager, claim.projectId, claim.scan, 'scan.retried', data);
      return true;
    });
  }

  /** False when the claim is no longer the current one. */
  fail(claim: ClaimedScan, error: { code: string; message: string }): Promise<boolean> {
    return this.end(claim, 'failed', error);
  }

  markCancelled(claim: ClaimedScan): Promise<boolean> {
    return this.end(claim, 'cancelled', null);
  }

  async markEnqueued(ids: readonly string[]): Promise<void> {
    await this.database.query('UPDATE scan SET enqueued_at = now() WHERE id = ANY($1::uuid[])', [ids]);
  }

  /** Scans that the queue may have lost: never enqueued, waiting for long, or with a worker that is silent. */
  stranded(olderThanSeconds: number, limit: number): Promise<Stranded[]> {
    return this.database.query(
      `SELECT id, trigger, priority, fence FROM scan
       WHERE NOT ${TARGET_IS_BUSY} AND ((status = 'queued' AND ${IS_WANTED} AND (enqueued_at IS NULL AND created_at < now() - interval '1 second' OR enqueued_at < now() - make_interval(secs => $1)))
          OR (status = 'running' AND lease_expires_at < now() AND
              (enqueued_at IS NULL OR enqueued_at < lease_expires_at OR enqueued_at < now() - make_interval(secs => $1))))
       ORDER BY trigger <> 'api', priority, id LIMIT $2`,
      [olderThanSeconds, limit],
    );
  }

  /** Ends every lease: for a service that knows that no other worker exists. */
  async releaseLeases(): Promise<number> {
    const [, released] = (await this.database.query(
      `UPDATE scan SET lease_expires_at = now(), enqueued_at = NULL WHERE status = 'running'`,
    )) as unknown as [unknown[], number];
    await this.database.query(`UPDATE schedule_run SET lease_expires_at = now() WHERE status = 'listing'`);
    return released;
  }

  private end(
    claim: ClaimedScan,
    status: 'failed' | 'cancelled',
    error: { code: string; message: string } | null,
  ): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      const [rows] = await manager.query(
        `UPDATE scan SET status = $3, phase = 'done', finished_at = now(), lease_expires_at = NULL, error_code = $4, error_message = $5
         WHERE id = $1 AND fence = $2 AND status = 'running' RETURNING id`,
        [claim.scan.id, claim.fence, status, error?.code ?? null, error?.message.replaceAll('\0', '') ?? null],
      );
      if (rows.length === 0) return false;
      await this.tell(manager, claim.projectId, claim.scan, `scan.${status}`, error ? { ...error } : {});
      return true;
    });
  }

  private tell(
    manager: EntityManager,
    projectId: string,
    scan: Scan,
    type: EventType,
    data: Record<string, unknown>,
  ): Promise<void> {
    return appendToOutbox(manager, projectId, [
      {
        type,
        actor: 'system',
        subject: `scan/${scan.id}`,
        scanId: scan.id,
        targetId: scan.target.id,
        findingId: null,
        data,
      },
    ]);
  }
}
