import canonicalize from 'canonicalize';
import type { ClusterInventory } from '../../model/inventory.js';

/**
 * Facts of a cluster in RFC 8785 canonical JSON, object by object: of a large cluster it is tens of megabytes, and text of
 * one object is gone again as soon as it was used.
 */
export function* canonicalCluster(cluster: ClusterInventory): Generator<string> {
  let before = '{';
  for (const [name, fact] of Object.entries(cluster).sort(([a], [b]) => (a < b ? -1 : 1))) {
    yield `${before}${JSON.stringify(name)}:`;
    before = ',';
    if (isList(fact)) yield* canonicalList(fact);
    else yield canonicalize(fact) ?? 'null';
  }
  yield '}';
}

interface KnownList {
  known: true;
  value: unknown[];
  gaps: string[];
}

function isList(fact: unknown): fact is KnownList {
  return typeof fact === 'object' && fact !== null && 'value' in fact && Array.isArray(fact.value);
}

function* canonicalList({ gaps, known, value }: KnownList): Generator<string> {
  yield `{"gaps":${canonicalize(gaps)},"known":${known},"value":[`;
  for (const [at, object] of value.entries()) yield `${at > 0 ? ',' : ''}${canonicalize(object)}`;
  yield ']}';
}
