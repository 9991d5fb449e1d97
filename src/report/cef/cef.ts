import type { Event, EventType } from '../../model/event.js';
import { cefSeverity } from './cef-severity.js';

/**
 * Events in the Common Event Format (ArcSight, "Implementing ArcSight Common Event Format", CEF:0), one a line, each ended by a
 * newline. `externalId` is the position and `rt` the time in milliseconds. An extension that has no value is left out.
 */
export function eventCef(events: readonly Event[], version: string): string {
  return events.map((event) => `${cefLine(event, version)}\n`).join('');
}

function cefLine(event: Event, version: string): string {
  const header = ['Plimsoll', 'Plimsoll', version, event.type, NAMES[event.type], String(cefSeverity(event))];
  const fields = extension(event).flatMap(([key, value]) => (value === '' ? [] : [`${key}=${escapeValue(value)}`]));
  return `CEF:0|${header.map(escapeHeader).join('|')}|${fields.join(' ')}`;
}

/** `msg` is last: it is the long one, and a receiver that cuts lines should cut that. */
function extension({
  position,
  time,
  actor,
  subject,
  scanId,
  targetId,
  findingId,
  data,
  hash,
}: Event): [string, string][] {
  const labelled: [label: string, value: string][] = [
    ['subject', subject],
    ['scanId', scanId ?? ''],
    ['targetId', targetId ?? ''],
    ['findingId', findingId ?? ''],
    ['ruleId', textOf(data.ruleId)],
    ['hash', hash],
  ];
  return [
    ['rt', String(time.getTime())],
    ['externalId', position],
    ['suser', actor],
    ['cat', textOf(data.kind)],
    ...labelled.flatMap(([label, value], index): [string, string][] =>
      value === ''
        ? []
        : [
            [`cs${index + 1}`, value],
            [`cs${index + 1}Label`, label],
          ],
    ),
    ['msg', Object.keys(data).length === 0 ? '' : JSON.stringify(data)],
  ];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A header has one line, and the standard has no escape for its end: a space stands for it. */
function escapeHeader(text: string): string {
  return text.replace(/[\\|]/g, '\\$&').replace(/[\r\n]+/g, ' ');
}

function escapeValue(text: string): string {
  return text.replace(/[\\=]/g, '\\$&').replaceAll('\r', '\\r').replaceAll('\n', '\\n');
}

const NAMES: Record<EventType, string> = {
  'target.created': 'Target created',
  'scan.created': 'Scan created',
  'scan.started': 'Scan started',
  'scan.finished': 'Scan finished',
  'scan.retried': 'Scan to be tried again',
  'scan.failed': 'Scan failed',
  'scan.cancelled': 'Scan cancelled',
  'finding.opened': 'Finding opened',
  'finding.fixed': 'Finding fixed',
  'finding.reopened': 'Finding reopened',
  'finding.changed': 'Finding changed',
  'finding.suppressed': 'Finding suppressed',
  'finding.unsuppressed': 'Finding unsuppressed',
  'feed.synced': 'Feed synced',
  'feed.failed': 'Feed failed',
  'advisories.rejudged': 'Advisories rejudged',
  'vex.imported': 'VEX document imported',
  'vex.deleted': 'VEX document deleted',
  'upload.created': 'Upload created',
  'registry.created': 'Registry created',
  'registry.updated': 'Registry updated',
  'registry.deleted': 'Registry deleted',
  'schedule.created': 'Schedule created',
  'schedule.updated': 'Schedule updated',
  'schedule.deleted': 'Schedule deleted',
  'schedule.run_skipped': 'Scheduled run skipped',
};
