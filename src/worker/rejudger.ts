import { Injectable, Logger } from '@nestjs/common';
import { judge } from '../engine/matcher/match.js';
import { MATCHER_VERSION } from '../engine/matcher/matcher-version.js';
import { advisoryNamesOf } from '../engine/matcher/subject.js';
import { decideVex } from '../engine/vex/applies.js';
import { AdvisoryStore } from '../store/advisory.store.js';
import { type PackageJudgements, RejudgeStore, type StoredPackage } from '../store/rejudge.store.js';
import { add, NOTHING } from '../store/rejudge-targets.js';
import { RejudgingStateStore } from '../store/rejudging-state.store.js';

/** Judges stored inventories again when advisories, or the rules of matching, have changed: no image is read for it. */
@Injectable()
export class Rejudger {
  private readonly logger = new Logger(Rejudger.name);
  private stopped = false;

  constructor(
    private readonly rejudging: RejudgeStore,
    private readonly advisories: AdvisoryStore,
    private readonly state: RejudgingStateStore,
  ) {}

  /** One pass, until nothing waits; nothing while another worker's runs. What is done is done, wherever it stops. */
  async run(): Promise<void> {
    await this.rejudging.alone(async () => {
      const started = performance.now();
      let packages = 0;
      let counts = NOTHING;
      while (!this.stopped) {
        const noted = await this.state.notePackages(MATCHER_VERSION, advisoryNamesOf);
        const judged = await this.rejudging.judgeChanged(MATCHER_VERSION, (stored) => this.judge(stored));
        packages += judged?.packages ?? 0;
        const told = await this.rejudging.tellTargets(decideVex);
        counts = add(counts, told ?? NOTHING);
        if (!noted && judged === null && told === null) break;
      }
      await this.state.settle();
      const log = { packages, ...counts, ms: Math.round(performance.now() - started) };
      if (packages === 0 && Object.values(counts).every((count) => count === 0)) return;
      await this.rejudging.conclude(packages, counts);
      this.logger.log(log, 'judged again');
    });
  }

  /** A pass ends after its step. */
  stop(): void {
    this.stopped = true;
  }

  /** As a scan judges them. Packages that share a purl, and differ in their source, are judged apart. */
  private async judge(packages: StoredPackage[]): Promise<PackageJudgements> {
    const rounds: Map<string, StoredPackage>[] = [];
    for (const entry of packages) {
      const round = rounds.find((taken) => !taken.has(entry.purl));
      if (round) round.set(entry.purl, entry);
      else rounds.push(new Map([[entry.purl, entry]]));
    }
    const outcome: PackageJudgements = { judged: [], gaps: [], undecided: [] };
    for (const round of rounds) {
      const { judgements, gaps, undecided } = await judge({ packages: [...round.values()] }, this.advisories);
      for (const judgement of judgements) {
        const entry = round.get(judgement.package?.purl ?? '');
        if (entry) outcome.judged.push({ packageId: entry.id, judgement });
      }
      outcome.gaps.push(...gaps);
      outcome.undecided.push(...undecided);
    }
    return outcome;
  }
}
