import { Injectable } from '@nestjs/common';
import type { FindingChange, HistoryEntry, PackageChange, ScanDifference } from '../model/history.js';
import type { Page, PageRequest } from '../model/page.js';
import type { Principal } from '../model/principal.js';
import { HistoryStore } from '../store/history.store.js';

/** What became of targets over time. */
@Injectable()
export class HistoryService {
  constructor(private readonly history: HistoryStore) {}

  ofTarget(p: Principal, targetId: string, page: PageRequest): Promise<Page<HistoryEntry>> {
    return this.history.ofTarget(p.projectId, targetId, page);
  }

  difference(p: Principal, firstId: string, secondId: string): Promise<ScanDifference> {
    return this.history.difference(p.projectId, firstId, secondId);
  }

  findingChanges(p: Principal, firstId: string, secondId: string, page: PageRequest): Promise<Page<FindingChange>> {
    return this.history.findingChanges(p.projectId, firstId, secondId, page);
  }

  packageChanges(p: Principal, firstId: string, secondId: string, page: PageRequest): Promise<Page<PackageChange>> {
    return this.history.packageChanges(p.projectId, firstId, secondId, page);
  }
}
