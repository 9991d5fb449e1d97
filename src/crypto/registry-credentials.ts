import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { CONFIG, type Config } from '../config/config.js';
import { PlimsollError } from '../model/error.js';
import type { RegistryCredentials } from '../model/registry.js';
import { seal, unseal } from './seal.js';

/** The row that credentials belong to: moved to another project's or host's row, they do not open. */
export interface CredentialsPlace {
  projectId: string;
  id: string;
  host: string;
}

const credentials: z.ZodType<RegistryCredentials> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('basic'), username: z.string(), password: z.string() }),
  z.object({ kind: z.literal('token'), token: z.string() }),
]);

/** Seals what logs in to registries for the database, and opens it for a pull. */
@Injectable()
export class RegistryCredentialsSeal {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  seal(place: CredentialsPlace, secret: RegistryCredentials): Buffer {
    return seal(this.key(), textOf(place), JSON.stringify(secret));
  }

  /** @throws PlimsollError `credentials_unreadable` */
  open(place: CredentialsPlace, sealed: Buffer): RegistryCredentials {
    const text = unseal(this.key(), textOf(place), sealed);
    if (text !== null) return credentials.parse(JSON.parse(text));
    const message = `The credentials of the registry ${place.host} were encrypted with another key: give every process the same PLIMSOLL_ENCRYPTION_KEY as before, or enter them again in /v1/registries.`;
    throw new PlimsollError('credentials_unreadable', message);
  }

  private key(): Buffer {
    if (this.config.encryptionKey === null) throw new Error('no encryption key: the start has not read it');
    return this.config.encryptionKey;
  }
}

function textOf({ projectId, id, host }: CredentialsPlace): string {
  return JSON.stringify(['registry', projectId, id, host]);
}
