import { createHash } from 'node:crypto';
import { PlimsollError } from '../../model/error.js';
import type { RegistryCredentials } from '../../model/registry.js';
import { parseChallenges } from './challenge.js';
import { type Answer, asFailure, type Connections, discard, exchange, readBody } from './exchange.js';
import { type Clock, PassingFailure, withRetries } from './retry.js';
import { retryableStatus } from './status.js';
import { nextQuery, tagsOf } from './tag-page.js';
import { basicAuthorization, fetchToken } from './token-service.js';

/** The OCI distribution specification wants registries to take manifests of 4 MiB; a larger one is an attack, bytes. */
const MAX_DOCUMENT = 8 * 1024 * 1024;

/** A document that takes longer is not sent in earnest, milliseconds. */
const DOCUMENT_LIMIT_MS = 180_000;

const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

export interface FetchedManifest {
  bytes: Buffer;
  /** Of these bytes. */
  digest: string;
  /** Without parameters, in lower case; empty where the registry says nothing. */
  contentType: string;
}

export interface EndpointOptions extends Connections {
  /** `https://registry.example:5000`. */
  base: URL;
  repository: string;
  credentials: RegistryCredentials | null;
  clock: Clock;
}

/** One repository at one registry or mirror, over the OCI distribution API. */
export class RegistryEndpoint {
  /** What the last challenge was answered with. */
  private authorization: string | null = null;
  private authorizing: Promise<void> | null = null;

  constructor(private readonly options: EndpointOptions) {}

  /** As messages call it. */
  get host(): string {
    return this.options.base.host;
  }

  /**
   * @param reference a tag or digest
   * @throws PlimsollError `image_not_found`, `digest_mismatch`, `limit_exceeded` and what `fetch` gives
   */
  async manifest(reference: string): Promise<FetchedManifest> {
    const name = `The manifest ${reference} of ${this.options.repository} at ${this.host}`;
    const { body, headers } = await this.document(`manifests/${reference}`, { accept: MANIFEST_TYPES }, name, () =>
      this.noImage(reference),
    );
    const isDigest = reference.includes(':');
    const claimed = headers['docker-content-digest'];
    const expected = isDigest ? reference : typeof claimed === 'string' && DIGEST.test(claimed) ? claimed : null;
    const digest = digestOf(body, expected ?? 'sha256:');
    if (expected !== null && digest !== expected) throw mismatch(name, expected, digest);
    const contentType = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
    return { bytes: body, digest, contentType };
  }

  /**
   * A small blob, as an image's configuration.
   *
   * @throws PlimsollError `manifest_missing`, `digest_mismatch`, `limit_exceeded` and what `fetch` gives
   */
  async blobDocument(digest: string, size: number): Promise<Buffer> {
    const name = `${digest} of ${this.options.repository} at ${this.host}`;
    const { body } = await this.document(`blobs/${digest}`, {}, name, () => {
      return new PlimsollError('manifest_missing', `${this.host} has no ${digest}, which the image's manifest names.`);
    });
    if (body.length !== size) throw mismatch(name, `${size} bytes`, `${body.length} bytes`);
    const actual = digestOf(body, digest);
    if (actual !== digest) throw mismatch(name, digest, actual);
    return body;
  }

  /**
   * A page of the repository's tags, as the registry sorts them.
   *
   * @param query with its question mark
   * @returns `next` is the query of the page behind it. Whatever host and path the registry names there, as one behind a
   *   proxy gets them wrong, the same are asked
   * @throws PlimsollError `image_not_found`, `registry_invalid`, `limit_exceeded` and what `fetch` gives
   */
  async tagPage(query: string): Promise<{ tags: string[]; next: string | null }> {
    const name = `The list of tags of ${this.options.repository} at ${this.host}`;
    const { body, headers } = await this.document(`tags/list${query}`, { accept: 'application/json' }, name, () => {
      return new PlimsollError('image_not_found', `${this.host} has no repository ${this.options.repository}.`);
    });
    return { tags: tagsOf(body, name), next: nextQuery(String(headers.link ?? ''), this.options.base) };
  }

