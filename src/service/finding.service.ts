import { Injectable } from '@nestjs/common';
import type { Finding } from '../model/finding.js';
import type { Page, PageRequest } from '../model/page.js';
import type { Principal } from '../model/principal.js';
import { type FindingFilter, FindingStore } from '../store/finding.store.js';

@Injectable()
export class FindingService {
  constructor(private readonly findings: FindingStore) {}

  list(p: Principal, filter: FindingFilter, page: PageRequest): Promise<Page<Finding>> {
    return this.findings.list(p.projectId, filter, page);
  }

  get(p: Principal, id: string): Promise<Finding> {
    return this.findings.get(p.projectId, id);
  }
}
