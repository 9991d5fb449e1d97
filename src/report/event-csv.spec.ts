import { describe, expect, it } from 'vitest';
import type { Event } from '../model/event.js';
import { eventCsv } from './event-csv.js';

const EVENT: Event = {
  position: '7',
  type: 'scan.failed',
  time: new Date('2026-03-01T00:00:00Z'),
  actor: 'system',
  subject: 'scan/1',
  scanId: null,
  targetId: null,
  findingId: null,
  data: {},
  hash: 'ab',
};
const HEADER = 'position,type,time,actor,subject,scanId,targetId,findingId,data,hash\r\n';

describe('events as CSV', () => {
  it('have a header, also where there are none', () => {
    expect(eventCsv([])).toBe(HEADER);
    expect(eventCsv([EVENT])).toBe(`${HEADER}7,scan.failed,2026-03-01T00:00:00.000Z,system,scan/1,,,,{},ab\r\n`);
  });

  it('quote what would end a field', () => {
    const text = eventCsv([{ ...EVENT, subject: 'a"b,c\nd', data: { x: 'y' } }]);
    expect(text).toContain(',"a""b,c\nd",');
    expect(text).toContain(',"{""x"":""y""}",');
  });

  it.each(['=1+1', '+1', '-1', '@x', '\t=1', ' =1', '\r=1', '\uFF1D1'])('never let %j be a formula', (subject) => {
    expect(eventCsv([{ ...EVENT, subject }])).toMatch(/,"?'/);
  });
});
