import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { decideVex } from '../engine/vex/applies.js';
import { readVex } from '../engine/vex/read-vex.js';
import type { Page, PageRequest } from '../model/page.js';
import type { Principal } from '../model/principal.js';
import type { StoredVexDocument, VexEffect, VexImport, VexStatement } from '../model/vex.js';
import { VexStore } from '../store/vex.store.js';

/** What vendors and operators say of vulnerabilities, and what that does to findings. */
@Injectable()
export class VexService {
  constructor(private readonly store: VexStore) {}

  /**
   * @param json untrusted
   * @throws PlimsollError `vex_invalid`, and `conflict` for a document that is older than what is here
   */
  import(p: Principal, json: unknown): Promise<VexImport> {
    const document = readVex(json);
    const digest = createHash('sha256').update(JSON.stringify(json)).digest('hex');
    return this.store.import(p, document, `sha256:${digest}`, decideVex);
  }

  list(p: Principal, page: PageRequest): Promise<Page<StoredVexDocument>> {
    return this.store.list(p.projectId, page);
  }

  /** @throws PlimsollError `not_found` */
  get(p: Principal, id: string): Promise<StoredVexDocument> {
    return this.store.get(p.projectId, id);
  }

  /** @throws PlimsollError `not_found` */
  statements(p: Principal, id: string, page: PageRequest): Promise<Page<VexStatement>> {
    return this.store.statements(p.projectId, id, page);
  }

  /** @throws PlimsollError `not_found` */
  delete(p: Principal, id: string): Promise<VexEffect> {
    return this.store.delete(p, id, decideVex);
  }
}
