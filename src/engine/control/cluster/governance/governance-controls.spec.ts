import { describe, expect, it } from 'vitest';
import {
  clusterFacts,
  clusterObject,
  container,
  deployment,
  pod,
  podSpec,
} from '../../../../../test/support/cluster-facts.js';
import { ofRelease, resultOf } from '../../../../../test/support/cluster-judgement.js';
import type { ClusterFacts } from '../../../../model/cluster/cluster-facts.js';
import type { AdmissionPolicy, StorageClass, WebhookConfiguration } from '../../../../model/cluster/governance.js';
import type { Gateway, NetworkPolicy, Route, VendorPolicy } from '../../../../model/cluster/network.js';
import type { Node } from '../../../../model/cluster/node.js';
import type { ControlStatus } from '../../../../model/control.js';

const namespace = (name: string, labels: Record<string, string> = {}) =>
  clusterObject('Namespace', name, { namespace: null, labels });
const SHOP = [namespace('shop')];
const inShop = { namespace: 'shop' };
const policy: NetworkPolicy = {
  ...clusterObject('NetworkPolicy', 'deny', inShop),
  podSelector: { matchLabels: {}, matchExpressions: [] },
  policyTypes: ['Ingress'],
  ingress: [],
  egress: [],
};
const vendor = (kind: VendorPolicy['kind'], of: { namespace: string | null }): VendorPolicy => {
  return { ...clusterObject(kind, 'v', of), specs: [] };
};
const enforcing = (profile: string) =>
  clusterFacts({ namespaces: [namespace('shop', { 'pod-security.kubernetes.io/enforce': profile })] });
const network = (name: string, image: string) => {
  const template = { labels: {}, annotations: {}, spec: podSpec({ containers: [container('a', { image })] }) };
  return clusterFacts({ workloads: [{ ...deployment(name), kind: 'DaemonSet', template }] });
};
const overPods = { operations: ['CREATE'], apiGroups: [''], resources: ['pods'] };
const webhook = (
  failurePolicy: string | null,
  apiVersion = 'admissionregistration.k8s.io/v1',
  name = 'w',
): WebhookConfiguration => ({
  ...clusterObject('ValidatingWebhookConfiguration', name, { namespace: null, apiVersion }),
  webhooks: [
    {
      ...{ name: `${name}.example`, failurePolicy, namespaceSelector: null, objectSelector: null },
      ...{ rules: [overPods], timeoutSeconds: null, service: null, hasMatchConditions: false },
    },
  ],
});
const admission: AdmissionPolicy = {
  ...clusterObject('ValidatingAdmissionPolicy', 'p', { namespace: null }),
  failurePolicy: 'Fail',
  rules: [overPods],
};
const admitted = (actions: string[], of: Partial<AdmissionPolicy> = {}) => {
  const binding = {
    ...clusterObject('ValidatingAdmissionPolicyBinding', 'b'),
    policy: 'p',
    actions,
    namespaceSelector: null,
  };
  return clusterFacts({ admissionPolicies: [{ ...admission, ...of }], admissionBindings: [binding], namespaces: SHOP });
};
const ingress = (hosts: string[], tlsHosts: string[] | null): ClusterFacts => {
  const route: Route = {
    ...clusterObject('Ingress', 'i'),
    hosts,
    tlsHosts,
    backends: [],
    parents: [],
    ingressClass: null,
  };
  return clusterFacts({ routes: [route] });
};
const gateway = (protocol: string) => {
  const listeners = [{ name: 'l', protocol, port: 80, hostname: null, tlsMode: null }];
  const one: Gateway = { ...clusterObject('Gateway', 'g'), gatewayClass: 'c', listeners, addresses: [] };
  return clusterFacts({ gateways: [one] });
};
const storage = (provisioner: string, of: Partial<StorageClass> = {}) => {
  const object = clusterObject('StorageClass', 's', { namespace: null });
  return clusterFacts({ storageClasses: [{ ...object, provisioner, parameters: {}, reclaimPolicy: null, ...of }] });
};
const volume = (type: string) => {
  const object = clusterObject('PersistentVolume', 'v', { namespace: null });
  return clusterFacts({
    persistentVolumes: [{ ...object, type, path: '/data', storageClass: null, reclaimPolicy: null, claim: null }],
  });
};
const quota = { ...clusterObject('ResourceQuota', 'q', inShop), hard: { pods: '1' } };
const range = { ...clusterObject('LimitRange', 'l', inShop), limits: [] };
const node = (kubeletVersion: string | null) =>
  clusterFacts({ nodes: [{ ...clusterObject('Node', 'n'), kubeletVersion } as Node] }, ofRelease(34));

