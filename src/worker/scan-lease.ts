import type { ScanPhase, ScanProgress } from '../model/scan.js';
import type { ClaimedScan, ScanClaimStore } from '../store/scan-claim.store.js';

/** How long a worker may be silent before another takes its scan over. */
export const LEASE_SECONDS = 15;

/** How often progress is written and a cancellation noticed, milliseconds. */
const HEARTBEAT_MS = 500;

/** Why a scan was told to stop before its end. */
export type StopReason = 'cancelled' | 'lost' | 'shutdown';

/** Keeps a claimed scan while it is worked on: renews the lease, writes progress, and hears when to stop. */
export class ScanLease {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private progress: ScanProgress = { phase: 'reading', percent: 0 };
  private beating: Promise<void> = Promise.resolve();
  private renewedAt = Date.now();

  constructor(
    private readonly scans: ScanClaimStore,
    private readonly claim: ClaimedScan,
  ) {
    this.timer = setInterval(() => {
      this.beating = this.beating.then(() => this.beat());
    }, HEARTBEAT_MS);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get stopReason(): StopReason | null {
    return this.signal.aborted ? (this.signal.reason as StopReason) : null;
  }

  report(phase: ScanPhase, percent: number): void {
    this.progress = { phase, percent: Math.max(0, Math.min(100, Math.floor(percent))) };
  }

  stop(reason: StopReason): void {
    if (!this.signal.aborted) this.controller.abort(reason);
  }

  /** Stops renewing. The last heartbeat has ended when this resolves, so it cannot overwrite a final state. */
  async end(): Promise<void> {
    clearInterval(this.timer);
    await this.beating;
  }

  private async beat(): Promise<void> {
    if (this.signal.aborted) return;
    try {
      const answer = await this.scans.heartbeat(this.claim.scan.id, this.claim.fence, this.progress, LEASE_SECONDS);
      if (answer === 'ok') this.renewedAt = Date.now();
      else this.stop(answer === 'cancel_requested' ? 'cancelled' : 'lost');
    } catch {
      // The database may be back before the lease ends; after that the scan may be another's.
      if (Date.now() - this.renewedAt > LEASE_SECONDS * 1_000) this.stop('lost');
    }
  }
}
