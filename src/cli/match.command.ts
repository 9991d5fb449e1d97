import type { CoverageItem } from '../model/coverage.js';
import type { MatchedPackage, MatchResult } from '../model/vulnerability.js';
import type { ConnectOptions } from './connect.js';
import { CommandError, EXIT_CODES, type ExitCode } from './exit-code.js';
import { type OutputFormat, printJson, printLine } from './output.js';
import { printable } from './table.js';
import { withService } from './with-service.js';

export interface MatchCommandOptions extends ConnectOptions {
  format: OutputFormat;
}

/** Packages of one request. */
const BATCH = 5_000;
/** Bytes of standard input: a million packages. */
const MAX_INPUT = 128 * 1024 * 1024;

/** @param purls none: those of standard input, one a line */
export async function matchCommand(
  purls: readonly string[],
  options: MatchCommandOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const asked = purls.length > 0 ? purls : await readLines();
  if (asked.length === 0)
    throw new CommandError(
      EXIT_CODES.usage,
      'Expected package URLs, as pkg:npm/lodash@4.17.15, or one a line on standard input.',
    );
  const result = await withService(options, signal, async (client, progress) => {
    const items: MatchedPackage[] = [];
    const gaps = new Map<string, CoverageItem>();
    for (let start = 0; start < asked.length; start += BATCH) {
      progress.update('matching', Math.floor((start / asked.length) * 100));
      const part = await client.post<MatchResult>('/v1/match', { packages: asked.slice(start, start + BATCH) });
      for (const item of part.items) items.push(item);
      for (const gap of part.gaps) gaps.set(JSON.stringify(gap), gap);
    }
    return { items, gaps: [...gaps.values()] };
  });
  if (options.format === 'json') printJson(result);
  else report(result);
  return EXIT_CODES.ok;
}

/** Empty lines and those that begin with `#` are none. */
async function readLines(): Promise<string[]> {
  if (process.stdin.isTTY) return [];
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_INPUT)
      throw new CommandError(EXIT_CODES.usage, 'Standard input has over 128 MiB: give it in parts.');
  }
  const lines = Buffer.concat(chunks).toString('utf8').split('\n');
  return lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
}

function report({ items, gaps }: MatchResult): void {
  for (const { purl, status, reason, vulnerabilities } of items) {
    if (status !== 'matched') printLine(printable(`${purl}  ${status}: ${reason}`));
    else if (vulnerabilities.length === 0) printLine(printable(`${purl}  ${reason ?? 'no known vulnerabilities'}`));
    for (const { severity, risk, ruleId, status: verdict, fixedVersion, title } of vulnerabilities) {
      const name = verdict === 'undetermined' ? `${ruleId} (undetermined)` : ruleId;
      const fix = fixedVersion === null ? 'no fix' : `fixed in ${fixedVersion}`;
      printLine(printable(`${purl}  ${severity}  risk ${risk.score}  ${name}  ${fix}  ${title}`));
    }
  }
  const count = items.reduce((sum, { vulnerabilities }) => sum + vulnerabilities.length, 0);
  printLine(`\npackages: ${items.length}, vulnerabilities: ${count}`);
  if (gaps.length === 0) return;
  printLine('NOT FULLY MATCHED: there may be more, because of this:');
  for (const { code, subject, message } of gaps) printLine(printable(`  ${code}  ${subject}: ${message}`));
}
