import { describe, expect, it } from 'vitest';
import fc from '../../../test/support/property.js';
import { EVENT_TYPES, type Event } from '../../model/event.js';
import { eventCef } from './cef.js';

const EVENT: Event = {
  position: '7',
  type: 'finding.opened',
  time: new Date('2026-03-01T00:00:00.001Z'),
  actor: 'system',
  subject: 'finding/1',
  scanId: 's',
  targetId: null,
  findingId: '1',
  data: { kind: 'vulnerability', ruleId: 'CVE-2026-1', severity: 'high' },
  hash: 'ab',
};

describe('events as CEF', () => {
  it('are one line each, without what has no value', () => {
    expect(eventCef([EVENT], '1.0')).toBe(
      'CEF:0|Plimsoll|Plimsoll|1.0|finding.opened|Finding opened|8|rt=1772323200001 externalId=7 suser=system ' +
        'cat=vulnerability cs1=finding/1 cs1Label=subject cs2=s cs2Label=scanId cs4=1 cs4Label=findingId ' +
        'cs5=CVE-2026-1 cs5Label=ruleId cs6=ab cs6Label=hash ' +
        'msg={"kind":"vulnerability","ruleId":"CVE-2026-1","severity":"high"}\n',
    );
  });

  it.each([
    ['critical', '10'],
    ['medium', '5'],
    ['low', '2'],
    ['unknown', '5'],
    [undefined, '5'],
  ])('rank a finding of severity %s as %s', (severity, expected) => {
    expect(parse(eventCef([{ ...EVENT, data: { severity } }], '1')).header[6]).toBe(expected);
  });

  it('are read back as they were written, whatever is in them', () => {
    const text = fc.string({ unit: fc.constantFrom('|', '\\', '=', '\n', '\r', ' ', 'a', 'n', 'é', 'rt=') });
    fc.assert(
      fc.property(fc.constantFrom(...EVENT_TYPES), text, text, text, (type, subject, ruleId, version) => {
        const line = eventCef([{ ...EVENT, type, subject: `<${subject}>`, data: { ruleId: `<${ruleId}>` } }], version);
        expect(line.match(/[\r\n]/g)).toEqual(['\n']);
        const { header, fields } = parse(line);
        expect(header.slice(0, 5)).toEqual(['CEF:0', 'Plimsoll', 'Plimsoll', version.replace(/[\r\n]+/g, ' '), type]);
        expect(fields.get('cs1')).toBe(`<${subject}>`);
        expect(fields.get('cs5')).toBe(`<${ruleId}>`);
        expect(JSON.parse(fields.get('msg') ?? '')).toEqual({ ruleId: `<${ruleId}>` });
        expect(fields.get('externalId')).toBe('7');
      }),
    );
  });
});

/** By the standard: a backslash takes the next character's meaning away; a key is what stands before a bare equals sign. */
function parse(line: string): { header: string[]; fields: Map<string, string> } {
  const parts = /^((?:(?:[^\\|]|\\.)*\|){7})(.*)\n$/su.exec(line);
  const header = [...(parts?.[1] ?? '').matchAll(/((?:[^\\|]|\\.)*)\|/gsu)].map(([, cell = '']) =>
    cell.replace(/\\(.)/gsu, '$1'),
  );
  const fields = [...(parts?.[2] ?? '').matchAll(/(\w+)=((?:[^\\=]|\\.)*?)(?= \w+=|$)/gsu)].map(
    ([, key = '', value = '']): [string, string] => [
      key,
      value.replace(/\\(.)/gsu, (_, c: string) => (c === 'n' ? '\n' : c === 'r' ? '\r' : c)),
    ],
  );
  return { header, fields: new Map(fields) };
}