describe('controls over what governs a cluster', () => {
  it.each<[string, ClusterFacts, ControlStatus]>([
    ['namespace-network-policies', clusterFacts({ namespaces: SHOP }), 'fail'],
    ['namespace-network-policies', clusterFacts({ namespaces: SHOP, networkPolicies: [policy] }), 'pass'],
    [
      'namespace-network-policies',
      clusterFacts({ namespaces: SHOP, vendorPolicies: [vendor('CiliumNetworkPolicy', inShop)] }),
      'pass',
    ],
    [
      'namespace-network-policies',
      clusterFacts({ namespaces: SHOP, vendorPolicies: [vendor('GlobalNetworkPolicy', { namespace: null })] }),
      'manual',
    ],
    ['namespace-network-policies', clusterFacts({ namespaces: [namespace('kube-public')] }), 'pass'],
    [
      'namespace-network-policies',
      clusterFacts({ namespaces: [namespace('kube-system')], pods: [pod('p', {}, { namespace: 'kube-system' })] }),
      'fail',
    ],
    ['network-policies-enforced', network('cilium', 'quay.io/cilium/cilium:v1'), 'pass'],
    ['network-policies-enforced', network('kube-flannel-ds', 'ghcr.io/flannel-io/flannel:v1'), 'fail'],
    ['network-policies-enforced', network('app', 'app:1'), 'manual'],
    ['namespace-resource-quota', clusterFacts({ namespaces: SHOP }), 'fail'],
    ['namespace-resource-quota', clusterFacts({ namespaces: SHOP, resourceQuotas: [quota] }), 'pass'],
    ['namespace-limit-range', clusterFacts({ namespaces: SHOP }), 'fail'],
    ['namespace-limit-range', clusterFacts({ namespaces: SHOP, limitRanges: [range] }), 'pass'],
    ['namespace-pod-security', enforcing('baseline'), 'pass'],
    ['namespace-pod-security', enforcing('privileged'), 'fail'],
    ['namespace-pod-security', clusterFacts({ namespaces: SHOP }), 'fail'],
    ['namespace-pod-security', clusterFacts({ namespaces: [namespace('kube-system')] }), 'not_applicable'],
    ['admission-of-pods', enforcing('restricted'), 'pass'],
    ['admission-of-pods', clusterFacts({ namespaces: SHOP }), 'fail'],
    ['admission-of-pods', clusterFacts({ webhooks: [webhook('Fail')] }), 'pass'],
    ['admission-of-pods', clusterFacts({ webhooks: [webhook('Ignore')] }), 'fail'],
    ['admission-of-pods', admitted(['Deny']), 'pass'],
    ['admission-of-pods', admitted(['Audit']), 'fail'],
    ['webhooks-fail-closed', clusterFacts(), 'not_applicable'],
    ['webhooks-fail-closed', clusterFacts({ webhooks: [webhook(null)] }), 'pass'],
    [
      'webhooks-fail-closed',
      clusterFacts({ webhooks: [webhook(null, 'admissionregistration.k8s.io/v1beta1')] }),
      'fail',
    ],
    ['webhooks-fail-closed', clusterFacts({ webhooks: [webhook('Ignore')] }), 'fail'],
    ['admission-policies-deny', admitted(['Deny']), 'pass'],
    ['admission-policies-deny', admitted(['Warn', 'Audit']), 'fail'],
    ['admission-policies-deny', admitted(['Deny'], { failurePolicy: 'Ignore' }), 'fail'],
    ['admission-policies-deny', admitted(['Deny'], { name: 'other' }), 'fail'],
    ['image-provenance', clusterFacts(), 'fail'],
    ['image-provenance', clusterFacts({ webhooks: [webhook('Fail', 'v1', 'policy.sigstore.dev')] }), 'manual'],
    ['image-provenance', clusterFacts({}, { collectedBy: 'manifests' }), 'undetermined'],
    ['admission-of-pods', clusterFacts({}, { collectedBy: 'manifests' }), 'undetermined'],
    ['ingress-tls', ingress(['a.example'], []), 'fail'],
    ['ingress-tls', ingress(['a.example'], ['a.example']), 'pass'],
    ['ingress-tls', ingress(['b.a.example'], ['*.a.example']), 'pass'],
    ['ingress-tls', ingress(['c.b.a.example'], ['*.a.example']), 'fail'],
    ['ingress-tls', ingress([], ['a.example']), 'fail'],
    ['ingress-tls', ingress([], null), 'not_applicable'],
    ['gateway-tls', gateway('HTTP'), 'fail'],
    ['gateway-tls', gateway('HTTPS'), 'pass'],
    ['gateway-tls', clusterFacts(), 'not_applicable'],
    ['storage-encrypted', storage('ebs.csi.aws.com'), 'fail'],
    ['storage-encrypted', storage('ebs.csi.aws.com', { parameters: { encrypted: 'true' } }), 'pass'],
    ['storage-encrypted', storage('pd.csi.storage.gke.io'), 'not_applicable'],
    ['storage-encrypted', storage('rancher.io/local-path'), 'manual'],
    ['storage-retained', storage('x'), 'fail'],
    ['storage-retained', storage('x', { reclaimPolicy: 'Retain' }), 'pass'],
    ['volume-no-host-path', volume('hostPath'), 'fail'],
    ['volume-no-host-path', volume('csi'), 'pass'],
    ['kubelet-version', node('v1.34.1'), 'pass'],
    ['kubelet-version', node('v1.31.0'), 'pass'],
    ['kubelet-version', node('v1.30.9+k3s1'), 'fail'],
    ['kubelet-version', node('v1.35.0'), 'fail'],
    ['kubelet-version', node(null), 'pass'],
  ])('%s, %#: %j', (id, facts, status) => {
    expect(resultOf(id, facts).status).toBe(status);
  });

  it('know until when a release is supported', () => {
    const cycle = (name: string, on: string | null, over: boolean) => {
      return { name, codename: null, end: { on, over }, extendedEnd: null };
    };
    const cycles = [cycle('1.34', '2026-10-27', true), cycle('1.35', '2027-02-28', false), cycle('1.20', null, true)];
    const lifecycle = { name: 'kubernetes', label: 'Kubernetes', extendedLabel: null, cycles };
    const status = (minor: number) =>
      resultOf('kubernetes-supported', clusterFacts({}, ofRelease(minor)), { lifecycle }).status;
    expect([34, 35, 20, 40].map(status)).toEqual(['fail', 'pass', 'fail', 'undetermined']);
    expect(resultOf('kubernetes-supported', clusterFacts()).status).toBe('undetermined');
  });

  it('name each namespace by itself', () => {
    const facts = clusterFacts({ namespaces: [...SHOP, namespace('bank')] });
    expect(resultOf('namespace-network-policies', facts).evidence.map(({ resource }) => resource)).toEqual([
      'Namespace/shop',
      'Namespace/bank',
    ]);
  });
});
