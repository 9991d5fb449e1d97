import type { Event } from '../model/event.js';

const COLUMNS = [
  'position',
  'type',
  'time',
  'actor',
  'subject',
  'scanId',
  'targetId',
  'findingId',
  'data',
  'hash',
] as const satisfies readonly (keyof Event)[];

/** Events as CSV after RFC 4180: a header, lines that end in CRLF, `data` as JSON, nothing for null. */
export function eventCsv(events: readonly Event[]): string {
  const lines = events.map((event) => COLUMNS.map((column) => cell(textOf(event[column]))).join(','));
  return [COLUMNS.join(','), ...lines].map((line) => `${line}\r\n`).join('');
}

function textOf(value: Event[(typeof COLUMNS)[number]]): string {
  if (value === null) return '';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * A spreadsheet takes what begins so for a formula, also behind white space and in full width; an apostrophe in front makes it
 * text (OWASP, CSV Injection).
 */
const FORMULA = /^[\s\0]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/;

function cell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
