import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { sendRange } from '../support/fake-registry.js';
import {
  bearer,
  challenge,
  code,
  failure,
  found,
  guardOf,
  isLayer,
  known,
  other,
  preparePulls,
  pull,
  registry,
  setAccess,
  stored,
} from './pulling.js';

preparePulls();

describe('who is asked', () => {
  it('connects to no address that is not public unless it is allowed', async () => {
    const refused = await failure(pull({ guard: guardOf('10.0.0.0/8') }));
    expect(refused).toMatchObject({
      code: 'address_not_allowed',
      message: expect.stringContaining('PLIMSOLL_REGISTRY_ALLOW'),
    });
    expect(registry.requests).toEqual([]);
    const name = `localhost:${registry.host.split(':')[1]}/team/app`;
    setAccess(name.split('/')[0] as string, {});
    expect(await code(pull({ guard: guardOf('10.0.0.0/8') }, name))).toBe('address_not_allowed');
    expect(await found({ guard: guardOf('localhost') }, name)).toEqual(['musl', 'left']);
  });

  it.each([
    ['a metadata address', 'http://169.254.169.254/latest/meta-data/', 'address_not_allowed'],
    ['a metadata address in IPv6 clothes', 'http://[::ffff:169.254.169.254]/', 'address_not_allowed'],
    ['a number that is an address', 'http://2852039166/', 'address_not_allowed'],
    ['a file', 'file:///etc/passwd', 'registry_invalid'],
    ['no address', 'http://[', 'registry_invalid'],
    ['itself for ever', '', 'registry_invalid'],
  ])('follows no redirect to %s', async (_what, location, expected) => {
    registry.behave = (request, response) => {
      if (!isLayer(request)) return false;
      response.writeHead(307, { location: location || request.path }).end();
      return true;
    };
    expect(await code(pull())).toBe(expected);
  });

  it('sends no authorization to another host that it is redirected to, whatever that asks for', async () => {
    setAccess(registry.host, { credentials: { kind: 'basic', username: 'alice', password: 'hunter2' } });
    registry.behave = (request, response) => {
      if (request.headers.authorization === undefined) return challenge(response, 'Basic realm="x"');
      if (!isLayer(request)) return false;
      response.writeHead(307, { location: `http://bob:secret@${other.host}/storage?signature=x` }).end();
      return true;
    };
    other.behave = (request, response) => {
      sendRange(request, response, stored[0] as Buffer);
      return true;
    };
    expect(await found()).toEqual(['musl', 'left']);
    expect(other.paths()).toEqual(['/storage?signature=x']);
    expect(other.requests[0]?.headers.authorization).toBeUndefined();
    known.clear();
    other.behave = (_request, response) => challenge(response, `Bearer realm="${other.url}/token",service="x"`);
    expect(await code(pull())).toBe('registry_unauthorized');
    expect(other.paths().filter((path) => path.startsWith('/token'))).toEqual([]);
    expect(other.requests.some(({ headers }) => headers.authorization !== undefined)).toBe(false);
  });
});

describe('authentication', () => {
  const withToken = (response: ServerResponse, token: string) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ token, expires_in: 60 }));
    return true;
  };

  it('gets a token without credentials, once for all requests', async () => {
    registry.behave = (request, response) => {
      if (request.path.startsWith('/token')) return withToken(response, 't0');
      return request.headers.authorization === 'Bearer t0' ? false : challenge(response, bearer(registry));
    };
    expect(await found()).toEqual(['musl', 'left']);
    const tokens = registry.requests.filter(({ path }) => path.startsWith('/token'));
    expect(tokens).toHaveLength(1);
    expect(tokens[0]?.headers.authorization).toBeUndefined();
    const asked = new URL(tokens[0]?.path ?? '', registry.url).searchParams;
    expect(Object.fromEntries(asked)).toEqual({ service: 'the registry', scope: 'repository:team/app:pull' });
  });

  it('gets a token with a password, and another when it has expired', async () => {
    setAccess(registry.host, { credentials: { kind: 'basic', username: 'alice', password: 'hünter:2' } });
    let valid = '';
    let uses = 0;
    registry.behave = (request, response) => {
      if (request.path.startsWith('/token')) {
        valid = `t${uses}`;
        return withToken(response, valid);
      }
      if (request.headers.authorization !== `Bearer ${valid}`) return challenge(response, bearer(registry));
      uses += 1;
      if (uses === 2) valid = 'expired';
      return false;
    };
    expect(await found()).toEqual(['musl', 'left']);
    const tokens = registry.requests.filter(({ path }) => path.startsWith('/token'));
    expect(tokens).toHaveLength(2);
    const authorization = `Basic ${Buffer.from('alice:hünter:2').toString('base64')}`;
    expect(tokens.map(({ headers }) => headers.authorization)).toEqual([authorization, authorization]);
    const others = registry.requests.filter(({ path }) => !path.startsWith('/token'));
    expect(others.some(({ headers }) => headers.authorization?.startsWith('Basic'))).toBe(false);
  });

  it('gets a token for an identity token by POST', async () => {
    setAccess(registry.host, { credentials: { kind: 'token', token: 'id&token' } });
    registry.behave = (request, response) => {
      if (request.path === '/token') {
        response.end(JSON.stringify({ access_token: 't1' }));
        return true;
      }
      return request.headers.authorization === 'Bearer t1' ? false : challenge(response, bearer(registry));
    };
    expect(await found()).toEqual(['musl', 'left']);
    const post = registry.requests.find(({ method }) => method === 'POST');
    expect(Object.fromEntries(new URLSearchParams(post?.body))).toEqual({
      grant_type: 'refresh_token',
      client_id: 'plimsoll',
      service: 'the registry',
      scope: 'repository:team/app:pull',
      refresh_token: 'id&token',
    });
  });

  it('shows a token as it is where there is no token service', async () => {
    setAccess(registry.host, { credentials: { kind: 'token', token: 'static' } });
    registry.behave = (request, response) =>
      request.headers.authorization === 'Bearer static' ? false : challenge(response, 'Bearer');
    expect(await found()).toEqual(['musl', 'left']);
  });

  it('says that credentials are wrong or missing, and does not repeat them', async () => {
    registry.behave = (_request, response) => challenge(response, 'Basic realm="x"');
    expect(await failure(pull())).toMatchObject({
      code: 'registry_unauthorized',
      message: expect.stringContaining('/v1/registries'),
    });
    setAccess(registry.host, { credentials: { kind: 'basic', username: 'alice', password: 'hunter2' } });
    const wrong = await failure(pull());
    expect(wrong.code).toBe('registry_unauthorized');
    expect(wrong.message).not.toMatch(/hunter2|alice/);
    registry.behave = (request, response) =>
      challenge(response, request.path.startsWith('/token') ? 'Basic realm="x"' : bearer(registry));
    expect(await code(pull())).toBe('registry_unauthorized');
  });

  it('sends credentials to no token service of another host without TLS', async () => {
    setAccess(registry.host, { credentials: { kind: 'basic', username: 'alice', password: 'hunter2' } });
    const realm = `http://localhost:${other.host.split(':')[1]}/token`;
    registry.behave = (_request, response) => challenge(response, `Bearer realm="${realm}",service="x"`);
    expect(await code(pull({ guard: guardOf('127.0.0.1', 'localhost') }))).toBe('registry_invalid');
    expect(other.requests).toEqual([]);
  });

  it('asks no token service at an address that is not allowed', async () => {
    registry.behave = (_request, response) => challenge(response, 'Bearer realm="https://169.254.169.254/token"');
    expect(await code(pull())).toBe('address_not_allowed');
  });
});
