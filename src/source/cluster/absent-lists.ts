import type { Collected } from './facts-builder.js';
import { kindsOf, type ObjectList } from './object/read-kinds.js';

/** Lists of what a cluster makes and no manifest has. */
const NOT_IN_MANIFESTS: ReadonlySet<ObjectList> = new Set<ObjectList>(['nodes', 'certificateRequests']);

/** Manifests are all that they are: of what is in none of them there is nothing. */
export const absentInManifests: Collected['absent'] = (list) =>
  NOT_IN_MANIFESTS.has(list)
    ? { known: false, code: 'not_collected', reason: `Manifests do not tell of ${namesOf(list)}.` }
    : null;

/**
 * A snapshot has what somebody asked for, and does not tell what that was: a kind that is not in it may have been left out.
 */
export const absentInSnapshot: Collected['absent'] = (list, seen) => {
  const kinds = kindsOf(list);
  const missing = kinds
    .filter(({ kind, isOptional }) => !isOptional && !seen.has(kind))
    .map(({ resource }) => resource);
  if (seen.size > 0) {
    if (missing.length === 0) return null;
    return { gap: `The snapshot has none of: ${missing.join(', ')}. They may not have been asked for. ${ADVICE}` };
  }
  const resources = kinds.map(({ resource, groups: [group] }) => (group ? `${resource}.${group}` : resource));
  const reason = `The snapshot has none of: ${[...new Set(resources)].join(', ')}. They may not have been asked for. ${ADVICE}`;
  return { known: false, code: 'not_collected', reason };
};

const ADVICE =
  'plimsoll collect cluster asks for all that is needed; or give a folder with one file for each kind, named for it, as cronjobs.json.';

function namesOf(list: ObjectList): string {
  return kindsOf(list)
    .map(({ resource }) => resource)
    .join(', ');
}
