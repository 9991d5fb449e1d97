import { PlimsollError } from '../../model/error.js';
import type { RegistryAccess } from '../../model/registry.js';
import type { AddressGuard } from './address-guard.js';
import { GuardedAgents } from './guarded-agents.js';
import { endpointBase } from './read-registry-image.js';
import { RegistryEndpoint } from './registry-endpoint.js';
import type { Clock } from './retry.js';

/** What is asked for at once; a registry may give less. */
const PAGE = 1_000;

/** A repository that has more is not read to its end. */
const MAX_TAGS = 100_000;
const MAX_PAGES = 500;

const TAG = /^\w[\w.-]{0,127}$/;

export interface ListTagsOptions {
  guard: AddressGuard;
  clock: Clock;
  access: RegistryAccess | null;
  signal: AbortSignal;
}

export interface TagList {
  /** Each once. */
  tags: Set<string>;
  /** False where there were too many, or what is no tag. */
  complete: boolean;
}

/**
 * The tags of a repository, from the registry itself: a mirror may have only those that somebody pulled.
 *
 * @throws PlimsollError for what cannot be reached, is refused, missing or no list; whatever `signal` was aborted with
 */
export async function listTags(
  { host, repository }: { host: string; repository: string },
  { guard, clock, access, signal }: ListTagsOptions,
): Promise<TagList> {
  const agents = new GuardedAgents(guard, access?.ca ?? null);
  try {
    const base = endpointBase(host, access);
    const credentials = access?.credentials ?? null;
    const endpoint = new RegistryEndpoint({ base, repository, credentials, agents, clock, signal });
    const list: TagList = { tags: new Set(), complete: true };
    const asked = new Set<string>();
    for (let query: string | null = `?n=${PAGE}`; query !== null; ) {
      if (asked.has(query)) {
        throw new PlimsollError(
          'registry_invalid',
          `${host} lists the tags of ${repository} in a circle: is it a registry?`,
        );
      }
      asked.add(query);
      const page = await endpoint.tagPage(query);
      for (const tag of page.tags) {
        if (list.tags.size === MAX_TAGS) return { ...list, complete: false };
        if (TAG.test(tag)) list.tags.add(tag);
        else list.complete = false;
      }
      query = page.next;
      if (query !== null && asked.size === MAX_PAGES) return { ...list, complete: false };
    }
    return list;
  } finally {
    agents.close();
  }
}
