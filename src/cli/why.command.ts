import type { ExplainedLocation, ExplainedRecord, FindingWhy, MatchExplanation } from '../model/explanation.js';
import type { ConnectOptions } from './connect.js';
import { EXIT_CODES, type ExitCode } from './exit-code.js';
import { type OutputFormat, printJson, printLine } from './output.js';
import { riskLines } from './risk-text.js';
import { printable } from './table.js';
import type { Wire } from './wire.js';
import { withService } from './with-service.js';

export interface WhyCommandOptions extends ConnectOptions {
  format: OutputFormat;
}

/** Places, and pieces of evidence, that are printed; JSON has all. */
const MAX_SHOWN = 10;

export async function whyCommand(
  findingId: string,
  options: WhyCommandOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const why = await withService(options, signal, (client) =>
    client.get<Wire<FindingWhy>>(`/v1/findings/${encodeURIComponent(findingId)}/why`),
  );
  if (options.format === 'json') printJson(why);
  else report(why);
  return EXIT_CODES.ok;
}

function line(text: string): void {
  printLine(printable(text));
}

function report({
  ruleId,
  status,
  reason,
  risk,
  judgedAt,
  match,
  vex,
  changes,
  evidence,
  locations,
  remediation,
}: Wire<FindingWhy>): void {
  line(`${ruleId}  ${status}${judgedAt === null ? '' : `, judged ${judgedAt}`}`);
  line(reason);
  for (const text of riskLines(risk)) line(text);
  if (vex) {
    const { status: said, justification, detail, author, document, time } = vex;
    const why = [justification, detail].filter((part) => part !== null).join('; ');
    const source = [author, document, time].filter((part) => part !== null).join(', ');
    line(`VEX: ${said.replaceAll('_', ' ')}${why === '' ? '' : `: ${why}`}${source === '' ? '' : ` (${source})`}`);
  }
  for (const { field, judged, now } of changes) {
    line(`CHANGED SINCE IT WAS JUDGED: ${field} was ${judged || 'none'}, would be ${now || 'none'}`);
  }
  if (match) reportMatch(match);
  for (const { resource, path, value } of evidence.slice(0, MAX_SHOWN)) {
    line(`evidence: ${[path, resource, value].filter((part) => part !== null && part !== '').join('  ')}`);
  }
  for (const location of locations.slice(0, MAX_SHOWN)) reportLocation(location);
  const more = Math.max(evidence.length - MAX_SHOWN, 0) + Math.max(locations.length - MAX_SHOWN, 0);
  if (more > 0) line(`and ${more} more: --json has them`);
  if (remediation !== null) line(`what to do: ${remediation}`);
}

function reportMatch({ compared, severity, severitySource, cvss, ratings, records }: Wire<MatchExplanation>): void {
  line(
    `compared: ${compared.ecosystem} ${compared.name} ${compared.version} (${compared.named}), by the order of ${compared.scheme}`,
  );
  line(`          ${compared.reason}`);
  const source = severitySource === null ? '' : ` (${severitySource})`;
  line(`severity: ${severity}${source}${cvss ? `, CVSS ${cvss.version} ${cvss.score} by ${cvss.source}` : ''}`);
  for (const { source: database, severity: word, cvss: score } of ratings.slice(1)) {
    line(`          ${database} says ${word}${score ? `, CVSS ${score.version} ${score.score}` : ''}`);
  }
  for (const record of records) reportRecord(record);
}

function reportRecord({ id, feed, part, role, verdict, url, entries }: Wire<ExplainedRecord>): void {
  const said = verdict === null ? 'does not name the package' : `says ${verdict.replace('_', ' ')}`;
  line(`${role}: ${id}  ${feed}/${part}  ${said}${url === null ? '' : `  ${url}`}`);
  for (const { ecosystem, name, listed, ranges, fixState, status, reason } of entries) {
    const facts = [
      ...(status ? [status.replace('_', ' ')] : []),
      ...(listed ? ['this version is listed'] : []),
      ...(fixState ? [fixState.replaceAll('_', ' ')] : []),
      ...(reason === null ? [] : [reason]),
    ];
    line(`    ${[`${ecosystem} ${name}`, ...facts].join('; ')}`);
    for (const range of ranges) {
      const events = range.events.map(({ kind, comparison }) => `${kind.replace('_', ' ')}: ${comparison}`);
      line(`      ${range.verdict.replace('_', ' ')}: ${events.join('; ')}`);
    }
  }
}

function reportLocation({ path, line: number, resource, layer }: Wire<ExplainedLocation>): void {
  line(
    `where: ${[path, number === null ? null : `line ${number}`, resource].filter((part) => part !== null).join('  ')}`,
  );
  if (!layer) return;
  const place = layer.index === null ? '' : ` ${layer.index + 1} of ${layer.count}`;
  line(`  layer${place}: ${layer.diffId}`);
  line(`  ${layer.instruction ? `brought by: ${layer.instruction.createdBy}` : layer.reason}`);
}
