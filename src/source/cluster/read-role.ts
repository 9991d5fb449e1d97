import { READ_KINDS } from './object/read-kinds.js';

/** The name of the role, of its account and of its binding. */
const NAME = 'plimsoll-audit';

export interface ReadRoleOptions {
  /** Whether Secrets may be listed. */
  secretMetadata: boolean;
}

/** What an account has to be allowed for the facts of a cluster, as manifests: it reads, and changes nothing. */
export function readRole({ secretMetadata }: ReadRoleOptions): string {
  const groups = new Map<string, Set<string>>();
  for (const { groups: served, resource, list } of READ_KINDS) {
    if (list === 'secrets') continue;
    for (const group of served) groups.set(group, (groups.get(group) ?? new Set()).add(resource));
  }
  const rules = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, resources]) => {
      return `  - apiGroups: ["${group}"]
    resources: [${[...resources].sort().join(', ')}]
    verbs: [get, list]
`;
    });
  return `# What plimsoll needs to audit a cluster. It reads, and changes nothing.
#   kubectl create namespace plimsoll && kubectl apply -f this-file
apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${NAME}
  namespace: plimsoll
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: ${NAME}
rules:
${rules.join('')}  # How kubelets are configured, GET /api/v1/nodes/NAME/proxy/configz. The right to get nodes/proxy also reads logs and, on
  # many versions, runs commands in pods by a kubelet's API. Leave it out where that is too much: the kubelets are then a gap.
  - apiGroups: [""]
    resources: [nodes/proxy]
    verbs: [get]
  - nonResourceURLs: [/version]
    verbs: [get]
${secretMetadata ? SECRETS : WITHOUT_SECRETS}---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: ${NAME}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: ${NAME}
subjects:
  - kind: ServiceAccount
    name: ${NAME}
    namespace: plimsoll
`;
}

const SECRETS = `  # Plimsoll asks for the metadata of Secrets alone. Kubernetes has no such right: WHOEVER HAS THIS ACCOUNT CAN READ ALL SECRETS.
  - apiGroups: [""]
    resources: [secrets]
    verbs: [list]
`;

const WITHOUT_SECRETS = `  # Secrets are left out. Plimsoll would ask for their metadata alone, but Kubernetes has no right for that: who may list them
  # may read their values. Which Secrets there are is then a gap. plimsoll collect cluster --print-rbac --secrets adds them.
`;
