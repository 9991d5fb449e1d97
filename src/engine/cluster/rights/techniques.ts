import type { ServerVersion } from '../../../model/cluster/cluster-facts.js';
import {
  ALL_GROUPS,
  ALL_NODES,
  ALL_USERS,
  accountsIn,
  CLUSTER,
  GROUPS_BUT_MASTERS,
  podsIn,
  type Step,
  secretsIn,
  type Technique,
} from './escalation.js';
import { common, type Grant, isEverything, isNamed, type Need, type Permit, permits } from './grant.js';
import { accountId } from './principal.js';
import type { Rights } from './rights.js';
import { bindings, escalations } from './role-techniques.js';

/** What of a cluster decides where rights lead. */
export interface Surroundings {
  rights: Rights;
  /** Null: not known. */
  server: ServerVersion | null;
  isEks: boolean;
  /** Namespaces that let nobody in whose pod could take its node: Pod Security `baseline` or `restricted` is enforced. */
  guarded: ReadonlySet<string>;
  /** Of secrets that hold a token of a service account: their namespace, name, and the account. */
  tokenSecrets: readonly { namespace: string; name: string; account: string }[];
  /** The workload that a pod belongs to, by namespace and name of the pod. */
  workloadOf(namespace: string, pod: string): string | null;
  /** Pods of a node, as their workloads. */
  workloadsOn(node: string): readonly string[];
}

/** Every step that somebody with these rights may take, whoever it is. */
export function stepsOf(grants: readonly Grant[], around: Surroundings): Step[] {
  if (grants.length === 0) return [];
  const all = grants.filter(({ rule, namespace }) => namespace === null && isEverything(rule));
  // Who may do everything needs no other way.
  if (all.length > 0) return all.map((grant) => step(CLUSTER, 'everything', 'may do everything', [grant]));
  return [
    ...impersonations(grants),
    ...bindings(grants, around),
    ...escalations(grants),
    ...tokens(grants),
    ...workloads(grants, around),
    ...execs(grants, around),
    ...secrets(grants, around),
    ...nodesProxy(grants, around),
    ...certificates(grants),
    ...volumes(grants),
    ...webhooks(grants),
    ...awsAuth(grants, around),
  ];
}

function step(to: string, technique: Technique, via: string, grants: Grant[]): Step {
  return { to, technique, via, grants };
}

/** What a permit is about: one of each name, or all of the namespace. */
function each(permit: Permit, one: (namespace: string, name: string) => string, all: string): string[] {
  const { names, namespace } = permit;
  if (names === null) return [all];
  return namespace === null ? [] : names.map((name) => one(namespace, name));
}

/** To be in a group, one has to be somebody as well: the API server wants a user with it. */
function impersonations(grants: readonly Grant[]): Step[] {
  const may = (resource: string, isClusterScoped = true) =>
    permits(grants, { verbs: ['impersonate'], group: '', resource, isClusterScoped });
  const accounts = may('serviceaccounts', false);
  const users = may('users');
  const [somebody] = [...users, ...accounts];
  const groups = somebody ? may('groups').map((permit) => ({ ...permit, with: somebody.grant })) : [];
  return [
    ...accounts.flatMap((permit) =>
      each(permit, accountId, accountsIn(permit.namespace)).map((to) =>
        step(to, 'impersonate', 'impersonates service accounts', [permit.grant]),
      ),
    ),
    ...users.flatMap(({ names, grant }) =>
      (names?.map((name) => `User/${name}`) ?? [ALL_USERS]).map((to) =>
        step(to, 'impersonate', 'impersonates users', [grant]),
      ),
    ),
    ...groups.flatMap(({ names, grant, with: other }) =>
      (names?.map((name) => `Group/${name}`) ?? [ALL_GROUPS]).map((to) =>
        step(to, 'impersonate', 'impersonates groups', [grant, other]),
      ),
    ),
  ];
}

