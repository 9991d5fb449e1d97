import { inventoryDigest } from '../../src/engine/inventory.js';
import { hashedIdentities } from '../../src/engine/matcher/fingerprint.js';
import { judge } from '../../src/engine/matcher/match.js';
import { advisoryNamesOf } from '../../src/engine/matcher/subject.js';
import { decideVex } from '../../src/engine/vex/applies.js';
import type { Advisory } from '../../src/model/advisory.js';
import type { CoverageItem } from '../../src/model/coverage.js';
import type { NewEvent } from '../../src/model/event.js';
import type { Finding, Judgement } from '../../src/model/finding.js';
import { NO_DIGESTS } from '../../src/model/image-digests.js';
import type { Inventory } from '../../src/model/inventory.js';
import type { Package } from '../../src/model/package.js';
import type { ScanResult } from '../../src/store/scan-result.store.js';
import { Rejudger } from '../../src/worker/rejudger.js';
import { claimedScan, PRINCIPAL, type Stores } from './stores.js';

/** Targets whose packages are given, scanned and judged as a worker does it. */
export class Fleet {
  readonly rejudger: Rejudger;
  private imports = 0;

  constructor(readonly stores: Stores) {
    this.rejudger = new Rejudger(stores.rejudging, stores.advisories, stores.rejudgingState);
  }

  /** @returns the id of the scan */
  async scan(reference: string, packages: Package[], more: Partial<Inventory> & { others?: Judgement[] } = {}) {
    const claim = await claimedScan(this.stores, reference);
    const stored = await this.stores.results.store(claim, () => this.judge(packages, more));
    if (!stored) throw new Error('the claim is current');
    return claim.scan.id;
  }

  async judge(
    packages: Package[],
    { others = [], ...more }: Partial<Inventory> & { others?: Judgement[] } = {},
  ): Promise<ScanResult> {
    const sorted = packages.toSorted((a, b) => (a.purl < b.purl ? -1 : 1));
    const inventory: Inventory = { distribution: null, packages: sorted, image: null, gaps: [], ...more };
    const { judgements, gaps, undecided } = await judge(inventory, this.stores.advisories);
    const items: CoverageItem[] = [...inventory.gaps, ...gaps];
    return {
      inventory,
      inventoryDigest: inventoryDigest(inventory),
      cluster: null,
      identities: () => hashedIdentities(sorted),
      advisoryNames: advisoryNamesOf,
      digests: NO_DIGESTS,
      judgements: [...judgements, ...others],
      undecided,
      controls: [],
      benchmarks: [],
      isPassedOver: () => false,
      decideVex,
      coverage: { complete: items.length === 0, items },
    };
  }

  /** Makes a part of the feed what is given. */
  async publish(part: string, advisories: Advisory[]): Promise<void> {
    this.imports += 1;
    const version = { etag: null, digest: String(this.imports) };
    await this.stores.feeds.importPart('osv', part, version, iterate(advisories), () => 0);
  }

  /** Publishes, and lets the pass run that follows. */
  async change(part: string, advisories: Advisory[]): Promise<void> {
    await this.publish(part, advisories);
    await this.rejudger.run();
  }

  /** What is open, without what differs from one finding to the next though nothing else does. */
  async open(reference: string): Promise<Omit<Finding, 'id' | 'openedAt' | 'target'>[]> {
    const page = { limit: 500, cursor: null };
    const { items } = await this.stores.findings.list(PRINCIPAL.projectId, {}, page);
    return items
      .filter(({ target }) => target.reference === reference)
      .map(({ id: _id, openedAt: _at, target: _target, ...finding }) => finding)
      .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  }

  /** Events about findings that were written since the last call, by what they are about. */
  async news(): Promise<{ type: NewEvent['type']; ruleId: string; reference: string | null; scan: boolean }[]> {
    const rows = await this.stores.database.query(
      `WITH taken AS (DELETE FROM outbox RETURNING *)
       SELECT o.type, o.data ->> 'ruleId' AS "ruleId", t.reference, o.scan_id IS NOT NULL AS scan
       FROM taken o LEFT JOIN target t ON t.id = o.target_id WHERE o.type LIKE 'finding.%' ORDER BY o.type, t.reference, "ruleId"`,
    );
    return rows;
  }
}

async function* iterate<T>(items: T[]): AsyncGenerator<T> {
  yield* items;
}

export function npmPackage(name: string, version: string, path = `/app/node_modules/${name}/package.json`): Package {
  return {
    purl: `pkg:npm/${name}@${version}`,
    type: 'npm',
    ecosystem: 'npm',
    name,
    version,
    source: null,
    architecture: null,
    licenses: [],
    module: null,
    locations: [{ path, layer: 'sha256:1' }],
  };
}

/** A record about versions from 0 to `fixed`, which is null where there is no fix. */
export function npmRecord(id: string, name: string, fixed: string | null, more: Partial<Advisory> = {}): Advisory {
  return {
    id,
    aliases: [],
    upstream: [],
    summary: `Trouble in ${name}`,
    severity: 'high',
    cvss: [],
    modified: new Date('2026-01-01'),
    withdrawn: null,
    affected: [
      {
        ecosystem: 'npm',
        name,
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, ...(fixed === null ? [] : [{ fixed }])] }],
        versions: [],
        severity: null,
        cvss: [],
      },
    ],
    ...more,
  };
}
