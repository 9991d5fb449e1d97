import type { ClusterObject, LabelSelector } from './cluster-object.js';

/** `networking.k8s.io/v1`, as it is there: what is not set is null, and that differs from an empty list. */
export interface NetworkPolicy extends ClusterObject {
  podSelector: LabelSelector;
  policyTypes: ('Ingress' | 'Egress')[];
  ingress: NetworkRule[];
  egress: NetworkRule[];
}

export interface NetworkRule {
  /** Null: from or to everywhere. */
  peers: NetworkPeer[] | null;
  /** Null: every port. */
  ports: NetworkPort[] | null;
}

export interface NetworkPeer {
  podSelector: LabelSelector | null;
  namespaceSelector: LabelSelector | null;
  ipBlock: { cidr: string; except: string[] } | null;
}

export interface NetworkPort {
  protocol: string;
  /** A number or a name of a container's port; null: every port. */
  port: number | string | null;
  endPort: number | null;
}

/** A policy of Cilium or Calico; its spec is kept as it is, and read by who understands it. */
export interface VendorPolicy extends ClusterObject {
  kind:
    | 'CiliumNetworkPolicy'
    | 'CiliumClusterwideNetworkPolicy'
    | 'CalicoNetworkPolicy'
    | 'GlobalNetworkPolicy'
    | 'AdminNetworkPolicy'
    | 'BaselineAdminNetworkPolicy';
  /** Bounded in depth and size; Cilium's `specs` are a list here. */
  specs: Json[];
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Service extends ClusterObject {
  type: string;
  selector: Record<string, string>;
  clusterIP: string | null;
  externalIPs: string[];
  loadBalancerSourceRanges: string[];
  /** Addresses or names that the load balancer got. */
  loadBalancerAddresses: string[];
  ports: ServicePort[];
}

export interface ServicePort {
  name: string | null;
  protocol: string;
  port: number;
  targetPort: number | string | null;
  nodePort: number | null;
}

/** Ingress, Gateway API's routes and OpenShift's Route: what leads from outside to services. */
export interface Route extends ClusterObject {
  kind: 'Ingress' | 'HTTPRoute' | 'GRPCRoute' | 'TCPRoute' | 'TLSRoute' | 'UDPRoute' | 'OpenShiftRoute';
  /** Empty: every name. */
  hosts: string[];
  backends: RouteBackend[];
  /** Names that TLS is ended for; null where the kind leaves that to its gateway. */
  tlsHosts: string[] | null;
  /** Gateways that it is bound to, `namespace/name`. */
  parents: string[];
  ingressClass: string | null;
}

export interface RouteBackend {
  path: string | null;
  namespace: string;
  service: string;
  port: number | string | null;
}

export interface Gateway extends ClusterObject {
  gatewayClass: string;
  listeners: { name: string; protocol: string; port: number; hostname: string | null; tlsMode: string | null }[];
  addresses: string[];
}