  /**
   * One request, repeated only to answer a challenge. Statuses that a caller can go on with are answered: 200, 206, 404,
   * 416.
   *
   * @param path below the repository, as `blobs/sha256:…`
   * @throws PassingFailure
   * @throws PlimsollError `registry_unauthorized`, `registry_rate_limited`, `registry_unreachable`, `registry_invalid`,
   *   `certificate_untrusted`, `address_not_allowed`
   */
  async fetch(path: string, headers: Record<string, string>, signal = this.options.signal): Promise<Answer> {
    const { base, repository, agents } = this.options;
    const url = new URL(`/v2/${repository}/${path}`, base);
    const connections = { agents, signal };
    const used = this.authorization;
    let answer = await exchange({ method: 'GET', url, headers, authorization: used }, connections);
    // A host that the registry redirects to has no say in where credentials are sent.
    if (answer.status === 401 && answer.url.origin === base.origin) {
      discard(answer);
      await this.authorize(answer, used);
      answer = await exchange({ method: 'GET', url, headers, authorization: this.authorization }, connections);
    }
    if (ANSWERS.has(answer.status)) return answer;
    discard(answer);
    throw retryableStatus(this.host, answer) ?? this.refusal(answer.status);
  }

  private async document(
    path: string,
    headers: Record<string, string>,
    name: string,
    missing: () => PlimsollError,
  ): Promise<{ body: Buffer; headers: Answer['headers'] }> {
    const { clock, signal } = this.options;
    return withRetries(clock, signal, async () => {
      const limit = AbortSignal.timeout(DOCUMENT_LIMIT_MS);
      try {
        const answer = await this.fetch(path, headers, AbortSignal.any([signal, limit]));
        if (answer.status === 200) return { body: await readBody(answer, name, MAX_DOCUMENT), headers: answer.headers };
        discard(answer);
        throw answer.status === 404 ? missing() : this.refusal(answer.status);
      } catch (error) {
        signal.throwIfAborted();
        if (!limit.aborted) throw asFailure(error, this.host);
        const message = `${this.host} took longer than ${DOCUMENT_LIMIT_MS / 1_000} s to send a document.`;
        throw new PassingFailure(new PlimsollError('registry_unreachable', message));
      }
    });
  }

  /** Requests that are challenged at the same time are answered together. */
  private async authorize(answer: Answer, used: string | null): Promise<void> {
    if (this.authorization !== used) return;
    this.authorizing ??= this.answerChallenge(answer).finally(() => {
      this.authorizing = null;
    });
    await this.authorizing;
  }

  private async answerChallenge({ headers }: Answer): Promise<void> {
    const { base, repository, credentials, agents, signal } = this.options;
    const challenges = parseChallenges(headers['www-authenticate'] ?? '');
    const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
    if (bearer?.parameters.has('realm')) {
      const scope = `repository:${repository}:pull`;
      const token = await fetchToken({ challenge: bearer, registry: base, scope, credentials }, { agents, signal });
      this.authorization = `Bearer ${token}`;
    } else if (bearer && credentials?.kind === 'token') {
      this.authorization = `Bearer ${credentials.token}`;
    } else if (challenges.some(({ scheme }) => scheme === 'basic') && credentials?.kind === 'basic') {
      this.authorization = basicAuthorization(credentials);
    } else {
      throw this.refusal(401);
    }
  }

  private refusal(status: number): PlimsollError {
    const { credentials, repository } = this.options;
    if (status === 401 || status === 403) {
      const why =
        credentials === null
          ? `gives ${repository} to nobody without credentials, or has no such repository: add the registry in /v1/registries`
          : `does not give ${repository} for the credentials that are stored for it: check the registry in /v1/registries`;
      return new PlimsollError('registry_unauthorized', `${this.host} ${why}.`);
    }
    const message = `${this.host} answered ${status}, which no registry does: is it one?`;
    return new PlimsollError('registry_invalid', message);
  }

  private noImage(reference: string): PlimsollError {
    const message = `${this.host} has no ${this.options.repository} with the tag or digest ${reference}.`;
    return new PlimsollError('image_not_found', message);
  }
}

const ANSWERS = new Set([200, 206, 404, 416]);
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/** The digest of bytes by the algorithm of another digest. */
function digestOf(bytes: Buffer, like: string): string {
  const algorithm = like.slice(0, like.indexOf(':'));
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}

function mismatch(name: string, expected: string, actual: string): PlimsollError {
  const message = `${name} should have ${expected} but has ${actual}: it was damaged or changed on its way, or at the registry.`;
  return new PlimsollError('digest_mismatch', message);
}
