import type { Finding } from '../model/finding.js';
import { SEVERITIES, type SeverityCounts } from '../model/severity.js';
import type { Target } from '../model/target.js';
import type { ApiClient } from './api-client.js';
import { type ConnectOptions, connect } from './connect.js';
import { CommandError, EXIT_CODES, type ExitCode } from './exit-code.js';
import { type OutputFormat, printJson, printLine, printTable } from './output.js';
import { Progress } from './progress.js';
import { countsText } from './table.js';
import type { Wire } from './wire.js';

export interface FindingsCommandOptions extends ConnectOptions {
  target?: string;
  severity?: string;
  status?: string;
  format: OutputFormat;
}

export async function findingsCommand(options: FindingsCommandOptions, signal: AbortSignal): Promise<ExitCode> {
  const progress = new Progress();
  const connection = await connect(options, progress, signal);
  try {
    const targetId = options.target === undefined ? undefined : await targetIdOf(connection.client, options.target);
    const { severity, status } = options;
    const findings = await connection.client.list<Wire<Finding>>('/v1/findings', { targetId, severity, status });
    progress.clear();
    if (options.format === 'json') {
      printJson({ findings });
    } else {
      if (findings.length > 0) printTable(findings);
      printLine(`${findings.length > 0 ? '\n' : ''}findings: ${countsText(countOf(findings))}`);
    }
    return EXIT_CODES.ok;
  } finally {
    progress.clear();
    await connection.close();
  }
}

/** People name a target by what they scanned. */
async function targetIdOf(client: ApiClient, text: string): Promise<string> {
  const targets = await client.list<Wire<Target>>('/v1/targets');
  const found = targets.filter(({ id, name, reference }) => [id, name, reference].includes(text));
  if (found.length === 1 && found[0]) return found[0].id;
  const names = targets.slice(0, 20).map((target) => `\n  ${target.id}  ${target.name ?? target.reference}`);
  throw new CommandError(
    EXIT_CODES.usage,
    `${found.length === 0 ? 'No target has' : 'Several targets have'} the id, name or reference "${text}". Targets:${names.join('') || ' none'}`,
  );
}

function countOf(findings: readonly Wire<Finding>[]): SeverityCounts {
  const counts = SEVERITIES.map((name) => [name, findings.filter(({ severity }) => severity === name).length]);
  return Object.fromEntries(counts) as SeverityCounts;
}
