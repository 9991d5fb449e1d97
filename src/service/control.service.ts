import { Injectable } from '@nestjs/common';
import { BENCHMARK_NAMES, type BenchmarkReport } from '../model/benchmark.js';
import type { ControlResult, ControlStatus } from '../model/control.js';
import { PlimsollError } from '../model/error.js';
import type { Page, PageRequest } from '../model/page.js';
import type { Principal } from '../model/principal.js';
import { ControlStore } from '../store/control.store.js';

/** What controls and benchmarks said of a scan's target, then. */
@Injectable()
export class ControlService {
  constructor(private readonly controls: ControlStore) {}

  list(
    p: Principal,
    scanId: string,
    filter: { status?: ControlStatus[] },
    page: PageRequest,
  ): Promise<Page<ControlResult>> {
    return this.controls.list(p.projectId, scanId, filter, page);
  }

  /** @throws PlimsollError `unknown_benchmark`, and `not_found` for a scan that has no report of it */
  async benchmark(p: Principal, scanId: string, name: string): Promise<BenchmarkReport> {
    const known = BENCHMARK_NAMES.find((benchmark) => benchmark === name);
    if (known) return this.controls.benchmark(p.projectId, scanId, known);
    const message = `There is no benchmark "${name.slice(0, 100)}": expected one of ${BENCHMARK_NAMES.join(', ')}.`;
    throw new PlimsollError('unknown_benchmark', message);
  }
}
