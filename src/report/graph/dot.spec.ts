import { describe, expect, it } from 'vitest';
import { dot } from './dot.js';

describe('dot', () => {
  it('writes nodes and edges, and no text of the target leaves its quotes', () => {
    const hostile = 'a"]; evil [x="\\\u0007\n';
    const text = dot(
      {
        nodes: [{ id: hostile, kind: 'container', label: 'a', data: { user: 'root' } }],
        edges: [{ from: hostile, to: 'host', kind: 'controls', via: 'privileged' }],
        gaps: [],
      },
      'web',
    );
    const id = '"a\\"]; evil [x=\\"\\\\ \\n"';
    expect(text).toBe(
      `digraph "web" {\n  rankdir=LR;\n  ${id} [label="a\\nuser: root", shape=box];\n  ${id} -> "host" [label="privileged", style=bold];\n}\n`,
    );
  });

  it('draws a cluster’s nodes and edges apart from each other', () => {
    const nodes = [{ id: 'cluster-admin', kind: 'cluster' as const, label: 'cluster-admin', data: {} }];
    const edges = [{ from: 'a', to: 'cluster-admin', kind: 'becomes' as const, via: 'token' }];
    const text = dot({ nodes, edges, gaps: [] }, 'c');
    expect(text).toContain('"cluster-admin" [label="cluster-admin", shape=tripleoctagon]');
    expect(text).toContain('"a" -> "cluster-admin" [label="token", style=bold]');
  });
});
