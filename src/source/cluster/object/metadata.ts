import type {
  ClusterObject,
  LabelRequirement,
  LabelSelector,
  OwnerReference,
} from '../../../model/cluster/cluster-object.js';
import type { ClusterRedaction } from './cluster-redaction.js';
import type { Fields } from './fields.js';

/**
 * Annotations that repeat the whole object, Secrets' values with it, or change with every renewal of a lease and tell nothing.
 */
const LEFT_OUT =
  /last-applied(?:-configuration)?$|^objectset\.rio\.cattle\.io\/applied$|^kapp\.k14s\.io\/(?:original|original-diff.*)$|^control-plane\.alpha\.kubernetes\.io\/leader$|^banzaicloud\.com\/last-applied$/;

/** Longer values of annotations are cut, characters: they are documents of somebody's own. */
const MAX_ANNOTATION = 16 * 1024;

/** A value of a Secret may be anything, so of its annotations only that is kept which names an account. */
const OF_SECRETS = new Set(['kubernetes.io/service-account.name']);

/** What reading of any object needs. */
export interface ReadContext {
  redaction: ClusterRedaction;
  /** Where the object is written; null for what an API served. */
  origin: string | null;
}

export function metadataOf(
  object: Fields,
  kind: string,
  isNamespaced: boolean,
  { redaction, origin }: ReadContext,
): ClusterObject {
  const metadata = object.part('metadata');
  // An object that is made of a generated name has none before it is made.
  const generated = metadata.text('generateName');
  return {
    kind,
    apiVersion: object.text('apiVersion') ?? '',
    name: generated !== null && !metadata.has('name') ? `${generated}*` : metadata.needed('name'),
    // As kubectl does that is told nothing else.
    namespace: isNamespaced ? (metadata.text('namespace') ?? 'default') : null,
    uid: metadata.text('uid'),
    labels: metadata.texted('labels'),
    annotations: annotationsOf(metadata, kind, redaction),
    owners: metadata.objects('ownerReferences').map(ownerOf),
    createdAt: metadata.text('creationTimestamp'),
    origin,
  };
}

export function annotationsOf(metadata: Fields, kind: string, redaction: ClusterRedaction): Record<string, string> {
  const kept = Object.entries(metadata.texted('annotations'))
    .filter(([key]) => (kind === 'Secret' ? OF_SECRETS.has(key) : !LEFT_OUT.test(key)))
    .map(([key, value]) => [key, value.length > MAX_ANNOTATION ? value.slice(0, MAX_ANNOTATION) : value] as const);
  if (kept.length === 0) return {};
  return redaction.pairs(Object.fromEntries(kept), 'annotation');
}

/** Null where there is none; an empty one selects everything. */
export function selectorOf(parent: Fields, name: string): LabelSelector | null {
  const selector = parent.object(name);
  return selector === null ? null : readSelector(selector);
}

export function readSelector(selector: Fields): LabelSelector {
  return {
    matchLabels: selector.texted('matchLabels'),
    matchExpressions: selector.objects('matchExpressions').flatMap((each): LabelRequirement[] => {
      const operator = each.oneOf('operator', ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const);
      return operator === null ? [] : [{ key: each.needed('key'), operator, values: each.texts('values') }];
    }),
  };
}

function ownerOf(owner: Fields): OwnerReference {
  return {
    apiVersion: owner.text('apiVersion') ?? '',
    kind: owner.needed('kind'),
    name: owner.needed('name'),
    uid: owner.text('uid'),
    controller: owner.flag('controller') ?? false,
  };
}
