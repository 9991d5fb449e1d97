import { z } from 'zod';
import { PlimsollError } from '../../model/error.js';
import type { RegistryCredentials } from '../../model/registry.js';
import type { Challenge } from './challenge.js';
import { type Answer, type Connections, discard, exchange, readBody } from './exchange.js';
import { retryableStatus } from './status.js';

/** Bytes of a token service's answer. */
const MAX_ANSWER = 256 * 1024;

/** What can stand in a header. */
const headerText = z
  .string()
  .max(64 * 1024)
  .regex(/^[\x21-\x7e]+$/);

/** distribution, "Token Authentication" calls it token, OAuth2 access_token. */
const answered = z.object({ token: headerText.nullish(), access_token: headerText.nullish() });

export interface TokenRequest {
  challenge: Challenge;
  /** The registry that sent the challenge. */
  registry: URL;
  /** `repository:NAME:pull`: what is needed and no more, whatever the challenge would like. */
  scope: string;
  credentials: RegistryCredentials | null;
}

/**
 * Gets an access token as a Bearer challenge says (distribution, "Token Authentication"): by GET, with a user's password
 * where there is one, or by POST for an identity token ("OAuth2 Token Authentication").
 *
 * @throws PassingFailure
 * @throws PlimsollError `registry_unauthorized`, `registry_invalid` and what `exchange` gives
 */
export async function fetchToken(request: TokenRequest, connections: Connections): Promise<string> {
  const realm = realmOf(request);
  const service = request.challenge.parameters.get('service') ?? null;
  const answer = await ask(realm, service, request, connections);
  if (answer.status !== 200) {
    discard(answer);
    throw retryableStatus(realm.host, answer) ?? refused(realm, answer.status, request.credentials);
  }
  const body = await readBody(answer, `The answer of ${realm.host}`, MAX_ANSWER);
  const token = tokenOf(body);
  if (token === null) {
    const message = `${realm.host}, the token service of ${request.registry.host}, answered without a token.`;
    throw new PlimsollError('registry_invalid', message);
  }
  return token;
}

function ask(
  realm: URL,
  service: string | null,
  { credentials, scope }: TokenRequest,
  connections: Connections,
): Promise<Answer> {
  const parameters = { ...(service !== null && { service }), scope };
  if (credentials?.kind === 'token') {
    const form = {
      grant_type: 'refresh_token',
      client_id: 'plimsoll',
      ...parameters,
      refresh_token: credentials.token,
    };
    const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams(form).toString();
    return exchange({ method: 'POST', url: realm, headers, authorization: null, body }, connections);
  }
  const url = new URL(realm);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const authorization = credentials === null ? null : basicAuthorization(credentials);
  return exchange({ method: 'GET', url, headers: { accept: 'application/json' }, authorization }, connections);
}

/** RFC 7617 §2.1, UTF-8. */
export function basicAuthorization({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/**
 * The realm says where credentials are sent, and whoever answers as the registry chooses it: it is the registry's own
 * host, in no weaker protocol, or another that is reached by https.
 */
function realmOf({ challenge, registry }: TokenRequest): URL {
  const text = challenge.parameters.get('realm') ?? '';
  if (!URL.canParse(text)) {
    throw new PlimsollError('registry_invalid', `${registry.host} names a token service that is no address.`);
  }
  const realm = new URL(text);
  realm.username = '';
  realm.password = '';
  const isOwn = realm.hostname === registry.hostname && realm.protocol === registry.protocol;
  if (realm.protocol === 'https:' || isOwn) return realm;
  const message = `${registry.host} names the token service ${realm.protocol}//${realm.host}: credentials are only sent by https.`;
  throw new PlimsollError('registry_invalid', message);
}

function tokenOf(body: Buffer): string | null {
  try {
    const parsed = answered.safeParse(JSON.parse(body.toString('utf8')));
    return parsed.success ? (parsed.data.token ?? parsed.data.access_token ?? null) : null;
  } catch {
    return null;
  }
}

function refused(realm: URL, status: number, credentials: RegistryCredentials | null): PlimsollError {
  if (status === 401 || status === 403 || status === 400) {
    const what = credentials === null ? 'gives no token without credentials' : 'does not accept the credentials';
    const message = `${realm.host} ${what} (status ${status}): check the registry's settings in /v1/registries.`;
    return new PlimsollError('registry_unauthorized', message);
  }
  return new PlimsollError('registry_invalid', `${realm.host} answered ${status}, where a token was expected.`);
}
