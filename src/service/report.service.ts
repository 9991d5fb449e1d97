import { Injectable } from '@nestjs/common';
import { VERSION } from '../config/version.js';
import { PlimsollError } from '../model/error.js';
import type { Finding, FindingStatus } from '../model/finding.js';
import type { Principal } from '../model/principal.js';
import type { ReportFormat } from '../model/report.js';
import { isTerminal } from '../model/scan.js';
import { type OpenVexFinding, openVex } from '../report/openvex/openvex.js';
import { FindingStore } from '../store/finding.store.js';
import { ScanStore } from '../store/scan.store.js';

export interface Report {
  /** Ready for JSON. */
  document: object;
  /** What to call it where it is kept. */
  fileName: string;
}

/** Findings that are read at once. */
const PAGE = 5_000;

/** What a scan found, in the words of others. */
@Injectable()
export class ReportService {
  constructor(
    private readonly scans: ScanStore,
    private readonly findings: FindingStore,
  ) {}

  /**
   * Null for a scan that found no facts.
   *
   * @throws PlimsollError `not_found`
   */
  async find(p: Principal, scanId: string, format: ReportFormat): Promise<Report | null> {
    const { target, inventoryDigest, imageDigest, finishedAt } = await this.scans.get(p.projectId, scanId);
    if (inventoryDigest === null || finishedAt === null) return null;
    switch (format) {
      case 'openvex': {
        const findings = await this.vulnerabilities(p, scanId);
        const subject = { target, imageDigest, inventoryDigest, time: finishedAt, findings, toolVersion: VERSION };
        return { document: openVex(subject), fileName: `plimsoll-${scanId}.openvex.json` };
      }
    }
  }

  /** @throws PlimsollError `not_found`, `inventory_missing` */
  async get(p: Principal, scanId: string, format: ReportFormat): Promise<Report> {
    const found = await this.find(p, scanId, format);
    if (found) return found;
    const { status } = await this.scans.get(p.projectId, scanId);
    const what = isTerminal(status) ? 'scan the target again' : 'ask again when it has ended';
    throw new PlimsollError('inventory_missing', `Scan ${scanId} has found no facts, as it is ${status}: ${what}.`);
  }

  /** Those that are there, whatever was said of them. */
  private async vulnerabilities(p: Principal, scanId: string): Promise<OpenVexFinding[]> {
    const status: FindingStatus[] = ['open', 'undetermined', 'suppressed'];
    const found: Finding[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: Finding[]; nextCursor: string | null } = await this.findings.listByScan(
        p.projectId,
        scanId,
        { kind: 'vulnerability', status },
        { limit: PAGE, cursor },
      );
      found.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return found.flatMap(({ status, package: entry, ...finding }) =>
      status === 'fixed' || entry === null ? [] : [{ ...finding, status, purl: entry.purl }],
    );
  }
}
