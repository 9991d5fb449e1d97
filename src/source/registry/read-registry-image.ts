import { DOCKER_HUB, formatImageName, type ImageName } from '../../model/image-name.js';
import { type RegistryAccess, splitMirror } from '../../model/registry.js';
import { planImage } from '../archive/image-manifest.js';
import type { ReadImageOptions } from '../archive/read-image.js';
import { readPlan } from '../archive/read-image.js';
import type { SourceImage } from '../archive/read-layers.js';
import type { AddressGuard } from './address-guard.js';
import { GuardedAgents } from './guarded-agents.js';
import { RegistryEndpoint } from './registry-endpoint.js';
import { RegistryImage } from './registry-image.js';
import type { Clock } from './retry.js';

/** Where Docker Hub's API is; its name is that of a website. */
const HUB_API = 'registry-1.docker.io';

export interface RegistryOptions extends ReadImageOptions {
  guard: AddressGuard;
  clock: Clock;
  /** The settings of a host; null where it has none. */
  access(host: string): RegistryAccess | null;
  /** Told when a mirror could not serve what was asked of it. */
  onMirrorFailure(host: string, error: unknown): void;
}

/**
 * Reads an image from a registry, or from a mirror of it. Layers whose facts are known are not fetched.
 *
 * @throws PlimsollError for what cannot be reached, is refused, missing, damaged or no image; whatever `signal` was
 *   aborted with
 */
export async function readRegistryImage(name: ImageName, options: RegistryOptions): Promise<SourceImage> {
  const connections: GuardedAgents[] = [];
  try {
    const endpoints = places(name, options).map(({ host, repository, access }) => {
      const agents = new GuardedAgents(options.guard, access?.ca ?? null);
      connections.push(agents);
      return new RegistryEndpoint({
        base: endpointBase(host, access),
        repository,
        credentials: access?.credentials ?? null,
        agents,
        clock: options.clock,
        signal: options.signal,
      });
    });
    const image = new RegistryImage(formatImageName(name), endpoints, options);
    const root = await image.root(name.digest ?? name.tag ?? 'latest');
    return await readPlan(await planImage(image, [root], options.platform), options);
  } finally {
    for (const agents of connections) agents.close();
  }
}

/** Where the API of a registry is. */
export function endpointBase(host: string, access: RegistryAccess | null): URL {
  return new URL(`${access?.insecure ? 'http' : 'https'}://${host === DOCKER_HUB ? HUB_API : host}`);
}

interface Place {
  host: string;
  repository: string;
  access: RegistryAccess | null;
}

/** Mirrors in their order, each with its own settings and never the registry's credentials; then the registry. */
function places({ host, repository }: ImageName, { access }: RegistryOptions): Place[] {
  const own = access(host);
  const mirrors = (own?.mirrors ?? []).map((mirror) => {
    const { host: mirrorHost, path } = splitMirror(mirror);
    return {
      host: mirrorHost,
      repository: path === '' ? repository : `${path}/${repository}`,
      access: access(mirrorHost),
    };
  });
  return [...mirrors, { host, repository, access: own }];
}
