import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ReadProducts } from './endoflife-source.js';
import { openEndOfLifeSource } from './open-endoflife-source.js';
import { parseCycles, parseMarkdown, parseProduct } from './product-schema.js';

const MARKDOWN = `---
title: Debian
permalink: /debian
eoesColumn: Debian <abbr title="Long Term Support">LTS</abbr>
auto:
  methods:
    - release_table: https://x
      fields:
        eol: "End"
releases:
  - releaseCycle: "12"
    codename: "Bookworm"
    eol: 2026-07-11
    eoes: 2028-06-30
    latest: "12.9"
  # unquoted: a number would lose the zero
  - releaseCycle: 3.10
    eol: false
  - releaseCycle: "3"
    eol: true
  - releaseCycle: "sid"
---

> [Debian](https://debian.org)
`;

const V1 = {
  name: 'debian',
  label: 'Debian',
  labels: { eoas: null, eol: 'x', eoes: 'Debian LTS' },
  releases: [
    {
      name: '12',
      codename: 'Bookworm',
      isEol: true,
      eolFrom: '2026-07-11',
      isEoes: false,
      eoesFrom: '2028-06-30',
      latest: { name: '12.9' },
    },
    { name: '3.10', codename: null, isEol: false, eolFrom: null, latest: 'what you like' },
    { name: '3', codename: null, isEol: true, eolFrom: null, isEoes: null, eoesFrom: null },
  ],
};

const V0 = [
  { cycle: '12', codename: 'Bookworm', eol: '2026-07-11', extendedSupport: '2028-06-30', latest: '12.9' },
  { cycle: '3.10', eol: false },
  { cycle: 3, eol: true },
  { cycle: 'sid' },
];

const CYCLES = [
  {
    name: '12',
    codename: 'Bookworm',
    end: { on: '2026-07-11', over: false },
    extendedEnd: { on: '2028-06-30', over: false },
    latest: '12.9',
  },
  { name: '3.10', codename: null, end: { on: null, over: false }, extendedEnd: null },
  { name: '3', codename: null, end: { on: null, over: true }, extendedEnd: null },
];

describe('a product', () => {
  it('is read from Markdown, from version 1 of the API, and from version 0', () => {
    expect(parseMarkdown(MARKDOWN)).toEqual({
      name: 'debian',
      label: 'Debian',
      extendedLabel: 'Debian LTS',
      cycles: CYCLES,
    });
    expect(parseProduct(V1)).toEqual({ name: 'debian', label: 'Debian', extendedLabel: 'Debian LTS', cycles: CYCLES });
    expect(parseCycles('debian', V0)).toEqual({ name: 'debian', label: 'debian', extendedLabel: null, cycles: CYCLES });
  });

  it('has no cycle whose end cannot be read', () => {
    const ends = ['soon', '2026-13-45', '', null, 5, {}, []];
    for (const eol of ends) expect(parseCycles('x', [{ cycle: '1', eol }]).cycles).toEqual([]);
  });

  it('takes no longer for more keys than it must, and the last of those that come twice', () => {
    const keys = Array.from({ length: 50_000 }, (_, i) => `k${i}: v\n`).join('');
    const started = performance.now();
    const { label } = parseMarkdown(MARKDOWN.replace('---\n', `---\n${keys}title: other\n`));
    expect(label).toBe('Debian');
    // Comparing each with each takes half a minute.
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it.each([
    ['no front matter', 'title: x\n'],
    ['a front matter without an end', '---\ntitle: x\n'],
    ['another front matter', '---\n- a\n---\n'],
    ['no releases', '---\ntitle: x\npermalink: /x\n---\n'],
    ['a name that leads elsewhere', MARKDOWN.replace('/debian', '/../../etc')],
    [
      'an alias bomb',
      `---\na: &a [x,x]\nb: &b [*a,*a]\n${Array.from({ length: 40 }, (_, i) => `c${i}: &c${i} [${i ? `*c${i - 1},*c${i - 1}` : '*b'}]`).join('\n')}\n---\n`,
    ],
  ])('is refused with %s', (_what, text) => {
    expect(() => parseMarkdown(text)).toThrow();
  });
});

const folders: string[] = [];
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function folder(files: Record<string, string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'plimsoll-eol-'));
  folders.push(root);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  return root;
}

/** Serves texts by path, and counts what was asked for. */
async function site(files: Record<string, string | ((request: IncomingMessage) => { status: number; text?: string })>) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const file = files[request.url ?? ''];
    if (file === undefined) response.writeHead(404).end();
    else if (typeof file === 'function') {
      const { status, text = '' } = file(request);
      response.writeHead(status).end(text);
    } else if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
    else response.writeHead(200, { etag: '"1"' }).end(file);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const read = (location: string, previous: { etag: string | null; digest: string } | null = null) =>
  openEndOfLifeSource(location, 1).read(previous, () => {}, AbortSignal.timeout(20_000));

