import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textIn, type XmlRecord, xmlRecords } from './xml-records.js';

describe('the records of an XML file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-xml-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const read = async (xml: string | Buffer) => {
    const path = join(folder, 'file.xml');
    await writeFile(path, xml);
    const options = { name: 'file.xml', maxBytes: 2 ** 30, signal: new AbortController().signal };
    const records: XmlRecord[] = [];
    for await (const record of xmlRecords(path, { ...options, root: 'updates', records: ['update'] }))
      records.push(record);
    return records;
  };
  const ids = (records: XmlRecord[]) =>
    records.map((record) => ('element' in record ? textIn(record.element, 'id') : `oversized ${record.oversized}`));

  it('are found wherever they stand, with what is in them', async () => {
    const xml = `<?xml version="1.0"?><o:updates xmlns:o="x"><!-- a --><wrap><o:update a="&lt;1&gt;"><id> A&amp;1 </id></o:update></wrap><update><id><![CDATA[B]]></id></update></o:updates>`;
    const records = await read(xml);
    expect(ids(records)).toEqual(['A&1', 'B']);
    expect(records[0]).toMatchObject({ element: { name: 'update', attributes: { a: '<1>' } } });
  });

  it.each([
    ['another root', '<html><body/></html>', '<updates>'],
    ['a page of HTML', '<!DOCTYPE html><html><br></html>', 'document type'],
    [
      'entities of its own',
      '<!DOCTYPE updates [<!ENTITY a "aaaa">]><updates><update>&a;</update></updates>',
      'document type',
    ],
    ['an unknown entity', '<updates><update>&a;</update></updates>', 'entity'],
    ['an end that is missing', '<updates><update><id>A</id>', 'unclosed'],
    ['no element', '', 'root element'],
    ['two roots', '<updates/><updates/>', ''],
    ['elements without end', '<updates>'.padEnd(5000, '<a>'), 'deep'],
  ])('are refused in a file with %s', async (_, xml, why) => {
    await expect(read(xml)).rejects.toMatchObject({
      code: 'feed_source_invalid',
      message: expect.stringContaining(why),
    });
  });

  it('are refused in another encoding', async () => {
    await expect(read(Buffer.from('<updates>\xe9</updates>', 'latin1'))).rejects.toMatchObject({
      code: 'feed_source_invalid',
    });
  });

  it('leave out one that is too large, and go on', async () => {
    const many = '<x/>'.repeat(500_001);
    const xml = `<updates><update><id>A</id></update><update><id>B</id>${many}</update><update><id>C</id></update></updates>`;
    expect(ids(await read(xml))).toEqual(['A', 'oversized B', 'C']);
  });

  it('do not come before a text without end', async () => {
    const xml = `<updates><update a="${'x'.repeat(17_000_000)}"/></updates>`;
    await expect(read(xml)).rejects.toMatchObject({ code: 'feed_source_invalid' });
  });

  it('may have names that objects have', async () => {
    const [record] = await read('<updates><update __proto__="1" constructor="2"/></updates>');
    expect(record && 'element' in record && Object.keys(record.element.attributes)).toEqual([
      '__proto__',
      'constructor',
    ]);
  });
});
