import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { PlimsollError } from '../model/error.js';
import type { EventType } from '../model/event.js';
import type { Page, PageRequest } from '../model/page.js';
import type { Principal } from '../model/principal.js';
import type { Registry } from '../model/registry.js';
import { decodeCursor, pageOf } from './cursor.js';
import { Database } from './database.js';
import { appendToOutbox } from './outbox.js';

/** A registry's settings with its credentials, which only their key opens. */
export interface StoredRegistry extends Registry {
  /** Null for none. */
  sealed: Buffer | null;
}

export type NewRegistry = Omit<StoredRegistry, 'createdAt' | 'updatedAt'>;

const COLUMNS = 'id, host, authentication, sealed, mirrors, ca, insecure, created_at, updated_at';

/** More than any project has. */
const MAX_REGISTRIES = 1_000;

@Injectable()
export class RegistryStore {
  constructor(private readonly database: Database) {}

  /** @throws PlimsollError `conflict` for a host that has settings already */
  create(p: Principal, registry: NewRegistry): Promise<Registry> {
    return this.database.transaction(async (manager) => {
      const { id, host, authentication, sealed, mirrors, ca, insecure } = registry;
      await manager.query('SELECT FROM project WHERE id = $1 FOR UPDATE', [p.projectId]);
      const [{ count }] = await manager.query('SELECT count(*)::int FROM registry WHERE project_id = $1', [
        p.projectId,
      ]);
      if (count >= MAX_REGISTRIES) {
        throw new PlimsollError('conflict', `There are ${count} registries already, which is the most: delete one.`);
      }
      const [row] = await manager.query(
        `INSERT INTO registry (id, project_id, host, authentication, sealed, mirrors, ca, insecure, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, date_trunc('milliseconds', now()), date_trunc('milliseconds', now()))
         ON CONFLICT ON CONSTRAINT registry_host_key DO NOTHING RETURNING ${COLUMNS}`,
        [id, p.projectId, host, authentication, sealed, mirrors, ca, insecure],
      );
      if (!row) {
        throw new PlimsollError('conflict', `There are settings for ${host} already: change those, or delete them.`);
      }
      const data = { host, authentication, mirrors, insecure, ca: ca !== null };
      await tell(manager, p, id, 'registry.created', data);
      return registryOf(row);
    });
  }

  async list(projectId: string, page: PageRequest): Promise<Page<Registry>> {
    const [after = null] = page.cursor ? decodeCursor(page.cursor, ['string']) : [];
    const rows = await this.database.query(
      `SELECT ${COLUMNS} FROM registry WHERE project_id = $1 AND ($2::text IS NULL OR host COLLATE "C" > $2)
       ORDER BY host COLLATE "C" LIMIT $3`,
      [projectId, after, page.limit + 1],
    );
    return pageOf(rows, page.limit, registryOf, (row) => [row.host]);
  }

  /** Those of some hosts, with credentials. */
  async access(projectId: string, hosts: readonly string[]): Promise<StoredRegistry[]> {
    const rows = await this.database.query(
      `SELECT ${COLUMNS} FROM registry WHERE project_id = $1 AND host = ANY($2::text[])`,
      [projectId, hosts],
    );
    return rows.map(storedOf);
  }

  /** @throws PlimsollError `not_found` */
  async get(projectId: string, id: string): Promise<Registry> {
    const [row] = await this.database.query(`SELECT ${COLUMNS} FROM registry WHERE project_id = $1 AND id = $2`, [
      projectId,
      id,
    ]);
    if (!row) throw noRegistry(id);
    return registryOf(row);
  }

  /**
   * Changes settings as they are when nobody else changes them.
   *
   * @param change from the present settings to the new ones, and what to call the changes in the event
   * @throws PlimsollError `not_found`, and what `change` throws
   */
  update(
    p: Principal,
    id: string,
    change: (present: StoredRegistry) => { next: StoredRegistry; changed: string[] },
  ): Promise<Registry> {
    return this.database.transaction(async (manager) => {
      const [row] = await manager.query(
        `SELECT ${COLUMNS} FROM registry WHERE project_id = $1 AND id = $2 FOR UPDATE`,
        [p.projectId, id],
      );
      if (!row) throw noRegistry(id);
      const { next, changed } = change(storedOf(row));
      if (changed.length === 0) return registryOf(row);
      const { authentication, sealed, mirrors, ca, insecure } = next;
      const [[updated]] = await manager.query(
        `UPDATE registry SET authentication = $2, sealed = $3, mirrors = $4, ca = $5, insecure = $6,
           updated_at = date_trunc('milliseconds', now()) WHERE id = $1 RETURNING ${COLUMNS}`,
        [id, authentication, sealed, mirrors, ca, insecure],
      );
      const data = { host: next.host, changed, authentication, mirrors, insecure, ca: ca !== null };
      await tell(manager, p, id, 'registry.updated', data);
      return registryOf(updated);
    });
  }

  /** @throws PlimsollError `not_found` */
  delete(p: Principal, id: string): Promise<void> {
    return this.database.transaction(async (manager) => {
      const [[row]] = await manager.query('DELETE FROM registry WHERE project_id = $1 AND id = $2 RETURNING host', [
        p.projectId,
        id,
      ]);
      if (!row) throw noRegistry(id);
      await tell(manager, p, id, 'registry.deleted', { host: row.host });
    });
  }
}

function tell(
  manager: EntityManager,
  p: Principal,
  id: string,
  type: EventType,
  data: Record<string, unknown>,
): Promise<void> {
  const about = { subject: `registry/${id}`, scanId: null, targetId: null, findingId: null };
  return appendToOutbox(manager, p.projectId, [{ type, actor: p.actor, ...about, data }]);
}

function noRegistry(id: string): PlimsollError {
  return new PlimsollError('not_found', `There is no registry ${id}.`);
}

// biome-ignore lint/suspicious/noExplicitAny: a row has the form that COLUMNS gives it
function storedOf(row: any): StoredRegistry {
  return { ...registryOf(row), sealed: row.sealed };
}

// biome-ignore lint/suspicious/noExplicitAny: a row has the form that COLUMNS gives it
function registryOf(row: any): Registry {
  return {
    id: row.id,
    host: row.host,
    authentication: row.authentication,
    mirrors: row.mirrors,
    ca: row.ca,
    insecure: row.insecure,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