function tokens(grants: readonly Grant[]): Step[] {
  const found = permits(grants, { verbs: ['create'], group: '', resource: 'serviceaccounts/token' });
  return found.flatMap((permit) =>
    each(permit, accountId, accountsIn(permit.namespace)).map((to) =>
      step(to, 'request-token', 'requests tokens of service accounts', [permit.grant]),
    ),
  );
}

/** What makes pods; the pods of a job are as they were when it was made. */
const MAKERS: readonly Need[] = [
  { verbs: ['create'], group: '', resource: 'pods' },
  { verbs: ['create'], group: 'batch', resource: 'jobs' },
  ...[
    ['', 'replicationcontrollers'],
    ['apps', 'deployments'],
    ['apps', 'daemonsets'],
    ['apps', 'replicasets'],
    ['apps', 'statefulsets'],
    ['batch', 'cronjobs'],
  ].map(([group = '', resource = '']) => ({ verbs: ['create', 'update', 'patch'], group, resource })),
];

/** Permits to make pods, with the resource. */
function makers(grants: readonly Grant[]): (Permit & { resource: string })[] {
  return MAKERS.flatMap((need) => permits(grants, need).map((permit) => ({ ...permit, resource: need.resource })));
}

/** A pod runs as any account of its namespace, and on its node as what the namespace lets in. */
function workloads(grants: readonly Grant[], { guarded }: Surroundings): Step[] {
  return makers(grants).flatMap(({ namespace, grant, resource }) => {
    const as = step(accountsIn(namespace), 'create-workload', `makes or changes ${resource}`, [grant]);
    const isGuarded = namespace !== null && guarded.has(namespace);
    return isGuarded
      ? [as]
      : [as, step(ALL_NODES, 'create-workload', `makes or changes ${resource} that own their node`, [grant])];
  });
}

/** To run a command over a WebSocket took the right to `get` alone, until 1.35 asked for `create` as well. */
function execs(grants: readonly Grant[], { server, workloadOf }: Surroundings): Step[] {
  const byGet = server === null || server.major < 1 || (server.major === 1 && server.minor < 35);
  const verbs = byGet ? ['create', 'get'] : ['create'];
  const needs: Need[] = [
    { verbs, group: '', resource: 'pods/exec' },
    { verbs, group: '', resource: 'pods/attach' },
    { verbs: ['update', 'patch'], group: '', resource: 'pods/ephemeralcontainers' },
    // The image of a pod that runs may be changed.
    { verbs: ['update', 'patch'], group: '', resource: 'pods' },
  ];
  return needs.flatMap((need) =>
    permits(grants, need).flatMap((permit) => {
      const one = (namespace: string, name: string) => workloadOf(namespace, name) ?? '';
      const to = each(permit, one, podsIn(permit.namespace)).filter((id) => id !== '');
      return to.map((id) => step(id, 'run-in-pod', `uses ${need.resource}`, [permit.grant]));
    }),
  );
}

/** A controller writes the token of an account into a secret that asks for it. */
function secrets(grants: readonly Grant[], { tokenSecrets }: Surroundings): Step[] {
  const reads = permits(grants, { verbs: ['get', 'list', 'watch'], group: '', resource: 'secrets' });
  const makes = permits(grants, { verbs: ['create'], group: '', resource: 'secrets' });
  const found: Step[] = [];
  for (const permit of reads) {
    if (permit.names === null) {
      found.push(step(secretsIn(permit.namespace), 'read-secrets', 'reads secrets', [permit.grant]));
      for (const make of makes) {
        const both = common(permit, make);
        if (!both) continue;
        const via = 'makes secrets that ask for a token, and reads them';
        found.push(step(accountsIn(both.namespace), 'make-token-secret', via, [make.grant, permit.grant]));
      }
    }
    for (const { namespace, name, account } of tokenSecrets) {
      if ((permit.namespace !== null && permit.namespace !== namespace) || !isNamed(permit, name)) continue;
      found.push(
        step(accountId(namespace, account), 'read-secrets', `reads the token in Secret/${namespace}/${name}`, [
          permit.grant,
        ]),
      );
    }
  }
  return found;
}

