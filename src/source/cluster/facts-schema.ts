import { z } from 'zod';
import type { ClusterFacts } from '../../model/cluster/cluster-facts.js';
import type { Json } from '../../model/cluster/network.js';
import { list, text, time } from '../host/schema-parts.js';
import {
  clusterObject,
  items,
  labels,
  name,
  podSchema,
  port,
  selector,
  texts,
  whole,
  workloadSchema,
} from './pod-schema.js';

/** Above what collectors keep. */
const MAX_OBJECTS = 500_000;
const MAX_GAPS = 500;

const optional = text().nullable();

function fact<T extends z.ZodType>(value: T) {
  return z.discriminatedUnion('known', [
    z.object({ known: z.literal(true), value, gaps: list(text(), MAX_GAPS) }),
    z.object({
      known: z.literal(false),
      code: z.enum(['not_permitted', 'not_collected', 'not_present', 'unreadable', 'limit_exceeded']),
      reason: text(),
    }),
  ]);
}

/** A list of objects of some kinds, with what such have beside the rest. */
function objects<const Kinds extends readonly [string, ...string[]], Shape extends z.ZodRawShape>(
  kinds: Kinds,
  shape: Shape,
) {
  return fact(list(z.object({ ...clusterObject, kind: z.enum(kinds), ...shape }), MAX_OBJECTS));
}

const json: z.ZodType<Json> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), text(1_048_576), z.array(json), z.record(text(1_024), json)]),
);

const webhookRules = items(z.object({ operations: texts, apiGroups: texts, resources: texts }));

const peer = z.object({
  podSelector: selector.nullable(),
  namespaceSelector: selector.nullable(),
  ipBlock: z.object({ cidr: text(), except: texts }).nullable(),
});

const rules = items(
  z.object({
    peers: items(peer).nullable(),
    ports: items(z.object({ protocol: name, port, endPort: whole.nullable() })).nullable(),
  }),
);

/** What a facts file says beside its version. Fields that are not known are left out, as a later minor form may have them. */
export const clusterFactsSchema = z.object({
  collectedBy: z.enum(['api', 'snapshot', 'manifests']),
  collectedAt: time,
  server: fact(z.object({ gitVersion: name, major: whole, minor: whole, platform: optional })),
  managedBy: z.enum(['eks', 'gke', 'aks', 'doks', 'oke', 'iks', 'ack', 'openshift']).nullable(),
  namespaces: objects(['Namespace'], {}),
  nodes: objects(['Node'], {
    kubeletVersion: optional,
    kernelVersion: optional,
    osImage: optional,
    operatingSystem: optional,
    architecture: optional,
    containerRuntimeVersion: optional,
    providerID: optional,
    taints: items(z.object({ key: name, value: optional, effect: text() })),
    addresses: items(z.object({ type: text(), address: text() })),
    images: texts,
  }),
  kubelets: fact(list(z.object({ node: name, config: z.record(text(1_024), json) }), MAX_OBJECTS)),
  pods: fact(list(podSchema, MAX_OBJECTS)),
  workloads: fact(list(workloadSchema, MAX_OBJECTS)),
  serviceAccounts: objects(['ServiceAccount'], {
    automountServiceAccountToken: z.boolean().nullable(),
    secrets: texts,
    imagePullSecrets: texts,
  }),
  roles: objects(['Role', 'ClusterRole'], {
    rules: items(
      z.object({ verbs: texts, apiGroups: texts, resources: texts, resourceNames: texts, nonResourceURLs: texts }),
    ),
    isAggregated: z.boolean(),
    aggregates: items(selector),
  }),
  roleBindings: objects(['RoleBinding', 'ClusterRoleBinding'], {
    role: z.object({ kind: z.enum(['Role', 'ClusterRole']), name }),
    subjects: items(z.object({ kind: z.enum(['User', 'Group', 'ServiceAccount']), name, namespace: name.nullable() })),
  }),
  certificateRequests: objects(['CertificateSigningRequest'], {
    signerName: name,
    username: text(),
    groups: texts,
    approved: z.boolean(),
  }),
  networkPolicies: objects(['NetworkPolicy'], {
    podSelector: selector,
    policyTypes: items(z.enum(['Ingress', 'Egress'])),
    ingress: rules,
    egress: rules,
  }),
  vendorPolicies: objects(
    [
      ...(['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'CalicoNetworkPolicy'] as const),
      ...(['GlobalNetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'] as const),
    ],
    { specs: items(json) },
  ),
  services: objects(['Service'], {
    type: name,
    selector: labels,
    clusterIP: optional,
    externalIPs: texts,
    loadBalancerSourceRanges: texts,
    loadBalancerAddresses: texts,
    ports: items(
      z.object({ name: optional, protocol: name, port: whole, targetPort: port, nodePort: whole.nullable() }),
    ),
  }),
  routes: objects(['Ingress', 'HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute', 'UDPRoute', 'OpenShiftRoute'], {
    hosts: texts,
    backends: items(z.object({ path: optional, namespace: name, service: name, port })),
    tlsHosts: texts.nullable(),
    parents: texts,
    ingressClass: optional,
  }),
  gateways: objects(['Gateway'], {
    gatewayClass: text(),
    listeners: items(z.object({ name: text(), protocol: text(), port: whole, hostname: optional, tlsMode: optional })),
    addresses: texts,
  }),
  secrets: objects(['Secret'], { type: text() }),
  configMaps: objects(['ConfigMap'], {
    keys: items(text()),
    secrets: list(z.object({ key: text(), rule: name, line: whole }), 100_000),
  }),
  resourceQuotas: objects(['ResourceQuota'], { hard: labels }),
  limitRanges: objects(['LimitRange'], {
    limits: items(z.object({ type: text(), default: labels, max: labels })),
  }),
  disruptionBudgets: objects(['PodDisruptionBudget'], { selector: selector.nullable() }),
  storageClasses: objects(['StorageClass'], { provisioner: text(), parameters: labels, reclaimPolicy: optional }),
  persistentVolumes: objects(['PersistentVolume'], {
    type: text(),
    path: optional,
    storageClass: optional,
    reclaimPolicy: optional,
    claim: z.object({ namespace: text(), name: text() }).nullable(),
  }),
  webhooks: objects(['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'], {
    webhooks: items(
      z.object({
        name: text(),
        failurePolicy: optional,
        namespaceSelector: selector.nullable(),
        objectSelector: selector.nullable(),
        rules: webhookRules,
        timeoutSeconds: whole.nullable(),
        service: z.object({ namespace: text(), name: text() }).nullable(),
        hasMatchConditions: z.boolean(),
      }),
    ),
  }),
  admissionPolicies: objects(['ValidatingAdmissionPolicy'], { failurePolicy: optional, rules: webhookRules }),
  admissionBindings: objects(['ValidatingAdmissionPolicyBinding'], {
    policy: text(),
    actions: texts,
    namespaceSelector: selector.nullable(),
  }),
  otherKinds: z.record(text(1_024), z.number().int().min(0)),
}) satisfies z.ZodType<Omit<ClusterFacts, 'version'>>;
