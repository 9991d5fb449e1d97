import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SecretScanner } from '../../src/engine/secret/secret-scanner.js';
import type { EngineFacts } from '../../src/model/host/engine.js';
import type { Fact } from '../../src/model/host/fact.js';
import { type ReadEngineOptions, readEngineFacts } from '../../src/source/host/engine/read-engine.js';
import { readLogMatches } from '../../src/source/host/engine/read-logs.js';
import { FakeEngine, idOf, inspectAnswer } from '../support/fake-engine.js';
import { container } from '../support/host-facts.js';
import { freePort } from '../support/service-process.js';

const secrets = new SecretScanner(Buffer.from('key'));

describe('an engine that misbehaves', () => {
  let engine: FakeEngine;

  beforeEach(async () => {
    engine = await FakeEngine.start('a', 'b', 'c');
  });
  afterEach(() => engine.stop());

  function options(more: Partial<ReadEngineOptions> = {}): ReadEngineOptions {
    return {
      daemon: { address: { kind: 'unix', path: engine.socket }, tls: null },
      signal: new AbortController().signal,
      secrets,
      onProgress: () => undefined,
      limits: { requestMs: 300 },
      ...more,
    };
  }

  const read = (more?: Partial<ReadEngineOptions>) => readEngineFacts(options(more));
  const names = (fact: Fact<EngineFacts>) => (fact.known ? fact.value.containers.map(({ name }) => name) : null);

  it('is read where it does not', async () => {
    const progress: number[] = [];
    const fact = await read({ onProgress: (fraction) => progress.push(fraction) });
    expect(fact).toMatchObject({
      known: true,
      gaps: [],
      value: { images: [{ user: '10001', digests: ['app@sha256:bb'] }] },
    });
    expect(names(fact)).toEqual(['a', 'b', 'c']);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(progress.at(-1)).toBe(1);
  });

  const endless = (response: ServerResponse) => {
    const timer = setInterval(() => response.write(' '.repeat(1_000)), 5);
    response.on('close', () => clearInterval(timer));
  };
  const FAULTS: [string, (response: ServerResponse) => void, RegExp][] = [
    ['never answers', () => undefined, /did not end within 0.3 s/],
    ['never ends', endless, /did not end within 0.3 s/],
    ['stops in the middle', (response) => void response.write('{"Id":'), /did not end within 0.3 s/],
    ['cuts off', (response) => void response.write('{"Id":', () => response.destroy()), /broke off/],
    ['hangs up', (response) => response.destroy(), /ECONNRESET/],
    ['sends half', (response) => void response.end('{"Id":'), /no JSON/],
    ['sends HTML', (response) => void response.end('<html><body>It works!'), /no JSON/],
    ['sends nothing', (response) => void response.end(), /no JSON/],
    ['sends null', (response) => void response.end('null'), /another form/],
    ['sends a list', (response) => void response.end('[]'), /another form/],
    ['sends another form', (response) => void response.end('{"Id":"x","Name":7}'), /another form/],
    ['nests deeply', (response) => void response.end('['.repeat(100_000)), /no JSON/],
    [
      'has trouble',
      (response) => void response.writeHead(500).end('{"message":"the disk\\nis broken"}'),
      /500: the disk is broken/,
    ],
    ['has trouble that never ends', (response) => endless(response.writeHead(500)), /500|did not end/],
    ['refuses', (response) => void response.writeHead(403).end('<html>'), /403/],
    ['redirects', (response) => void response.writeHead(302, { location: '/x' }).end(), /302/],
  ];

  it.each(FAULTS)('is known but for one container of which it %s', async (_what, answer, reason) => {
    engine.answers.set(`/containers/${idOf('b')}/json`, answer);
    const fact = await read();
    expect(names(fact)).toEqual(['a', 'c']);
    if (!fact.known) throw new Error(fact.reason);
    expect(fact.gaps).toEqual([expect.stringMatching(/^Container b could not be read: .*\.$/)]);
    expect(fact.gaps[0]).toMatch(reason);
    expect(fact.gaps[0]).not.toMatch(/[\n<]/);
  });

  it.each(FAULTS)('is not known when it %s asked what it runs', async (what, answer, reason) => {
    engine.answers.set('/containers/json', answer);
    const fact = await read();
    if (fact.known) {
      // An empty one is no fault.
      expect(what).toBe('sends a list');
      return;
    }
    expect(fact.reason).toMatch(reason);
    expect(['unreadable', 'limit_exceeded', 'not_permitted']).toContain(fact.code);
  });

  it.each(FAULTS)('tells of networks, volumes and images of which it %s', async (what, answer) => {
    for (const path of ['/networks', '/volumes', '/images/json']) engine.answers.set(path, answer);
    const fact = await read();
    if (!fact.known) throw new Error(fact.reason);
    expect(names(fact)).toEqual(['a', 'b', 'c']);
    const lists = fact.gaps.map((gap) => /^The list of (\w+)/.exec(gap)?.[1]);
    expect(lists).toEqual(what === 'sends a list' ? ['volumes'] : ['images', 'networks', 'volumes']);
  });

  it.each<[string, string, (response: ServerResponse) => void, string]>([
    ['it may not be asked', '/version', (response) => void response.writeHead(403).end(), 'not_permitted'],
    [
      'it may not be asked how it is set up',
      '/info',
      (response) => void response.writeHead(401).end(),
      'not_permitted',
    ],
    ['it is a web server', '/version', (response) => void response.end('<html>'), 'unreadable'],
    ['it is another service', '/version', (response) => void response.end('{}'), 'unreadable'],
    ['it says nothing', '/version', () => undefined, 'limit_exceeded'],
  ])('is not known when %s', async (_what, path, answer, code) => {
    engine.answers.set(path, answer);
    expect(await read()).toMatchObject({
      known: false,
      code,
      reason: expect.stringMatching(/^The container engine at .*\.$/),
    });
  });

  it('is not there when nobody listens on its socket', async () => {
    const left = await FakeEngine.start();
    await left.stop();
    const address = { kind: 'unix' as const, path: left.socket };
    expect(await read({ daemon: { address, tls: null } })).toMatchObject({ known: false, code: 'not_present' });
    const closed = { kind: 'tcp' as const, host: '127.0.0.1', port: await freePort() };
    expect(await read({ daemon: { address: closed, tls: null } })).toMatchObject({ known: false, code: 'not_present' });
  });

  it('leaves out what is removed meanwhile', async () => {
    engine.answers.delete(`/containers/${idOf('b')}/json`);
    const fact = await read();
    expect(names(fact)).toEqual(['a', 'c']);
    expect(fact).toMatchObject({ gaps: [] });
  });

  it('may not tell which processes run', async () => {
    engine.answers.set(
      `/containers/${idOf('b')}/top`,
      (response: ServerResponse) => void response.writeHead(500).end(),
    );
    const fact = await read();
    expect(fact.known && fact.value.containers.map(({ processes }) => processes?.length ?? null)).toEqual([1, null, 1]);
  });

  it('is read no longer, and no further, than it may be', async () => {
    const slow = (response: ServerResponse) =>
      void setTimeout(() => response.end(JSON.stringify(inspectAnswer('a'))), 150);
    for (const name of ['a', 'b', 'c']) engine.answers.set(`/containers/${idOf(name)}/json`, slow);
    const late = await read({ limits: { requestMs: 300, totalMs: 100 } });
    expect(late.known && late.gaps.length).toBeGreaterThan(3);
    engine.furnish(['a']);
    expect(await read({ limits: { answerBytes: 1_000 } })).toMatchObject({
      gaps: [expect.stringContaining('is larger')],
    });
    expect(await read({ limits: { totalBytes: 1_000 } })).toMatchObject({
      gaps: expect.arrayContaining([expect.stringContaining('is larger')]),
    });
    engine.answers.set(
      '/containers/json',
      Array.from({ length: 10_500 }, (_, i) => ({ Id: `x${i}`, Names: [`/x${i}`] })),
    );
    const many = await read({ limits: { requestMs: 5_000 } });
    expect(many).toMatchObject({
      known: true,
      gaps: [expect.stringContaining('500 containers of 10500 were not looked at')],
    });
  }, 30_000);

  it('stops at once when it is told to', async () => {
    engine.answers.set('/info', () => undefined);
    const stop = new AbortController();
    setTimeout(() => stop.abort('cancelled'), 50);
    await expect(read({ signal: stop.signal, limits: { requestMs: 30_000 } })).rejects.toBe('cancelled');
  });

  it('is asked for nothing but what is read', async () => {
    await read();
    expect(engine.asked.every((path) => /^\/(?:version|info|containers|images|networks|volumes)\b/.test(path))).toBe(
      true,
    );
  });

  it('tells of 500 containers within five seconds', async () => {
    engine.furnish(Array.from({ length: 500 }, (_, i) => `c${i}`));
    const start = performance.now();
    const fact = await read({ limits: {} });
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(names(fact)?.length).toBe(500);
  }, 30_000);

  describe('with logs', () => {
    const frame = (stream: number, text: string) => {
      const head = Buffer.alloc(8);
      head[0] = stream;
      head.writeUInt32BE(Buffer.byteLength(text), 4);
      return Buffer.concat([head, Buffer.from(text)]);
    };
    const stamped = (second: number, text: string) =>
      `2026-11-24T12:00:${String(second).padStart(2, '0')}.000000000Z ${text}\n`;
    const logs = (answer: (response: ServerResponse) => void) => {
      engine.answers.set(`/containers/${idOf('a')}/logs`, answer);
      const running = { containers: [container('a')] };
      return readLogMatches(running, { ...options(), since: new Date(1_700_000_000_000) });
    };

    it('reads what is recent, of both streams', async () => {
      const token = ['ghp', 'aB3dE6gH9jK2mN5pQ8sT1vW4xY7zA0cD3fG6'].join('_');
      const fact = await logs((response) => {
        response.write(frame(2, stamped(1, `panic: \u001b[31mno\u0000 luck, Authorization: Bearer ${token}`)));
        response.end(frame(1, stamped(2, 'panic: again')));
      });
      expect(fact).toEqual({
        known: true,
        gaps: [],
        value: [
          {
            ruleId: 'program-crash',
            title: 'A program crashed',
            severity: 'medium',
            containerId: 'id-a',
            containerName: 'a',
            count: 2,
            firstAt: '2026-11-24T12:00:01.000Z',
            lastAt: '2026-11-24T12:00:02.000Z',
            excerpt: expect.stringMatching(/^panic: .*redacted/),
          },
        ],
      });
      expect(JSON.stringify(fact)).not.toContain(token);
      expect(engine.asked).toEqual([`/containers/id-a/logs?stdout=1&stderr=1&timestamps=1&tail=5000&since=1700000000`]);
    });

    it.each<[string, (response: ServerResponse) => void, RegExp]>([
      ['never ends', endless, /in part only/],
      ['never begins', () => undefined, /did not end within/],
      ['is too long', (response) => void response.end(Buffer.alloc(9 * 2 ** 20, 'x')), /in part only/],
      [
        'is kept elsewhere',
        (response) =>
          void response.writeHead(501).end('{"message":"configured logging driver does not support reading"}'),
        /its log driver keeps no log/,
      ],
      ['breaks off', (response) => void response.write(frame(1, 'x'), () => response.destroy()), /broke off/],
    ])('says that a log %s', async (_what, answer, reason) => {
      const fact = await logs(answer);
      if (!fact.known) throw new Error(fact.reason);
      expect(fact.gaps).toEqual([expect.stringMatching(/^The log of container a .*\.$/)]);
      expect(fact.gaps[0]).toMatch(reason);
    });

    it('takes the last of a long log', async () => {
      const filler = 'x'.repeat(1_000);
      const fact = await logs((response) => {
        response.write(frame(1, stamped(1, 'panic: long ago')));
        for (let i = 0; i < 3_000; i += 1) response.write(frame(1, stamped(2, filler)));
        response.end(frame(1, stamped(3, 'Out of memory')));
      });
      expect(fact.known && fact.value.map(({ ruleId }) => ruleId)).toEqual(['out-of-memory']);
    });
  });
});
