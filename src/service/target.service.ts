import { Injectable } from '@nestjs/common';
import type { Page, PageRequest } from '../model/page.js';
import type { Principal } from '../model/principal.js';
import type { Target, TargetKind } from '../model/target.js';
import { TargetStore } from '../store/target.store.js';

@Injectable()
export class TargetService {
  constructor(private readonly targets: TargetStore) {}

  list(p: Principal, filter: { kind?: TargetKind }, page: PageRequest): Promise<Page<Target>> {
    return this.targets.list(p.projectId, filter, page);
  }

  get(p: Principal, id: string): Promise<Target> {
    return this.targets.get(p.projectId, id);
  }
}
