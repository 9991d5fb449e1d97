import type { Finding } from '../model/finding.js';
import { SEVERITIES, type SeverityCounts } from '../model/severity.js';
import type { ConnectOptions } from './connect.js';
import { EXIT_CODES, type ExitCode } from './exit-code.js';
import { findTarget } from './find-target.js';
import { type OutputFormat, printJson, printLine, printTable } from './output.js';
import { countsText } from './table.js';
import type { Wire } from './wire.js';
import { withService } from './with-service.js';

export interface FindingsCommandOptions extends ConnectOptions {
  target?: string;
  severity?: string;
  status?: string;
  kev?: boolean;
  minEpss?: string;
  format: OutputFormat;
}

export async function findingsCommand(options: FindingsCommandOptions, signal: AbortSignal): Promise<ExitCode> {
  return withService(options, signal, async (client, progress) => {
    const targetId = options.target === undefined ? undefined : (await findTarget(client, options.target)).id;
    const { severity, status, minEpss } = options;
    const kev = options.kev ? 'true' : undefined;
    const findings = await client.list<Wire<Finding>>('/v1/findings', { targetId, severity, status, kev, minEpss });
    progress.clear();
    if (options.format === 'json') {
      printJson({ findings });
    } else {
      if (findings.length > 0) printTable(findings);
      printLine(`${findings.length > 0 ? '\n' : ''}findings: ${countsText(countOf(findings))}`);
    }
    return EXIT_CODES.ok;
  });
}

function countOf(findings: readonly Wire<Finding>[]): SeverityCounts {
  const counts = SEVERITIES.map((name) => [name, findings.filter(({ severity }) => severity === name).length]);
  return Object.fromEntries(counts) as SeverityCounts;
}
