import { Injectable } from '@nestjs/common';
import { RegistryCredentialsSeal } from '../crypto/registry-credentials.js';
import { type RegistryAccess, splitMirror } from '../model/registry.js';
import { RegistryStore, type StoredRegistry } from '../store/registry.store.js';

/** The settings of registries, with their credentials opened. */
@Injectable()
export class RegistryAccesses {
  constructor(
    private readonly registries: RegistryStore,
    private readonly credentials: RegistryCredentialsSeal,
  ) {}

  /** Those of a registry and of its mirrors, which have their own. @throws PlimsollError `credentials_unreadable` */
  async of(projectId: string, host: string): Promise<(host: string) => RegistryAccess | null> {
    const own = await this.registries.access(projectId, [host]);
    const mirrors = own.flatMap(({ mirrors: texts }) => texts.map((text) => splitMirror(text).host));
    const stored = [...own, ...(await this.registries.access(projectId, mirrors))];
    const opened = new Map(stored.map((registry) => [registry.host, this.open(projectId, registry)]));
    return (asked) => opened.get(asked) ?? null;
  }

  private open(projectId: string, { id, host, mirrors, ca, insecure, sealed }: StoredRegistry): RegistryAccess {
    const credentials = sealed === null ? null : this.credentials.open({ projectId, id, host }, sealed);
    return { host, mirrors, ca, insecure, credentials };
  }
}
