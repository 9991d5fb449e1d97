import { AdvisoryStore } from '../../src/store/advisory.store.js';
import { ControlStore } from '../../src/store/control.store.js';
import { Database } from '../../src/store/database.js';
import { EventStore } from '../../src/store/event.store.js';
import { FeedStore } from '../../src/store/feed.store.js';
import { FindingStore } from '../../src/store/finding.store.js';
import { DEFAULT_PROJECT } from '../../src/store/project.js';
import { RejudgeStore } from '../../src/store/rejudge.store.js';
import { RejudgingStateStore } from '../../src/store/rejudging-state.store.js';
import { ScanStore } from '../../src/store/scan.store.js';
import { type ClaimedScan, ScanClaimStore } from '../../src/store/scan-claim.store.js';
import { ScanResultStore } from '../../src/store/scan-result.store.js';
import { TargetStore } from '../../src/store/target.store.js';
import { VexStore } from '../../src/store/vex.store.js';
import { type TestDatabase, testDatabase } from './database.js';

export const PRINCIPAL = { projectId: DEFAULT_PROJECT, actor: 'token:test' };

/** Every store on a database of its own. */
export async function openStores() {
  const test: TestDatabase = await testDatabase();
  const database = new Database(test.dataSource);
  return {
    database,
    advisories: new AdvisoryStore(database),
    claims: new ScanClaimStore(database),
    controls: new ControlStore(database),
    events: new EventStore(database),
    feeds: new FeedStore(database),
    findings: new FindingStore(database),
    rejudging: new RejudgeStore(database),
    rejudgingState: new RejudgingStateStore(database),
    results: new ScanResultStore(database),
    scans: new ScanStore(database),
    targets: new TargetStore(database),
    vex: new VexStore(database),
    close: () => test.close(),
  };
}

export type Stores = Awaited<ReturnType<typeof openStores>>;

export function newScan(reference = 'rootfs:/srv/root') {
  return {
    kind: 'image' as const,
    identity: reference,
    reference,
    name: null,
    labels: {},
    options: {},
    priority: 5,
    trigger: 'api' as const,
  };
}

/** Claims of the same target go silent, as those of dead workers: only then can there be another. */
export async function claimedScan({ database, scans, claims }: Stores, reference?: string): Promise<ClaimedScan> {
  const { scan } = await scans.create(PRINCIPAL, newScan(reference), null);
  for (;;) {
    await database.query(
      `UPDATE scan SET lease_expires_at = now() - interval '1 second' WHERE status = 'running' AND target_id = $1`,
      [scan.target.id],
    );
    // Another test's step may have claimed one in between.
    const claim = await claims.claim(scan.id, 'worker-1', 60);
    if (claim) return claim;
  }
}
