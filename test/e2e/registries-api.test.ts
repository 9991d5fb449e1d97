import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeCertificates } from '../support/certificates.js';
import { haveParts } from '../support/real-parts.js';
import { startTestApp, type TestApp } from './app.js';

const SECRET = 'hunter2;"x"';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('registries', () => {
  let service: TestApp;

  beforeAll(async () => {
    service = await startTestApp();
  });
  afterAll(() => service.close());
  afterEach(async () => {
    for (const { id } of (await service.request('GET', '/v1/registries')).body.items) {
      await service.request('DELETE', `/v1/registries/${id}`);
    }
  });

  const create = (body: unknown) => service.request('POST', '/v1/registries', body);
  const ask = async (query: string, variables: object = {}) => {
    const { body } = await service.request('POST', '/graphql', { query, variables });
    return body;
  };

  it('are made, shown, listed by host, changed and deleted', async () => {
    const made = await create({
      host: 'Registry.Example:5000',
      username: 'alice',
      password: SECRET,
      mirrors: ['mirror.example/hub'],
    });
    expect(made.status).toBe(201);
    const { id } = made.body;
    expect(made.headers.get('location')).toBe(`/v1/registries/${id}`);
    expect(made.body).toEqual({
      id: expect.stringMatching(UUID),
      host: 'registry.example:5000',
      authentication: 'basic',
      mirrors: ['mirror.example/hub'],
      ca: null,
      insecure: false,
      createdAt: expect.stringMatching(TIME),
      updatedAt: made.body.createdAt,
    });
    expect((await service.request('GET', `/v1/registries/${id}`)).body).toEqual(made.body);
    await create({ host: 'index.docker.io' });
    const first = (await service.request('GET', '/v1/registries?limit=1')).body;
    expect(first.items.map(({ host }: { host: string }) => host)).toEqual(['docker.io']);
    const second = (await service.request('GET', `/v1/registries?limit=1&cursor=${first.nextCursor}`)).body;
    expect(second).toEqual({ items: [made.body], nextCursor: null });
    const changed = await service.request('PATCH', `/v1/registries/${id}`, {
      token: 'identity',
      insecure: true,
      mirrors: null,
    });
    expect(changed).toMatchObject({ status: 200, body: { authentication: 'token', insecure: true, mirrors: [] } });
    expect((await service.request('DELETE', `/v1/registries/${id}`)).status).toBe(204);
    expect((await service.request('GET', `/v1/registries/${id}`)).status).toBe(404);
    expect((await service.request('DELETE', `/v1/registries/${id}`)).status).toBe(404);
    expect((await service.request('PATCH', `/v1/registries/${id}`, { insecure: true })).status).toBe(404);
  });

  it('have one entry for each host', async () => {
    await create({ host: 'registry.example' });
    expect(await create({ host: 'REGISTRY.example' })).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  it('keep credentials until others are given, or none', async () => {
    const { id } = (await create({ host: 'registry.example', username: 'alice', password: SECRET })).body;
    const authentication = async (body: object) =>
      (await service.request('PATCH', `/v1/registries/${id}`, body)).body.authentication;
    expect(await authentication({})).toBe('basic');
    expect(await authentication({ insecure: true })).toBe('basic');
    expect(await authentication({ token: 'x' })).toBe('token');
    expect(await authentication({ token: null })).toBe('none');
    expect(await authentication({ username: 'alice', password: SECRET, token: null })).toBe('basic');
    expect(await authentication({ username: null, password: null })).toBe('none');
  });

  it.each([
    [{}, 'host'],
    [{ host: 5 }, 'host'],
    [{ host: 'https://registry.example' }, 'host'],
    [{ host: 'registry.example/path' }, 'host'],
    [{ host: 'user:secret@registry.example' }, 'host'],
    [{ host: 'x', username: 'alice' }, 'password'],
    [{ host: 'x', password: SECRET }, 'username'],
    [{ host: 'x', username: 'alice', password: SECRET, token: 'y' }, 'token'],
    [{ host: 'x', username: 'a:b', password: SECRET }, 'username'],
    [{ host: 'x', username: 'alice', password: `${SECRET}\n` }, 'password'],
    [{ host: 'x', username: 'alice', password: [SECRET] }, 'password'],
    [{ host: 'x', token: `${SECRET} ` }, 'token'],
    [{ host: 'x', mirrors: 'mirror.example' }, 'mirrors'],
    [{ host: 'x', mirrors: ['https://mirror.example'] }, 'mirrors.0'],
    [{ host: 'x', mirrors: ['mirror.example/../x'] }, 'mirrors.0'],
    [{ host: 'x.example', mirrors: ['y.example', 'X.example'] }, 'mirrors.1'],
    [{ host: 'x', ca: 'no certificate' }, 'ca'],
    [{ host: 'x', ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }, 'ca'],
    [{ host: 'x', insecure: 'yes' }, 'insecure'],
    [{ host: 'x', secret: SECRET }, 'secret'],
  ])('refuse %j for its %s, and repeat no secret', async (body, path) => {
    const { status, body: problem } = await create(body);
    expect({ status, code: problem.code, paths: problem.errors.map((e: { path: string }) => e.path) }).toEqual({
      status: 400,
      code: 'invalid_request',
      paths: [path],
    });
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });

  it.skipIf(!haveParts('a certificate', ['openssl']))(
    'keep certificates, and no key that was pasted with them',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'plimsoll-ca-'));
      const { ca } = await makeCertificates(folder, 'registry');
      await rm(folder, { recursive: true });
      const key = `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(64)}\n-----END PRIVATE KEY-----\n`;
      const { status, body } = await create({ host: 'registry.example', ca: `${key}${ca}\n${ca}` });
      expect(status).toBe(201);
      expect(body.ca.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
      expect(body.ca).not.toContain('PRIVATE');
    },
  );

  it('are the same by GraphQL', async () => {
    const fields = 'id host authentication mirrors ca insecure createdAt updatedAt';
    const input = { host: 'registry.example', username: 'alice', password: SECRET };
    const made = await ask(`mutation($input:CreateRegistryInput!){createRegistry(input:$input){${fields}}}`, { input });
    const { id } = made.data.createRegistry;
    expect(made.data.createRegistry).toEqual((await service.request('GET', `/v1/registries/${id}`)).body);
    const changed = await ask(
      `mutation($id:ID!){updateRegistry(id:$id,input:{insecure:true}){authentication insecure}}`,
      { id },
    );
    expect(changed.data.updateRegistry).toEqual({ authentication: 'basic', insecure: true });
    expect((await ask(`{registries{nodes{host}}}`)).data.registries.nodes).toEqual([{ host: 'registry.example' }]);
    expect((await ask(`query($id:ID!){registry(id:$id){host}}`, { id })).data.registry.host).toBe('registry.example');
    expect((await ask(`mutation($id:ID!){deleteRegistry(id:$id)}`, { id })).data.deleteRegistry).toBe(id);
    expect((await ask(`mutation($id:ID!){deleteRegistry(id:$id)}`, { id })).errors[0].extensions.code).toBe(
      'not_found',
    );
  });

  it.each([
    ['a field too many', { host: 'x', username: 'alice', password: SECRET, more: 1 }],
    ['a field too few', { username: 'alice', password: SECRET }],
    ['a list for a text', { host: 'x', username: 'alice', password: [SECRET] }],
    ['an object for a text', { host: 'x', username: 'alice', password: { value: SECRET } }],
    ['half of the credentials', { host: 'x', password: SECRET }],
  ])('repeat no secret in an error of GraphQL about %s', async (_what, input) => {
    const asked = await ask(`mutation($input:CreateRegistryInput!){createRegistry(input:$input){id}}`, { input });
    expect(asked.errors[0].extensions.code).toBe('invalid_request');
    expect(JSON.stringify(asked)).not.toContain('hunter2');
  });

  it.each([
    'mutation{createRegistry(input:{host:"x",username:"alice",password:["hunter2"]}){id}}',
    'mutation{createRegistry(input:{host:"x",username:"alice",password:{a:"hunter2"}}){id}}',
    'mutation{createRegistry(input:"hunter2"){id}}',
    'mutation{createRegistry(input:{host "hunter2"}){id}}',
  ])('repeat no secret that is in the operation itself: %s', async (query) => {
    const asked = await ask(query);
    expect(asked.errors[0].extensions.code).toBe('invalid_request');
    expect(JSON.stringify(asked)).not.toContain('hunter2');
  });

  it('are told of in events, without secrets', async () => {
    const { id } = (await create({ host: 'events.example', username: 'alice', password: SECRET })).body;
    await service.request('PATCH', `/v1/registries/${id}`, { username: 'alice', password: SECRET, insecure: true });
    await service.request('PATCH', `/v1/registries/${id}`, { insecure: true });
    await service.request('DELETE', `/v1/registries/${id}`);
    const events = await vi.waitFor(async () => {
      const { items } = (await service.request('GET', '/v1/events?limit=500')).body;
      const own = items.filter(({ subject }: { subject: string }) => subject === `registry/${id}`);
      expect(own).toHaveLength(3);
      return own;
    }, 10_000);
    expect(events.map(({ type, data }: { type: string; data: object }) => [type, data])).toEqual([
      [
        'registry.created',
        { host: 'events.example', authentication: 'basic', mirrors: [], insecure: false, ca: false },
      ],
      [
        'registry.updated',
        {
          host: 'events.example',
          changed: ['credentials', 'insecure'],
          authentication: 'basic',
          mirrors: [],
          insecure: true,
          ca: false,
        },
      ],
      ['registry.deleted', { host: 'events.example' }],
    ]);
  });
});
