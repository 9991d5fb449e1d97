import { REDACTED } from '../../../engine/secret/config-secrets.js';
import type { Json } from '../../../model/cluster/network.js';
import type { KubeletConfig } from '../../../model/cluster/node.js';
import type { Fact } from '../../../model/host/fact.js';
import type { ClusterRedaction } from '../object/cluster-redaction.js';
import { JsonReader, withoutSecrets } from '../object/network-policies.js';
import { type ApiClient, ApiFailure } from './api-client.js';
import { eachAtOnce } from './each-at-once.js';

const CONCURRENCY = 8;

/** Kubernetes itself is tested up to 5,000 nodes. */
const MAX_NODES = 10_000;

/** Gaps that are named one by one. */
const MAX_GAPS = 20;

/** Values of a header may be a credential, whatever they look like. */
const SECRET_FIELD = 'staticPodURLHeader';

/**
 * The configuration of each kubelet, by the API server's proxy to it.
 *
 * @returns null where there are no nodes
 */
export async function readKubelets(
  client: Pick<ApiClient, 'get'>,
  nodes: readonly string[],
  redaction: ClusterRedaction,
): Promise<Fact<KubeletConfig[]> | null> {
  const distinct = [...new Set(nodes)].filter((name) => name !== '');
  if (distinct.length === 0) return null;
  const found: KubeletConfig[] = [];
  const gaps: string[] = distinct.length > MAX_NODES ? [`There are more than ${MAX_NODES} nodes.`] : [];
  let refused: string | null = null;
  await eachAtOnce(distinct.slice(0, MAX_NODES), CONCURRENCY, async (node) => {
    // Who may not ask one may ask none.
    if (refused !== null) return;
    try {
      const { kubeletconfig } = await client.get(`/api/v1/nodes/${encodeURIComponent(node)}/proxy/configz`);
      if (typeof kubeletconfig !== 'object' || kubeletconfig === null || Array.isArray(kubeletconfig)) {
        gaps.push(`The kubelet of ${node} does not say how it is configured.`);
        return;
      }
      const reader = new JsonReader();
      const config = reader.read(kubeletconfig) as { [key: string]: Json };
      if (reader.isCut) gaps.push(`The configuration of the kubelet of ${node} is too large.`);
      const clean = withoutSecrets(
        config,
        '',
        (name, text) => redaction.pairs({ [name]: text }, 'kubelet')[name] ?? '',
      );
      if (SECRET_FIELD in config) (clean as { [key: string]: Json })[SECRET_FIELD] = REDACTED;
      found.push({ node, config: clean as { [key: string]: Json } });
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      if (error.status === 403 || error.status === 401) refused = error.message;
      else gaps.push(`The kubelet of ${node} could not be asked how it is configured: ${error.message}.`);
    }
  });
  if (refused !== null && found.length === 0) {
    const reason = `How kubelets are configured was refused: it needs the right to get nodes/proxy. plimsoll collect cluster --print-rbac prints a role with all that is needed.`;
    return { known: false, code: 'not_permitted', reason };
  }
  const listed = gaps.sort().slice(0, MAX_GAPS);
  if (gaps.length > MAX_GAPS) listed.push(`${gaps.length - MAX_GAPS} more kubelets could not be asked.`);
  if (refused !== null) listed.push('Some kubelets could not be asked: it was refused.');
  if (found.length === 0) return { known: false, code: 'unreadable', reason: listed.slice(0, 3).join(' ') };
  return { known: true, value: found.sort((a, b) => (a.node < b.node ? -1 : 1)), gaps: listed };
}
