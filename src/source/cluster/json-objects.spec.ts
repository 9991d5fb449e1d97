import { describe, expect, it } from 'vitest';
import fc from '../../../test/support/property.js';
import { JsonObjects } from './json-objects.js';

/** What is found when the text comes in pieces of so many bytes. */
function found(text: string, size = 64 * 1024) {
  const seen: string[] = [];
  const objects = new JsonObjects({
    object: (bytes, line) => seen.push(`object ${line} ${bytes}`),
    item: (bytes, line, head) => seen.push(`item ${line} ${bytes}${head === null ? '' : ` of ${head}`}`),
    fault: (message, line) => seen.push(`fault ${line} ${message}`),
  });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) objects.write(Buffer.from(bytes.subarray(at, at + size)));
  objects.end();
  return seen;
}

describe('JsonObjects', () => {
  it.each([
    ['one object', '{"a":{"b":[1,{"c":2}]}}', ['object 1 {"a":{"b":[1,{"c":2}]}}']],
    ['several behind each other', '{"a":1}\n{"b":2}', ['object 1 {"a":1}', 'object 2 {"b":2}']],
    ['an array', '[{"a":1},\n{"b":2}]', ['item 1 {"a":1}', 'item 2 {"b":2}']],
    [
      'a list',
      '{"kind":"List",\n"items":[{"a":1},\n{"b":[]}],"metadata":{}}',
      [
        'item 2 {"a":1} of {"kind":"List",\n"items":[',
        'item 3 {"b":[]} of {"kind":"List",\n"items":[',
        'object 1 {"kind":"List",\n"items":[],"metadata":{}}',
      ],
    ],
    ['items deeper down, which are no list', '{"spec":{"items":[{"a":1}]}}', ['object 1 {"spec":{"items":[{"a":1}]}}']],
    ['items that are no array', '{"items":{"a":[1]}}', ['object 1 {"items":{"a":[1]}}']],
    ['a value that is called items', '{"a":"items","b":[{"c":1}]}', ['object 1 {"a":"items","b":[{"c":1}]}']],
    ['brackets and quotes in texts', '{"a":"}]\\"{"}', ['object 1 {"a":"}]\\"{"}']],
    ['nothing', ' \n', []],
    ['a mark of the order of bytes', '\uFEFF{"a":1}', ['object 1 {"a":1}']],
  ])('finds %s', (_, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it.each([
    ['a cut object', '{"a":1}\n{"b":', 'fault 2 it ends in the middle of an object: it is cut'],
    ['a cut list', '{"items":[{"a":1},{"b"', 'fault 1 it ends in the middle of an object: it is cut'],
    ['something else', '{"a":1} rubbish', 'fault 1 expected JSON objects, and there is something else'],
    ['a bracket too many', '{"a":1}}', 'fault 1 expected JSON objects, and there is something else'],
    [
      'an item that is no object',
      '{"items":[{"a":1},7]}',
      'fault 1 expected JSON objects, and there is something else',
    ],
  ])('tells of %s', (_, text, fault) => {
    expect(found(text)).toContain(fault);
  });

  it('passes over an object that is too large, and goes on', () => {
    const seen = found(`{"items":[{"a":"${'x'.repeat(9 * 1024 * 1024)}"},{"b":1}]}`);
    expect(seen[0]).toMatch(/^fault 1 an object has 94371\d\d bytes, over the limit/);
    expect(seen[1]).toMatch(/^item 1 \{"b":1\}/);
  });

  it('finds the same however the bytes are cut', () => {
    const text = '{"kind":"List","items":[{"a":"é\\"}"},{"items":[1]}],"x":"]"}\n[{"b":{}}] {"c":[[]]}';
    const whole = found(text);
    for (let size = 1; size < 20; size += 1) expect(found(text, size)).toEqual(whole);
  });

  it('finds what JSON.stringify wrote', () => {
    const value = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.integer({ min: 1, max: 50 }), (items, size) => {
        const text = JSON.stringify({ kind: 'List', items });
        const seen = found(text, size).filter((line) => line.startsWith('item'));
        expect(seen).toEqual(items.map((item) => `item 1 ${JSON.stringify(item)} of {"kind":"List","items":[`));
      }),
    );
  });
});
