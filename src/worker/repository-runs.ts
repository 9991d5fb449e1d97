import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { PlimsollError } from '../model/error.js';
import { parseImageName } from '../model/image-name.js';
import { matchesTag } from '../model/tag-pattern.js';
import { AddressGuard } from '../source/registry/address-guard.js';
import { listTags } from '../source/registry/list-tags.js';
import { REAL_CLOCK } from '../source/registry/retry.js';
import { type ListingClaim, RepositoryRunStore } from '../store/repository-run.store.js';
import { RegistryAccesses } from './registry-accesses.js';

/** A list that takes longer is given up, and a worker that is silent for longer is taken for dead, seconds. */
const LIMIT_SECONDS = 240;
const LEASE_SECONDS = 300;

/** A list that takes its worker down this often is not tried again. */
const MAX_ATTEMPTS = 3;

/** Of two tags the higher version comes first: where there are too many, those are wanted. */
const byVersion = new Intl.Collator('en', { numeric: true });

/** Asks registries for the tags that schedules are about. */
@Injectable()
export class RepositoryRuns {
  private readonly logger = new Logger(RepositoryRuns.name);
  private readonly guard: AddressGuard;
  private readonly stopping = new AbortController();

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly runs: RepositoryRunStore,
    private readonly accesses: RegistryAccesses,
  ) {
    this.guard = new AddressGuard(config.registryAllow);
  }

  /** @returns whether there was a run, and another may wait */
  async runOne(): Promise<boolean> {
    if (this.stopping.signal.aborted) return false;
    const claim = await this.runs.claim(LEASE_SECONDS);
    if (claim === null) return false;
    if (claim.fence > MAX_ATTEMPTS) {
      const message = `Listing the tags took its worker down ${MAX_ATTEMPTS} times: look for the reason in the workers' logs.`;
      await this.runs.fail(claim, { code: 'worker_lost', message });
      return true;
    }
    const limit = AbortSignal.timeout(LIMIT_SECONDS * 1_000);
    try {
      await this.list(claim, AbortSignal.any([this.stopping.signal, limit]));
    } catch (error) {
      if (this.stopping.signal.aborted) await this.runs.release(claim);
      else await this.fail(claim, error, limit.aborted);
    }
    return true;
  }

  /** The list that is being read is left to another worker. */
  stop(): void {
    this.stopping.abort();
  }

  private async list(claim: ListingClaim, signal: AbortSignal): Promise<void> {
    const { repository, tagPattern, projectId, runId } = claim;
    const name = parseImageName(repository);
    const access = (await this.accesses.of(projectId, name.host))(name.host);
    const { tags, complete } = await listTags(name, { guard: this.guard, clock: REAL_CLOCK, access, signal });
    const matched = [...tags].filter((tag) => matchesTag(tagPattern, tag)).sort((a, b) => byVersion.compare(b, a));
    const done = await this.runs.complete(claim, { listed: tags.size, complete, matched });
    this.logger.log({ runId, repository, listed: tags.size, matched: matched.length, done }, 'tags were listed');
  }

  private async fail(claim: ListingClaim, error: unknown, isLate: boolean): Promise<void> {
    const { runId } = claim;
    if (isLate) {
      const message = `The registry took longer than ${LIMIT_SECONDS} s to list the tags of ${claim.repository}.`;
      await this.runs.fail(claim, { code: 'registry_unreachable', message });
    } else if (error instanceof PlimsollError) {
      this.logger.warn({ runId, code: error.code }, error.message);
      await this.runs.fail(claim, { code: error.code, message: error.message });
    } else {
      this.logger.error({ runId, err: error }, 'listing tags failed unexpectedly');
      const message = `Listing the tags failed unexpectedly; the log of the worker has the details under run ${runId}.`;
      await this.runs.fail(claim, { code: 'internal_error', message });
    }
  }
}
