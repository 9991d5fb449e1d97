import type { AffectedPackage } from '../model/advisory.js';
import type { VulnerabilityRecords } from '../model/vulnerability.js';
import type { ConnectOptions } from './connect.js';
import { EXIT_CODES, type ExitCode } from './exit-code.js';
import { type OutputFormat, printJson, printLine } from './output.js';
import { scoreLines } from './risk-text.js';
import { printable } from './table.js';
import type { Wire } from './wire.js';
import { withService } from './with-service.js';

export interface AdvisoryCommandOptions extends ConnectOptions {
  format: OutputFormat;
}

/** A record as the API answers it: an event of a range has every key, and null for what it is not. */
type WireRecord = Wire<Omit<VulnerabilityRecords['records'][number], 'affected'>> & {
  affected: (Wire<Omit<AffectedPackage, 'ranges'>> & { ranges: { events: WireEvent[] }[] })[];
};
type WireEvent = { introduced: string | null; fixed: string | null; lastAffected: string | null; limit: string | null };
type WireAdvisory = Wire<Omit<VulnerabilityRecords, 'records'>> & { records: WireRecord[] };

/** Entries of a record that are printed; JSON has more. */
const MAX_ENTRIES = 10;

/** @param id any id or alias */
export async function advisoryCommand(
  id: string,
  options: AdvisoryCommandOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const advisory = await withService(options, signal, (client) =>
    client.get<WireAdvisory>(`/v1/advisories/${encodeURIComponent(id)}`),
  );
  if (options.format === 'json') printJson(advisory);
  else report(advisory);
  return EXIT_CODES.ok;
}

function report({
  id,
  aliases,
  upstream,
  summary,
  severity,
  severitySource,
  cvss,
  epss,
  kev,
  records,
  truncated,
}: WireAdvisory): void {
  const line = (text: string) => printLine(printable(text));
  line(summary === null ? id : `${id}  ${summary}`);
  const source = severitySource === null ? '' : ` (${severitySource})`;
  line(`severity: ${severity}${source}${cvss ? `, CVSS ${cvss.version} ${cvss.score} ${cvss.vector}` : ''}`);
  for (const text of scoreLines({ epss, kev })) line(text);
  if (aliases.length > 0) line(`aliases: ${aliases.join(', ')}`);
  if (upstream.length > 0) line(`about: ${upstream.join(', ')}`);
  for (const record of records) {
    const withdrawn = record.withdrawn === null ? '' : '  WITHDRAWN, not matched';
    line(
      `\u2022 ${record.id}  ${record.feed}/${record.part}  ${record.modified}${withdrawn}${record.url ? `  ${record.url}` : ''}`,
    );
    for (const { ecosystem, name, ranges, versions, fixState, status } of record.affected.slice(0, MAX_ENTRIES)) {
      const said = [
        ...(status ? [status.replace('_', ' ')] : []),
        ...ranges.map(({ events }) => events.map(eventText).join(', ')),
        ...(versions.length > 0 ? [`${versions.length} versions listed`] : []),
        ...(fixState ? [fixState.replaceAll('_', ' ')] : []),
      ];
      line(`    ${ecosystem}  ${name}  ${said.join('; ')}`);
    }
    const more = record.affectedCount - Math.min(record.affected.length, MAX_ENTRIES);
    if (more > 0) line(`    and ${more} more`);
  }
  if (truncated) line('and more records');
}

function eventText({ introduced, fixed, lastAffected, limit }: WireEvent): string {
  const event: [string, string | null][] = [
    ['introduced', introduced],
    ['fixed', fixed],
    ['last affected', lastAffected],
    ['limit', limit],
  ];
  return event.flatMap(([name, version]) => (version === null ? [] : [`${name} ${version}`])).join(', ');
}
