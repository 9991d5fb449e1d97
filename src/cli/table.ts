import { styleText } from 'node:util';
import type { Finding } from '../model/finding.js';
import { SEVERITIES, type Severity, type SeverityCounts } from '../model/severity.js';
import type { Wire } from './wire.js';

const COLOURS = {
  critical: ['bold', 'red'],
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
  unknown: 'gray',
} as const satisfies Record<Severity, Parameters<typeof styleText>[0]>;

const HEADER = ['SEVERITY', 'RISK', 'ID', 'PACKAGE', 'INSTALLED', 'FIXED', 'WHERE', 'TITLE'];
const WHERE = HEADER.indexOf('WHERE');

/** The end of a path tells more than its beginning, and leaves room for the title. */
const MAX_WHERE = 40;

/** A title is cut to what is left of the line, but not below this. */
const MIN_TITLE = 24;

export interface TableStyle {
  colour: boolean;
  /** Characters of a line. */
  width: number;
}

/** Findings as an aligned table, worst first: of one severity, the highest risk. */
export function findingsTable(findings: readonly Wire<Finding>[], { colour, width }: TableStyle): string {
  const all = [...findings]
    .sort(worstFirst)
    .map((finding) =>
      [
        finding.severity,
        String(finding.risk.score),
        finding.status === 'undetermined' ? `${finding.ruleId} (undetermined)` : finding.ruleId,
        finding.package?.name ?? '-',
        finding.package?.version ?? '-',
        finding.fixedVersion ?? '-',
        shortenStart(whereOf(finding), MAX_WHERE),
        finding.title,
      ].map(printable),
    );
  // Of an image, where packages are told apart by name, there is mostly nothing to tell.
  const isShown = (_cell: string, column: number) => column !== WHERE || all.some((row) => row[WHERE] !== '-');
  const header = HEADER.filter(isShown);
  const rows = all.map((row) => row.filter(isShown));
  const widths = header.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const titleWidth = Math.max(MIN_TITLE, width - widths.slice(0, -1).reduce((sum, n) => sum + n + 2, 0));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === header.length - 1 ? shorten(cell, titleWidth) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const lines = rows.map((row) => {
    const text = line(row);
    const severity = SEVERITIES.find((name) => name === row[0]);
    if (!colour || !severity) return text;
    const painted = styleText(COLOURS[severity], severity, { validateStream: false });
    return `${painted}${text.slice(severity.length)}`;
  });
  return [line(header), ...lines].join('\n');
}

/** `3 critical, 1 low`, or `none`. */
export function countsText(counts: SeverityCounts): string {
  const parts = SEVERITIES.filter((severity) => counts[severity] > 0).map((name) => `${counts[name]} ${name}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}

/** Names and titles come from images and feeds: none may drive the terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ');
}

/** A container or another thing of a host, or the file and line; a package says itself where it is. */
function whereOf({ location, package: found }: Wire<Finding>): string {
  if (location === null || found !== null) return '-';
  const { resource, path, line } = location;
  const place = path !== null && line !== null ? `${path}:${line}` : path;
  return [resource, place].filter((part) => part !== null).join(' ') || '-';
}

function worstFirst(a: Wire<Finding>, b: Wire<Finding>): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    b.risk.score - a.risk.score ||
    (a.package?.name ?? '').localeCompare(b.package?.name ?? '', 'en') ||
    a.ruleId.localeCompare(b.ruleId, 'en', { numeric: true }) ||
    whereOf(a).localeCompare(whereOf(b), 'en', { numeric: true })
  );
}

function shorten(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

function shortenStart(text: string, width: number): string {
  return text.length <= width ? text : `…${text.slice(text.length - width + 1)}`;
}
