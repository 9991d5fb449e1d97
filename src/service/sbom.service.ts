import { Injectable } from '@nestjs/common';
import { VERSION } from '../config/version.js';
import { PlimsollError } from '../model/error.js';
import type { Principal } from '../model/principal.js';
import type { SbomFormat } from '../model/sbom.js';
import { isTerminal } from '../model/scan.js';
import { sbom, sbomFileName } from '../report/sbom.js';
import { InventoryStore } from '../store/inventory.store.js';
import { ScanStore } from '../store/scan.store.js';

export interface Sbom {
  /** Ready for JSON. */
  document: object;
  /** What to call it where it is kept. */
  fileName: string;
}

@Injectable()
export class SbomService {
  constructor(
    private readonly scans: ScanStore,
    private readonly inventories: InventoryStore,
  ) {}

  /**
   * The packages that a scan found as an SBOM; null for a scan without an inventory.
   *
   * @throws PlimsollError `not_found`
   */
  async find(p: Principal, scanId: string, format: SbomFormat): Promise<Sbom | null> {
    const { target, coverage } = await this.scans.get(p.projectId, scanId);
    const inventory = await this.inventories.ofScan(p.projectId, scanId);
    if (!inventory) return null;
    const { digest: inventoryDigest, createdAt, distribution, packages } = inventory;
    const gaps = coverage.items;
    const subject = { target, inventoryDigest, createdAt, distribution, packages, gaps, toolVersion: VERSION };
    return { document: sbom(subject, format), fileName: sbomFileName(subject, format) };
  }

  /** @throws PlimsollError `not_found`, `inventory_missing` */
  async get(p: Principal, scanId: string, format: SbomFormat): Promise<Sbom> {
    const found = await this.find(p, scanId, format);
    if (found) return found;
    const { status } = await this.scans.get(p.projectId, scanId);
    const what = isTerminal(status) ? 'scan the target again' : 'ask again when it has ended';
    throw new PlimsollError('inventory_missing', `Scan ${scanId} has no inventory, as it is ${status}: ${what}.`);
  }
}
