import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { parseAllowedAddress } from '../../src/model/registry-allow.js';
import { FakeRegistry } from '../support/fake-registry.js';
import { alpine, ociLayout, tar } from '../support/image.js';
import { startTestApp, type TestApp } from './app.js';

const PAGE = 40;

let service: TestApp;
let registry: FakeRegistry;
let layout: Record<string, Buffer>;

beforeAll(async () => {
  const loopback = parseAllowedAddress('127.0.0.1');
  service = await startTestApp({ registryAllow: loopback === null ? [] : [loopback] });
  layout = ociLayout([await tar(alpine([{ name: 'musl', version: '1.2.5-r0' }]))]);
});
afterAll(() => service.close());

beforeEach(async () => {
  registry = await FakeRegistry.start();
  registry.behave = ({ path }, response) => {
    const url = new URL(path, registry.url);
    if (!url.pathname.endsWith('/tags/list')) return false;
    const tags = [...registry.tags.keys()].sort().filter((tag) => tag > (url.searchParams.get('last') ?? ''));
    const page = tags.slice(0, PAGE);
    // As a registry behind a proxy says it, which does not know its own name.
    const link = `<http://internal.invalid/prefix/list?last=${page.at(-1)}&n=${PAGE}>; rel="next"`;
    response.writeHead(200, { 'content-type': 'application/json', ...(tags.length > PAGE && { link }) });
    response.end(JSON.stringify({ name: 'team/app', tags: page }));
    return true;
  };
  await service.request('POST', '/v1/registries', { host: registry.host, insecure: true });
});
afterEach(() => registry.close());

const push = (...tags: string[]) => {
  for (const tag of tags) registry.push(layout, tag);
};
const schedule = async (tagPattern: string, repository = `${registry.host}/team/app`) => {
  const settings = { name: registry.host, cron: '@yearly', repository, tagPattern };
  const { body, status } = await service.request('POST', '/v1/schedules', settings);
  expect([status, body.repository, body.tagPattern]).toEqual([201, repository, tagPattern]);
  return `/v1/schedules/${body.id}`;
};
/** Runs it, and waits until its tags are listed and its scans have ended. */
const run = async (path: string) => {
  const asked = await service.request('POST', `${path}/run`);
  expect(asked).toMatchObject({ status: 202, body: { status: 'listing', tags: null, scans: [] } });
  for (;;) {
    const { body } = await service.request('GET', `${path}/runs?limit=1`);
    if (body.items[0].status !== 'listing') return body.items[0];
    await sleep(50);
  }
};
const scansOf = async ({ scans }: { scans: { scanId: string }[] }) => {
  const ended = [];
  for (const { scanId } of scans) {
    for (;;) {
      const { body } = await service.request('GET', `/v1/scans/${scanId}`);
      if (body.finishedAt !== null) {
        ended.push(body);
        break;
      }
      await sleep(50);
    }
  }
  return ended;
};

it('scans the tags that match, those of a later page and those that come later too', async () => {
  push(...Array.from({ length: PAGE }, (_, i) => `a${i}`), 'v1.0', 'v1.1', 'v2.0');
  const path = await schedule('v1.*');
  const first = await run(path);
  expect(first).toMatchObject({
    ...{ status: 'done', error: null, skipped: [] },
    tags: { listed: PAGE + 3, matched: 2, complete: true, leftOutCount: 0, leftOut: [] },
  });
  const ended = await scansOf(first);
  // Everything was read; there are no advisories here to judge by.
  expect(ended.map(({ status, target }) => [status, target.reference]).sort()).toEqual([
    ['partial', `docker://${registry.host}/team/app:v1.0`],
    ['partial', `docker://${registry.host}/team/app:v1.1`],
  ]);
  push('v1.2');
  const second = await run(path);
  expect(second.scans).toHaveLength(3);
  expect(second.scans.map(({ targetId }: { targetId: string }) => targetId)).toEqual(
    expect.arrayContaining(first.scans.map(({ targetId }: { targetId: string }) => targetId)),
  );
  await scansOf(second);
}, 60_000);

it('makes targets of the highest new versions, tells which it left out, and takes those the next time', async () => {
  push(...Array.from({ length: 53 }, (_, i) => `v${i}`));
  const path = await schedule('*');
  const first = await run(path);
  expect(first.scans).toHaveLength(50);
  expect(first.tags).toMatchObject({ matched: 53, leftOutCount: 3, leftOut: ['v2', 'v1', 'v0'] });
  const second = await run(path);
  expect(second.tags).toMatchObject({ matched: 53, leftOutCount: 0 });
  expect(second.scans.length + second.skipped.length).toBe(53);
  await service.database.query(`UPDATE scan SET status = 'cancelled', finished_at = now() WHERE status = 'queued'`);
}, 60_000);

it('keeps why the tags could not be listed', async () => {
  registry.behave = () => false;
  expect(await run(await schedule('*'))).toMatchObject({
    ...{ status: 'failed', tags: null, scans: [] },
    error: { code: 'image_not_found', message: expect.stringContaining('has no repository team/app') },
  });
}, 60_000);

it.each([
  ['{"tags":["v1"]}', 'in a circle'],
  ['{"tags":[1]}', 'is not what was expected'],
  ['<html>', 'is not what was expected'],
])('a list that is %s is no list', async (text, message) => {
  registry.behave = (_request, response) => {
    response.writeHead(200, { link: '<?n=1000>; rel=next' }).end(text);
    return true;
  };
  const { error } = await run(await schedule('*'));
  expect(error).toMatchObject({ code: 'registry_invalid', message: expect.stringContaining(message) });
});

it('connects to no address that the operator did not allow', async () => {
  const path = await schedule('*', '127.0.0.2:1/team/app');
  expect((await run(path)).error).toMatchObject({ code: 'address_not_allowed' });
});

it('is one listing at a time: asked again meanwhile it is the same run', async () => {
  let proceed = () => {};
  const held = new Promise<void>((resolve) => {
    proceed = resolve;
  });
  registry.behave = async (_request, response) => {
    await held;
    response.writeHead(200).end('{"tags":null}');
    return true;
  };
  const path = await schedule('*');
  const [one, two] = [await service.request('POST', `${path}/run`), await service.request('POST', `${path}/run`)];
  expect(two.body).toEqual(one.body);
  proceed();
  expect(await service.request('GET', `${path}/runs`)).toMatchObject({ body: { items: [{ id: one.body.id }] } });
});

it.each([
  [{ repository: 'registry.example/app:1' }, 'repository'],
  [{ repository: 'registry.example/APP' }, 'repository'],
  [{ repository: 'registry.example/app', tagPattern: '(a+)+' }, 'tagPattern'],
  [{ repository: 'registry.example/app', labels: { a: 'b' } }, 'targetId'],
])('%j is refused by its field', async (settings, field) => {
  const { status, body } = await service.request('POST', '/v1/schedules', { name: 'x', cron: '@daily', ...settings });
  expect(status).toBe(400);
  expect(body.errors.map(({ path }: { path: string }) => path)).toEqual([field]);
});
