import { Injectable } from '@nestjs/common';
import { PlimsollError } from '../model/error.js';
import type { Principal } from '../model/principal.js';
import type { Upload } from '../model/upload.js';
import { Database } from './database.js';
import { appendToOutbox } from './outbox.js';

@Injectable()
export class UploadStore {
  constructor(private readonly database: Database) {}

  insert(p: Principal, upload: Upload): Promise<void> {
    return this.database.transaction(async (manager) => {
      await manager.query(
        `INSERT INTO upload (id, project_id, size, digest, filename, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [upload.id, p.projectId, upload.size, upload.digest, upload.filename, upload.createdAt, upload.expiresAt],
      );
      await appendToOutbox(manager, p.projectId, [
        {
          type: 'upload.created',
          actor: p.actor,
          subject: `upload/${upload.id}`,
          scanId: null,
          targetId: null,
          findingId: null,
          data: { size: upload.size, digest: upload.digest },
        },
      ]);
    });
  }

  /** @throws PlimsollError `upload_not_found` */
  async get(projectId: string, id: string): Promise<Upload> {
    const [row] = await this.database.query(
      `SELECT id, size::float8 AS size, digest, filename, created_at, expires_at FROM upload
       WHERE project_id = $1 AND id = $2`,
      [projectId, id],
    );
    if (!row) {
      throw new PlimsollError(
        'upload_not_found',
        `There is no upload ${id}: it never was, or it has expired. Upload the file again.`,
      );
    }
    const { size, digest, filename, created_at: createdAt, expires_at: expiresAt } = row;
    return { id, size, digest, filename, createdAt, expiresAt };
  }

  /** Forgets uploads that have expired, unless a scan still wants one; answers their ids. */
  async deleteExpired(now: Date): Promise<string[]> {
    const [rows] = (await this.database.query(
      `DELETE FROM upload u WHERE expires_at < $1 AND NOT EXISTS (
         SELECT FROM scan s WHERE s.reference = 'upload:' || u.id AND s.status IN ('queued', 'running'))
       RETURNING id`,
      [now],
    )) as unknown as [{ id: string }[], number];
    return rows.map(({ id }) => id);
  }
}
