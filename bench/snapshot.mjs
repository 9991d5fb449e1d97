/** A snapshot of a made-up cluster, as `kubectl get … -A -o json` writes it. */

const pad = (number) => String(number).padStart(4, '0');

/** Fields that the API server adds to each object, which make most of a real snapshot. */
const managed = (kind) => [
  {
    manager: 'kube-controller-manager',
    operation: 'Update',
    apiVersion: 'v1',
    time: '2026-11-01T00:00:00Z',
    fieldsType: 'FieldsV1',
    fieldsV1: Object.fromEntries(
      ['metadata', 'spec', 'status'].map((name) => [
        `f:${name}`,
        Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`f:${kind}-field-${i}`, { '.': {}, 'f:value': {} }])),
      ]),
    ),
  },
];

/**
 * @param pods in deployments of ten, of a hundred namespaces
 * @returns objects, in the order of their kinds
 */
export function* snapshotObjects({ pods, roles, policies }) {
  const namespaces = Array.from({ length: 100 }, (_, i) => `team-${pad(i)}`);
  const base = (kind, apiVersion, name, namespace, more = {}) => ({
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace && { namespace }),
      uid: `${kind}-${namespace}-${name}`,
      creationTimestamp: '2026-11-01T00:00:00Z',
      managedFields: managed(kind),
      ...more,
    },
  });
  for (const name of namespaces) yield { ...base('Namespace', 'v1', name), status: { phase: 'Active' } };
  for (let i = 0; i < pods / 10; i += 1) {
    const name = `app-${pad(i)}`;
    const namespace = namespaces[i % namespaces.length];
    const labels = { app: name, tier: i % 3 === 0 ? 'web' : 'back' };
    const spec = podSpec(i);
    const template = { metadata: { labels }, spec };
    yield {
      ...base('Deployment', 'apps/v1', name, namespace, { labels }),
      spec: { replicas: 10, selector: { matchLabels: { app: name } }, template },
    };
    const set = `${name}-7d9f`;
    const owner = (kind, of) => [
      { apiVersion: 'apps/v1', kind, name: of, uid: `${kind}-${namespace}-${of}`, controller: true },
    ];
    yield {
      ...base('ReplicaSet', 'apps/v1', set, namespace, { labels, ownerReferences: owner('Deployment', name) }),
      spec: { replicas: 10, selector: { matchLabels: { app: name } }, template },
    };
    for (let replica = 0; replica < 10; replica += 1) {
      yield {
        ...base('Pod', 'v1', `${set}-${replica}`, namespace, { labels, ownerReferences: owner('ReplicaSet', set) }),
        spec: { ...spec, nodeName: `node-${i % 50}` },
        status: {
          phase: 'Running',
          podIP: `10.${i % 250}.${replica}.${(i * 7) % 250}`,
          podIPs: [{ ip: `10.${i % 250}.${replica}.${(i * 7) % 250}` }],
          containerStatuses: spec.containers.map(({ name: container, image }) => ({
            name: container,
            image,
            imageID: `${image.split(':')[0]}@sha256:${pad(i % 200).repeat(16)}`,
            ready: true,
            restartCount: 0,
            state: { running: { startedAt: '2026-11-01T00:00:00Z' } },
          })),
        },
      };
    }
    if (i % 3 === 0) {
      yield {
        ...base('Service', 'v1', name, namespace),
        spec: {
          type: i % 30 === 0 ? 'NodePort' : 'ClusterIP',
          clusterIP: `10.96.${i % 250}.1`,
          selector: { app: name },
          ports: [{ port: 80, targetPort: 8080, protocol: 'TCP', ...(i % 30 === 0 && { nodePort: 30000 + i }) }],
        },
      };
    }
  }
  for (let i = 0; i < roles; i += 1) {
    const namespace = namespaces[i % namespaces.length];
    const rules = [
      { apiGroups: [''], resources: ['pods', i % 10 === 0 ? 'secrets' : 'configmaps'], verbs: ['get', 'list'] },
    ];
    yield { ...base('Role', 'rbac.authorization.k8s.io/v1', `role-${pad(i)}`, namespace), rules };
    yield {
      ...base('RoleBinding', 'rbac.authorization.k8s.io/v1', `role-${pad(i)}`, namespace),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: `role-${pad(i)}` },
      subjects: [{ kind: 'ServiceAccount', name: `account-${i % 20}`, namespace }],
    };
  }
  for (let i = 0; i < policies; i += 1) {
    yield {
      ...base('NetworkPolicy', 'networking.k8s.io/v1', `policy-${pad(i)}`, namespaces[i % namespaces.length]),
      spec: {
        podSelector: { matchLabels: { tier: i % 2 === 0 ? 'back' : 'web' } },
        policyTypes: ['Ingress'],
        ingress: [
          { from: [{ podSelector: { matchLabels: { tier: 'web' } } }], ports: [{ protocol: 'TCP', port: 8080 }] },
        ],
      },
    };
  }
}

function podSpec(i) {
  return {
    serviceAccountName: `account-${i % 20}`,
    restartPolicy: 'Always',
    securityContext: i % 4 === 0 ? { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } } : {},
    containers: [
      {
        name: 'app',
        image: `registry.example/app-${i % 200}:1.${i % 7}`,
        ports: [{ containerPort: 8080, protocol: 'TCP' }],
        env: Array.from({ length: 10 }, (_, n) => ({ name: `SETTING_${n}`, value: `value-${i}-${n}` })),
        resources: { limits: { memory: '256Mi' }, requests: { cpu: '100m' } },
        securityContext:
          i % 50 === 0 ? { privileged: true } : { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
        livenessProbe: { httpGet: { path: '/healthz', port: 8080 } },
      },
    ],
    volumes: [{ name: 'data', emptyDir: {} }],
  };
}
