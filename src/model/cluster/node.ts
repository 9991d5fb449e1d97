import type { ClusterObject } from './cluster-object.js';
import type { Json } from './network.js';

export interface Node extends ClusterObject {
  kind: 'Node';
  /** Names as in `status.nodeInfo`. */
  kubeletVersion: string | null;
  kernelVersion: string | null;
  osImage: string | null;
  operatingSystem: string | null;
  architecture: string | null;
  containerRuntimeVersion: string | null;
  providerID: string | null;
  taints: { key: string; value: string | null; effect: string }[];
  addresses: { type: string; address: string }[];
  /** Images that the kubelet says are on the node. */
  images: string[];
}

/** A kubelet's whole configuration, `GET /api/v1/nodes/{name}/proxy/configz`. */
export interface KubeletConfig {
  node: string;
  /** `KubeletConfiguration`, as the kubelet serves it. */
  config: { [key: string]: Json };
}
