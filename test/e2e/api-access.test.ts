import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from './app.js';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';

describe('access', () => {
  let service: TestApp;
  let routes: [method: string, path: string][];

  beforeAll(async () => {
    service = await startTestApp();
    const { body } = await service.request('GET', '/docs-json');
    routes = Object.entries(body.paths as Record<string, object>).flatMap(([path, operations]) =>
      Object.keys(operations).map((method): [string, string] => [
        method.toUpperCase(),
        path.replace('{id}', ID).replace('{name}', 'osv'),
      ]),
    );
  });
  afterAll(() => service.close());

  /** Without the token that `service.request` sends. */
  const ask = (method: string, path: string, authorization?: string, headers: Record<string, string> = {}) =>
    fetch(service.url + path, { method, headers: { ...headers, ...(authorization && { authorization }) } });

  const basic = () => `Basic ${Buffer.from(`anyone:${service.token}`).toString('base64')}`;

  it('asks every documented route but health for a token', async () => {
    expect(routes.length).toBeGreaterThan(15);
    for (const [method, path] of routes) {
      const { status, headers } = await ask(method, path);
      const open = path === '/healthz' || path === '/readyz';
      expect({ path, status }).toEqual({ path, status: open ? 200 : 401 });
      if (!open) expect(headers.get('www-authenticate')).toContain('Bearer realm="Plimsoll"');
    }
  });

  it.each([
    '/metrics',
    '/docs',
    '/docs/',
    '/docs/index.html',
    '/docs/swagger-ui.css',
    '/docs/swagger-ui-init.js',
    '/docs-json',
    '/docs-yaml',
    '/graphql',
    '/graphql?query={feeds{nodes{name}}}',
    '/nothing-here',
    '//v1/scans',
    '/v1/../v1/scans',
    '/V1/scans',
    '/healthz/..',
    '/healthz%2f..%2fv1%2fscans',
    '/v1/scans;/healthz',
  ])('answers GET %s with 401', async (path) => {
    const response = await ask('GET', path);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'unauthenticated', status: 401 });
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'answers %s /graphql and /v1/scans with 401',
    async (method) => {
      expect((await ask(method, '/graphql')).status).toBe(401);
      expect((await ask(method, '/v1/scans')).status).toBe(401);
    },
  );

  it.each(['Bearer nobody', 'Bearer', 'nonsense', 'Bearer a b', 'Basic !!!', `Basic ${btoa('x:nobody')}`])(
    'refuses the credentials %j',
    async (authorization) => {
      const response = await ask('GET', '/v1/scans', authorization);
      expect(response.status).toBe(401);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
    },
  );

  it('lets a browser read with Basic, and asks for it on pages alone', async () => {
    expect((await ask('GET', '/docs')).headers.get('www-authenticate')).toContain('Basic realm="Plimsoll"');
    expect((await ask('GET', '/graphql')).headers.get('www-authenticate')).toContain('Basic realm="Plimsoll"');
    expect((await ask('GET', '/v1/scans')).headers.get('www-authenticate')).not.toContain('Basic');
    expect((await ask('GET', '/docs', basic())).status).toBe(200);
    expect((await ask('GET', '/docs/swagger-ui-bundle.js', basic())).status).toBe(200);
    expect((await ask('GET', '/v1/scans', basic())).status).toBe(200);
  });

  it('takes no Basic where another site could make the browser write', async () => {
    expect((await ask('POST', '/v1/feeds/osv/sync', basic())).status).toBe(401);
    expect((await ask('POST', '/v1/uploads', basic())).status).toBe(401);
    const post = (type: string) =>
      fetch(`${service.url}/graphql`, {
        method: 'POST',
        headers: { authorization: basic(), 'content-type': type },
        body: '{"query":"{feeds{nodes{name}}}"}',
      });
    expect((await post('application/json')).status).toBe(200);
    expect((await post('text/plain')).status).toBe(415);
    expect((await post('application/x-www-form-urlencoded')).status).toBe(415);
    const mutation = encodeURIComponent('mutation{syncFeed(name:"osv"){status}}');
    expect((await ask('GET', `/graphql?query=${mutation}`, basic())).status).toBe(400);
  });

  it('sends headers that keep answers private and as they are', async () => {
    for (const path of ['/v1/scans', '/nothing', '/docs', '/metrics']) {
      const { headers } = await service.request('GET', path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toContain('private');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    }
  });
});
