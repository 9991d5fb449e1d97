import { PlimsollError } from '../model/error.js';
import type { RegistryCredentials } from '../model/registry.js';
import type { CreateRegistryInput, UpdateRegistryInput } from './dto/registry.input.js';

/** What a client wants, as the service takes it: null means the default, and what was left out stays out. */
export function registrySettings(input: CreateRegistryInput | UpdateRegistryInput): {
  mirrors?: string[];
  ca?: string | null;
  insecure?: boolean;
  credentials?: RegistryCredentials | null;
} {
  const credentials = credentialsOf(input);
  return {
    ...(input.mirrors !== undefined && { mirrors: input.mirrors ?? [] }),
    ...(input.ca !== undefined && { ca: input.ca }),
    ...(input.insecure !== undefined && { insecure: input.insecure ?? false }),
    ...(credentials !== undefined && { credentials }),
  };
}

/** Credentials come whole or not at all: half of the old and half of the new would be neither. */
function credentialsOf({ username, password, token }: UpdateRegistryInput): RegistryCredentials | null | undefined {
  if (username === undefined && password === undefined && token === undefined) return undefined;
  if (username == null && password == null) return token == null ? null : { kind: 'token', token };
  if (username != null && password != null && token == null) return { kind: 'basic', username, password };
  const path = token != null ? 'token' : username == null ? 'username' : 'password';
  const message = 'expected username and password, or a token alone';
  throw new PlimsollError('invalid_request', `The request was not accepted: ${path}: ${message}.`, {
    errors: [{ path, message }],
  });
}