const shown = (result: ReadProducts) =>
  result.unchanged ? 'unchanged' : [result.products.map(({ name }) => name), result.rejected.map(({ name }) => name)];

const second = MARKDOWN.replace('/debian', '/devuan');
const list = JSON.stringify({
  schema_version: '1.1.0',
  total: 3,
  result: [V1, { ...V1, name: 'devuan' }, { name: 'broken' }],
});

describe('a copy in a folder', () => {
  it.each<[string, Record<string, string>, string[], string[]]>([
    [
      'the repository',
      { 'products/debian.md': MARKDOWN, 'products/devuan.md': second, 'README.md': '# x', 'api/debian.json': '[]' },
      ['debian', 'devuan'],
      [],
    ],
    [
      'the files alone',
      { 'debian.md': MARKDOWN, 'devuan.md': second, 'bad.md': '# no product' },
      ['debian', 'devuan'],
      ['bad'],
    ],
    ['the list of the API', { 'api/v1/products/full/index.json': list }, ['debian', 'devuan'], ['broken']],
    [
      'each product of the API',
      { 'api/v1/products/debian/index.json': JSON.stringify({ result: V1 }) },
      ['debian'],
      [],
    ],
    [
      'version 0',
      { 'api/all.json': '["debian"]', 'api/debian.json': JSON.stringify(V0), 'api/bad.json': '{' },
      ['debian'],
      ['bad'],
    ],
  ])('is read: %s', async (_what, files, products, rejected) => {
    const root = await folder(files);
    const result = await read(root);
    expect(shown(result)).toEqual([products, rejected]);
    const digest = result.unchanged ? '' : result.digest;
    expect(shown(await read(root, { etag: null, digest }))).toBe('unchanged');
    expect(shown(await read(`file://${root}`))).toEqual([products, rejected]);
  });

  it.each([
    ['nothing', {}, 'feed_source_invalid'],
    ['no product', { 'a.md': '# a', 'b.md': '# b' }, 'feed_source_invalid'],
    ['no JSON', { 'api/v1/products/full.json': '<html>' }, 'feed_source_invalid'],
  ])('is refused with %s', async (_what, files, code) => {
    await expect(read(await folder(files))).rejects.toMatchObject({ code });
  });

  it('is refused when it is not there', async () => {
    await expect(read('/nowhere/at/all')).rejects.toMatchObject({ code: 'feed_source_unreachable' });
    expect(() => openEndOfLifeSource('ftp://x/')).toThrow(/PLIMSOLL_ENDOFLIFE_SOURCE/);
  });
});

describe('the site', () => {
  it('is asked for everything at once, and for nothing that is known', async () => {
    const { url, asked } = await site({ '/api/v1/products/full': list });
    const result = await read(url);
    expect(shown(result)).toEqual([['debian', 'devuan'], ['broken']]);
    expect(result).toMatchObject({ etag: '"1"' });
    expect(shown(await read(url, { etag: '"1"', digest: 'x' }))).toBe('unchanged');
    expect(asked).toEqual(['/api/v1/products/full', '/api/v1/products/full']);
  });

  it('may be a copy of the files, or have only version 0', async () => {
    const copy = await site({ '/mirror/api/v1/products/full/index.json': list });
    expect(shown(await read(`${copy.url}/mirror`))).toEqual([['debian', 'devuan'], ['broken']]);
    const old = await site({
      '/api/all.json': '["debian","devuan"]',
      '/api/debian.json': JSON.stringify(V0),
      '/api/devuan.json': '{}',
    });
    expect(shown(await read(old.url))).toEqual([['debian'], ['devuan']]);
  });

  it('is asked again when it is busy, and then given up', async () => {
    let times = 0;
    const busy = await site({
      '/api/v1/products/full': () => (++times < 3 ? { status: 503 } : { status: 200, text: list }),
    });
    expect(shown(await read(busy.url))).toEqual([['debian', 'devuan'], ['broken']]);
    const down = await site({ '/api/v1/products/full': () => ({ status: 500 }) });
    await expect(read(down.url)).rejects.toMatchObject({ code: 'feed_source_unreachable' });
  });

  it('that serves something else is refused', async () => {
    const portal = await site({ '/api/v1/products/full': '<html>Log in</html>' });
    await expect(read(portal.url)).rejects.toMatchObject({ code: 'feed_source_invalid' });
    const empty = await site({});
    await expect(read(empty.url)).rejects.toMatchObject({ code: 'feed_source_invalid' });
    const names = await site({ '/api/all.json': '["../../etc/passwd"]' });
    await expect(read(names.url)).rejects.toMatchObject({ code: 'feed_source_invalid' });
  });
});
