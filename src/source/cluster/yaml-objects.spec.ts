import { describe, expect, it } from 'vitest';
import { readYaml } from './yaml-objects.js';

function read(text: string) {
  const objects: [unknown, number][] = [];
  const faults: string[] = [];
  readYaml(text, {
    object: (value, line) => objects.push([value, line]),
    fault: (message, line, column) => faults.push(`${line}:${column} ${message}`),
  });
  return { objects, faults };
}

describe('readYaml', () => {
  it('gives each document with the line that it begins on', () => {
    expect(read('# first\nkind: A\n---\n\nkind: B\n--- # third\nkind: C\n---\n').objects).toEqual([
      [{ kind: 'A' }, 2],
      [{ kind: 'B' }, 5],
      [{ kind: 'C' }, 7],
    ]);
  });

  it('gives the items of lists, of one kind too', () => {
    expect(read('kind: List\nitems:\n- kind: A\n- kind: B\n').objects).toEqual([
      [{ kind: 'A' }, 3],
      [{ kind: 'B' }, 4],
    ]);
    expect(read('apiVersion: v1\nkind: PodList\nitems:\n- metadata: {}\n').objects).toEqual([
      [{ apiVersion: 'v1', kind: 'Pod', metadata: {} }, 4],
    ]);
  });

  it.each([
    ['yes', true],
    ['off', false],
    ['0644', 420],
    ['0o644', '0o644'],
    ['10:30', '10:30'],
    ['2026-01-01', '2026-01-01'],
    ['1.0', 1],
    ['~', null],
  ])('takes %s for what kubectl does', (text, value) => {
    expect(read(`a: ${text}`).objects).toEqual([[{ a: value }, 1]]);
  });

  it('leaves the rest as it is where a document is broken, and says where', () => {
    const { objects, faults } = read('kind: A\n---\nkind: B\n  bad: [\n---\nkind: C\n');
    expect(objects).toEqual([
      [{ kind: 'A' }, 1],
      [{ kind: 'C' }, 6],
    ]);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^3:\d+ /);
  });

  it('says what to do about a template', () => {
    expect(read('{{- if .Values.a }}\nkind: A\n{{- end }}\n').faults[0]).toContain('helm template');
  });

  it('reads the last of a key that is there twice, and says so', () => {
    const { objects, faults } = read('a: 1\na: 2\n');
    expect(objects).toEqual([[{ a: 2 }, 1]]);
    expect(faults[0]).toMatch(/^2:1 a key is there twice/);
  });

  it('resolves anchors and merges, and refuses those that are made to grow', () => {
    expect(read('a: &x {b: 1}\nc: {<<: *x, d: 2}\n').objects[0]?.[0]).toEqual({ a: { b: 1 }, c: { b: 1, d: 2 } });
    const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]'];
    for (let level = 1; level < 10; level += 1)
      lines.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(',')}]`,
      );
    const { objects, faults } = read(lines.join('\n'));
    expect(objects).toEqual([]);
    expect(faults[0]).toContain('alias');
  });

  it('refuses what is nested too deep', () => {
    const { objects, faults } = read(`a: ${'['.repeat(20_000)}`);
    expect(objects).toEqual([]);
    expect(faults).toHaveLength(1);
  });
});
