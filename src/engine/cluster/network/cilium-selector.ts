import type { LabelSelector } from '../../../model/cluster/cluster-object.js';
import { keysOf, selects } from '../label-selector.js';
import type { Endpoint, Match } from './compiled-policy.js';
import { type JsonObject, selectorOf, UnknownForm } from './json-view.js';
import { NAMESPACE_NAME } from './peer-match.js';

/** Labels that Cilium gives to every pod of Kubernetes, after the source `k8s`: https://docs.cilium.io/en/stable/network/kubernetes/policy/. */
const NAMESPACE = 'io.kubernetes.pod.namespace';
const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';
const ACCOUNT = 'io.cilium.k8s.policy.serviceaccount';
const CLUSTER = 'io.cilium.k8s.policy.cluster';

/**
 * Endpoints by a selector of Cilium's, whose keys may say where a label is from. In a policy of a namespace it is about
 * that namespace, unless it says of which it is.
 *
 * @throws {UnknownForm} where it asks for what is not known here
 */
export function ciliumEndpoints(
  of: JsonObject,
  namespace: string | null,
  keys: Set<string>,
): (endpoint: Endpoint) => Match {
  const selector = withoutSources(selectorOf(of));
  const asked = keysOf(selector);
  for (const key of asked) {
    if (key === CLUSTER || key.startsWith('reserved:'))
      throw new UnknownForm(`expected a label of pods or namespaces, got ${key}`);
    if (!isOwn(key)) keys.add(key);
  }
  const saysNamespace = asked.some((key) => key === NAMESPACE || key.startsWith(NAMESPACE_LABELS));
  const needsLabels = asked.some(
    (key) => key.startsWith(NAMESPACE_LABELS) && key !== NAMESPACE_LABELS + NAMESPACE_NAME,
  );
  return (endpoint) => {
    if (namespace !== null && !saysNamespace && endpoint.namespace !== namespace) return 'no';
    if (needsLabels && endpoint.namespaceLabels === null) return 'maybe';
    return selects(selector, labelsOf(endpoint, needsLabels)) ? 'yes' : 'no';
  };
}

function isOwn(key: string): boolean {
  return key === NAMESPACE || key === ACCOUNT || key.startsWith(NAMESPACE_LABELS);
}

function labelsOf(
  { labels, namespace, namespaceLabels, serviceAccount }: Endpoint,
  withNamespace: boolean,
): Record<string, string> {
  const ofNamespace = withNamespace ? Object.entries(namespaceLabels ?? {}) : [];
  return {
    ...labels,
    ...Object.fromEntries(ofNamespace.map(([key, value]) => [NAMESPACE_LABELS + key, value])),
    [NAMESPACE_LABELS + NAMESPACE_NAME]: namespace,
    [NAMESPACE]: namespace,
    [ACCOUNT]: serviceAccount,
  };
}

function withoutSources({ matchLabels, matchExpressions }: LabelSelector): LabelSelector {
  return {
    matchLabels: Object.fromEntries(Object.entries(matchLabels).map(([key, value]) => [withoutSource(key), value])),
    matchExpressions: matchExpressions.map((one) => ({ ...one, key: withoutSource(one.key) })),
  };
}

/** `k8s:app` and `any:app` are `app`. */
function withoutSource(key: string): string {
  return key.replace(/^(?:k8s|any):/, '');
}
