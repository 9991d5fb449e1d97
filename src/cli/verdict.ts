import type { Finding } from '../model/finding.js';
import type { Scan } from '../model/scan.js';
import { SEVERITIES, type Severity } from '../model/severity.js';
import { EXIT_CODES, type ExitCode } from './exit-code.js';
import type { Wire } from './wire.js';

export interface VerdictOptions {
  failOn: Severity | null;
  allowPartial: boolean;
}

/**
 * What a pipeline should make of a scan. An undetermined finding counts as one: the version could not be compared, so
 * nobody can say that it is not affected. A suppressed one counts as none.
 */
export function verdict(scan: Wire<Scan>, findings: readonly Wire<Finding>[], options: VerdictOptions): ExitCode {
  if (scan.status !== 'succeeded' && scan.status !== 'partial') return EXIT_CODES.failed;
  if (options.failOn === null) return EXIT_CODES.ok;
  const limit = SEVERITIES.indexOf(options.failOn);
  if (findings.some(({ status, severity }) => status !== 'suppressed' && SEVERITIES.indexOf(severity) <= limit))
    return EXIT_CODES.findings;
  if (!scan.coverage.complete && !options.allowPartial) return EXIT_CODES.notFullyExamined;
  return EXIT_CODES.ok;
}
