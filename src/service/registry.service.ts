import { X509Certificate } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RegistryCredentialsSeal } from '../crypto/registry-credentials.js';
import { PlimsollError } from '../model/error.js';
import { isRepository, parseRegistryHost } from '../model/image-name.js';
import type { Page, PageRequest } from '../model/page.js';
import type { Principal } from '../model/principal.js';
import { type Registry, type RegistryCredentials, splitMirror } from '../model/registry.js';
import { RegistryStore, type StoredRegistry } from '../store/registry.store.js';
import { uuidv7 } from '../store/uuid.js';

/** What a client may set; what is not there stays, or has its default. */
export interface RegistrySettings {
  mirrors?: string[];
  ca?: string | null;
  insecure?: boolean;
  /** Null takes them away. */
  credentials?: RegistryCredentials | null;
}

@Injectable()
export class RegistryService {
  constructor(
    private readonly registries: RegistryStore,
    private readonly credentials: RegistryCredentialsSeal,
  ) {}

  /** @throws PlimsollError `invalid_request`, `conflict` */
  async create(p: Principal, host: string, settings: RegistrySettings): Promise<Registry> {
    const name = parseRegistryHost(host);
    if (name === null) throw invalid('host', 'expected a host or host:port, as registry.example:5000');
    const id = uuidv7();
    const empty = {
      id,
      host: name,
      authentication: 'none' as const,
      sealed: null,
      mirrors: [],
      ca: null,
      insecure: false,
    };
    return this.registries.create(p, this.apply(p, empty, settings));
  }

  list(p: Principal, page: PageRequest): Promise<Page<Registry>> {
    return this.registries.list(p.projectId, page);
  }

  get(p: Principal, id: string): Promise<Registry> {
    return this.registries.get(p.projectId, id);
  }

  /** The host stays: credentials must not follow to another. @throws PlimsollError `invalid_request`, `not_found` */
  async update(p: Principal, id: string, settings: RegistrySettings): Promise<Registry> {
    return this.registries.update(p, id, (present) => {
      const next = this.apply(p, present, settings);
      return { next, changed: changesOf(present, next, settings) };
    });
  }

  delete(p: Principal, id: string): Promise<void> {
    return this.registries.delete(p, id);
  }

  private apply<R extends Omit<StoredRegistry, 'createdAt' | 'updatedAt'>>(
    { projectId }: Principal,
    present: R,
    { mirrors, ca, insecure, credentials }: RegistrySettings,
  ): R {
    const { id, host } = present;
    return {
      ...present,
      ...(mirrors !== undefined && { mirrors: checkMirrors(mirrors, host) }),
      ...(ca !== undefined && { ca: ca === null ? null : checkCertificates(ca) }),
      ...(insecure !== undefined && { insecure }),
      ...(credentials !== undefined && {
        authentication: credentials === null ? 'none' : credentials.kind,
        sealed: credentials === null ? null : this.credentials.seal({ projectId, id, host }, credentials),
      }),
    };
  }
}

/** Names of settings, never what they are. */
function changesOf(present: StoredRegistry, next: StoredRegistry, { credentials }: RegistrySettings): string[] {
  return [
    ...(credentials !== undefined && (credentials !== null || present.sealed !== null) ? ['credentials'] : []),
    ...(present.mirrors.join() === next.mirrors.join() ? [] : ['mirrors']),
    ...(present.ca === next.ca ? [] : ['ca']),
    ...(present.insecure === next.insecure ? [] : ['insecure']),
  ];
}

function checkMirrors(mirrors: readonly string[], host: string): string[] {
  return mirrors.map((mirror, index) => {
    const { host: text, path } = splitMirror(mirror);
    const name = parseRegistryHost(text);
    const where = `mirrors.${index}`;
    if (name === null || (path !== '' && !isRepository(path))) {
      throw invalid(where, 'expected host[:port] or host[:port]/path, as mirror.example:5000/hub');
    }
    if (name === host && path === '') throw invalid(where, 'a registry is no mirror of itself');
    return path === '' ? name : `${name}/${path}`;
  });
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** Only the certificates: what people paste beside them, as a private key, is not kept. */
function checkCertificates(pem: string): string {
  const certificates = pem.match(CERTIFICATE) ?? [];
  const message = 'expected one or more certificates in PEM: -----BEGIN CERTIFICATE-----';
  if (certificates.length === 0) throw invalid('ca', message);
  return certificates
    .map((certificate) => {
      try {
        return new X509Certificate(certificate).toString();
      } catch {
        throw invalid('ca', message);
      }
    })
    .join('');
}

function invalid(path: string, message: string): PlimsollError {
  return new PlimsollError('invalid_request', `The request was not accepted: ${path}: ${message}.`, {
    errors: [{ path, message }],
  });
}