/** The kubelet lets whoever may `get` it run commands over a WebSocket, and by `create` as well. */
function nodesProxy(grants: readonly Grant[], { workloadsOn }: Surroundings): Step[] {
  const need = { verbs: ['get', 'create'], group: '', resource: 'nodes/proxy', isClusterScoped: true };
  return permits(grants, need).flatMap(({ names, grant }) => {
    const to = names === null ? [podsIn(null)] : [...new Set(names.flatMap((node) => workloadsOn(node)))];
    return to.map((id) => step(id, 'nodes-proxy', 'runs commands in pods by the kubelet', [grant]));
  });
}

/**
 * A certificate makes its owner whatever user, and member of whatever group, it asks for; since 1.18 but for `system:masters`,
 * which the admission plugin CertificateSubjectRestriction refuses.
 */
function certificates(grants: readonly Grant[]): Step[] {
  const group = 'certificates.k8s.io';
  const isClusterScoped = true;
  const requests = { group, resource: 'certificatesigningrequests', isClusterScoped };
  const [create] = permits(grants, { ...requests, verbs: ['create'] });
  const [update] = permits(grants, {
    ...requests,
    verbs: ['update', 'patch'],
    resource: `${requests.resource}/approval`,
  });
  const approve = permits(grants, { group, resource: 'signers', verbs: ['approve'], isClusterScoped }).find(
    (permit) => isNamed(permit, 'kubernetes.io/kube-apiserver-client') || isNamed(permit, 'kubernetes.io/*'),
  );
  if (!create || !update || !approve) return [];
  const used = [create.grant, update.grant, approve.grant];
  return [ALL_USERS, GROUPS_BUT_MASTERS, accountsIn(null)].map((to) =>
    step(to, 'approve-certificate', 'approves a certificate for itself', used),
  );
}

/** A volume of the node's own folders needs no `hostPath` in the pod that Pod Security would see. */
function volumes(grants: readonly Grant[]): Step[] {
  const [volume] = permits(grants, {
    verbs: ['create'],
    group: '',
    resource: 'persistentvolumes',
    isClusterScoped: true,
  });
  if (!volume) return [];
  const claims = permits(grants, { verbs: ['create'], group: '', resource: 'persistentvolumeclaims' });
  for (const maker of makers(grants)) {
    const claim = claims.find((one) => common(one, maker));
    if (claim) {
      const used = [volume.grant, claim.grant, maker.grant];
      return [step(ALL_NODES, 'host-path-volume', 'mounts folders of nodes by persistent volumes', used)];
    }
  }
  return [];
}

/** It sees and changes what others send: the pods that controllers make run as, and do, what it says. */
function webhooks(grants: readonly Grant[]): Step[] {
  const group = 'admissionregistration.k8s.io';
  const need = { verbs: ['create', 'update', 'patch'], group, isClusterScoped: true };
  return permits(grants, { ...need, resource: 'mutatingwebhookconfigurations' }).flatMap(({ grant }) =>
    [accountsIn(null), ALL_NODES].map((to) => step(to, 'mutating-webhook', 'changes pods by a webhook', [grant])),
  );
}

/** On EKS a ConfigMap says who of AWS is `system:masters`. */
function awsAuth(grants: readonly Grant[], { isEks }: Surroundings): Step[] {
  if (!isEks) return [];
  return permits(grants, { verbs: ['update', 'patch'], group: '', resource: 'configmaps' })
    .filter(
      (permit) => (permit.namespace === null || permit.namespace === 'kube-system') && isNamed(permit, 'aws-auth'),
    )
    .map(({ grant }) => step(CLUSTER, 'aws-auth', 'changes ConfigMap/kube-system/aws-auth', [grant]));
}
