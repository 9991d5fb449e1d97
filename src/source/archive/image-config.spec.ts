import { describe, expect, it } from 'vitest';
import { SILENT_CONFIG as EMPTY } from '../../../test/support/image-config.js';
import fc from '../../../test/support/property.js';
import { readImageConfig } from './image-config.js';

describe('readImageConfig', () => {
  it('reads every field', () => {
    const document = {
      architecture: 'arm64',
      os: 'linux',
      variant: 'v8',
      created: '2026-01-02T03:04:05.678901234Z',
      author: 'Somebody <some@body.example>',
      config: {
        User: '1000:1000',
        Env: ['PATH=/bin', 'A=b=c'],
        ExposedPorts: { '8080/tcp': {}, '53/udp': {} },
        Volumes: { '/data': {} },
        Entrypoint: ['/entry', '--x'],
        Cmd: ['run'],
        WorkingDir: '/app',
        Labels: { a: 'b', 'org.example': '' },
        StopSignal: 'SIGTERM',
        Shell: ['/bin/bash', '-c'],
        Healthcheck: { Test: ['CMD-SHELL', 'true'], Interval: 5_000_000_000 },
      },
      history: [
        { created: '2026-01-01T00:00:00Z', created_by: 'ADD file:1 in /', comment: 'first' },
        { created_by: 'ENV A=b', empty_layer: true },
      ],
      rootfs: { type: 'layers', diff_ids: ['sha256:1', 'sha256:2'] },
    };
    expect(readImageConfig(document, 'it')).toEqual({
      config: {
        architecture: 'arm64',
        os: 'linux',
        variant: 'v8',
        created: '2026-01-02T03:04:05.678901234Z',
        author: 'Somebody <some@body.example>',
        user: '1000:1000',
        env: ['PATH=/bin', 'A=b=c'],
        exposedPorts: ['8080/tcp', '53/udp'],
        volumes: ['/data'],
        entrypoint: ['/entry', '--x'],
        cmd: ['run'],
        workingDir: '/app',
        labels: { a: 'b', 'org.example': '' },
        stopSignal: 'SIGTERM',
        shell: ['/bin/bash', '-c'],
        healthcheck: { test: ['CMD-SHELL', 'true'] },
        diffIds: ['sha256:1', 'sha256:2'],
        history: [
          { created: '2026-01-01T00:00:00Z', createdBy: 'ADD file:1 in /', comment: 'first', emptyLayer: false },
          { created: null, createdBy: 'ENV A=b', comment: null, emptyLayer: true },
        ],
      },
      gaps: [],
    });
  });

  it.each([
    [{}, {}],
    [{ config: null, history: null }, {}],
    [{ config: { Cmd: null, Env: null, Healthcheck: null, Labels: null } }, {}],
    [{ config: { Entrypoint: 'run me', Cmd: [] } }, { entrypoint: ['run me'], cmd: [] }],
    [{ config: { user: 'root', USER: 'app' } }, { user: 'app' }],
    [{ config: { Healthcheck: { Test: [] } } }, { healthcheck: null }],
    [{ config: { Healthcheck: { Test: ['NONE'] } } }, { healthcheck: { test: ['NONE'] } }],
    [{ config: { Labels: JSON.parse('{"__proto__":"x"}') } }, { labels: JSON.parse('{"__proto__":"x"}') }],
  ])('reads %j as engines do', (document, expected) => {
    expect(readImageConfig(document, 'it')).toEqual({ config: { ...EMPTY, ...expected }, gaps: [] });
  });

  it.each<[object, object, string[]]>([
    [{ os: 5 }, {}, ['os']],
    [{ config: [] }, {}, ['config']],
    [{ config: { Env: 'A=b' } }, {}, ['config.Env']],
    [{ config: { Env: ['A=b', 5, {}] } }, { env: ['A=b'] }, ['config.Env']],
    [{ config: { Labels: { a: 1, b: 'c' } } }, { labels: { b: 'c' } }, ['config.Labels']],
    [{ config: { User: { name: 'root' } } }, {}, ['config.User']],
    [{ config: { Healthcheck: 'curl' } }, {}, ['config.Healthcheck']],
    [{ config: { ExposedPorts: ['80/tcp'] } }, {}, ['config.ExposedPorts']],
    [
      { history: [5, { created_by: 'x', empty_layer: 'yes' }] },
      {
        history: [
          { created: null, createdBy: null, comment: null, emptyLayer: false },
          { created: null, createdBy: 'x', comment: null, emptyLayer: false },
        ],
      },
      ['history', 'history.empty_layer'],
    ],
    [{ config: { WorkingDir: 'x'.repeat(70_000) } }, { workingDir: 'x'.repeat(65_536) }, ['config.WorkingDir']],
  ])('leaves out what is otherwise and says so: %#', (document, expected, subjects) => {
    const { config, gaps } = readImageConfig(document, 'it');
    expect(config).toEqual({ ...EMPTY, ...expected });
    expect(gaps.map(({ code, subject }) => [code, subject])).toEqual(
      subjects.map((subject) => ['config_unreadable', subject]),
    );
  });

  it('keeps no more than there is any use for', () => {
    const { config, gaps } = readImageConfig({ config: { Env: Array(100_000).fill('A=b') } }, 'it');
    expect(config.env).toHaveLength(4_000);
    expect(gaps).toHaveLength(1);
  });

  it('reads any JSON', () => {
    const document = fc.record({
      os: fc.jsonValue(),
      history: fc.jsonValue(),
      config: fc.oneof(
        fc.jsonValue(),
        fc.record({ Env: fc.jsonValue(), Labels: fc.jsonValue(), Healthcheck: fc.jsonValue(), Cmd: fc.jsonValue() }),
      ),
    });
    fc.assert(
      fc.property(document, (value) => {
        expect(Object.keys(readImageConfig(value, 'it').config)).toEqual(Object.keys(EMPTY));
      }),
    );
  });
});
