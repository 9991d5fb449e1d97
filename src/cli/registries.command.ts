import { readFile } from 'node:fs/promises';
import type { Registry } from '../model/registry.js';
import type { ConnectOptions } from './connect.js';
import { CommandError, EXIT_CODES, type ExitCode } from './exit-code.js';
import { type OutputFormat, printJson, printLine } from './output.js';
import { readSecret } from './secret-input.js';
import { printable } from './table.js';
import type { Wire } from './wire.js';
import { withService } from './with-service.js';

export interface RegistriesCommandOptions extends ConnectOptions {
  format: OutputFormat;
}

export interface AddRegistryOptions extends RegistriesCommandOptions {
  username?: string;
  withToken?: boolean;
  mirror: string[];
  ca?: string;
  insecure?: boolean;
}

export async function registriesCommand(options: RegistriesCommandOptions, signal: AbortSignal): Promise<ExitCode> {
  return withService(options, signal, async (client) => {
    const registries = await client.list<Wire<Registry>>('/v1/registries');
    if (options.format === 'json') printJson({ registries });
    else for (const registry of registries) printLine(registryLine(registry));
    if (options.format === 'table' && registries.length === 0)
      printLine('no registries: each is used without credentials');
    return EXIT_CODES.ok;
  });
}

/** Credentials are read from the terminal or standard input. */
export async function addRegistryCommand(
  host: string,
  options: AddRegistryOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { username, withToken, mirror, ca, insecure } = options;
  if (username !== undefined && withToken) {
    throw new CommandError(EXIT_CODES.usage, '--username is for a password, --with-token for none: give one of them.');
  }
  const settings = {
    host,
    mirrors: mirror,
    insecure: insecure ?? false,
    ...(ca !== undefined && { ca: await readPem(ca) }),
    ...(username !== undefined && {
      username,
      password: await readSecret(`password of ${printable(username)}`, signal),
    }),
    ...(withToken && { token: await readSecret('token', signal) }),
  };
  return withService(options, signal, async (client) => {
    const registry = await client.post<Wire<Registry>>('/v1/registries', settings);
    if (options.format === 'json') printJson({ registry });
    else printLine(registryLine(registry));
    return EXIT_CODES.ok;
  });
}

/** @param name the registry's host or id */
export async function removeRegistryCommand(
  name: string,
  options: RegistriesCommandOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  return withService(options, signal, async (client) => {
    const registries = await client.list<Wire<Registry>>('/v1/registries');
    const found = registries.find(({ id, host }) => id === name || host === name.toLowerCase());
    if (!found)
      throw new CommandError(EXIT_CODES.usage, `There is no registry ${printable(name)}: see "plimsoll registries".`);
    await client.delete(`/v1/registries/${found.id}`);
    if (options.format === 'json') printJson({ removed: found });
    else printLine(`${found.host}: removed`);
    return EXIT_CODES.ok;
  });
}

function readPem(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(EXIT_CODES.usage, `${path} cannot be read (${error.code}): check the path after --ca.`);
  });
}

function registryLine({ host, authentication, mirrors, ca, insecure }: Wire<Registry>): string {
  const details = [
    authentication === 'none' ? 'without credentials' : authentication === 'basic' ? 'with a password' : 'with a token',
    ...(ca === null ? [] : ['own certificates']),
    ...(insecure ? ['plain HTTP'] : []),
    ...(mirrors.length === 0 ? [] : [`mirrors ${mirrors.join(', ')}`]),
  ];
  return printable(`${host}: ${details.join('; ')}`);
}
