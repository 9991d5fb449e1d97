import type { Raw } from '../object/fields.js';
import type { ReadKind } from '../object/read-kinds.js';
import { type ApiClient, METADATA_TYPE } from './api-client.js';
import { listKind } from './list-kind.js';

/** Types of Secrets that Kubernetes and its tools make. */
const TYPES = [
  ...['Opaque', 'kubernetes.io/service-account-token', 'kubernetes.io/dockercfg', 'kubernetes.io/dockerconfigjson'],
  ...['kubernetes.io/basic-auth', 'kubernetes.io/ssh-auth', 'kubernetes.io/tls', 'bootstrap.kubernetes.io/token'],
  'helm.sh/release.v1',
];

/** What the API server has to answer with, so that values are not sent. */
const ANSWER = 'PartialObjectMetadataList';

/**
 * Lists Secrets by their metadata alone. The type is no part of that: it is told by which of the known types a list has them
 * in; one of another type has none.
 *
 * @returns false where the cluster does not serve them
 */
export async function listSecrets(
  client: Pick<ApiClient, 'get'>,
  read: ReadKind,
  onItem: (item: Raw) => void,
): Promise<boolean> {
  const query = { accept: METADATA_TYPE, answer: ANSWER };
  const all: Raw[] = [];
  if (!(await listKind(client, read, query, (item) => all.push(item)))) return false;
  const types = new Map<string, string>();
  if (all.length > 0) {
    for (const type of TYPES) {
      await listKind(client, read, { ...query, fieldSelector: `type=${type}` }, (item) => types.set(keyOf(item), type));
    }
  }
  for (const item of all) {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) onItem(item);
    else
      onItem({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: item.metadata ?? null,
        type: types.get(keyOf(item)) ?? null,
      });
  }
  return true;
}

function keyOf(item: Raw): string {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return '';
  const { metadata } = item;
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return '';
  return `${String(metadata.namespace)}/${String(metadata.name)}`;
}
