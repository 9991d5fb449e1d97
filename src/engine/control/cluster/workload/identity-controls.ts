import { resourceName } from '../../../../model/cluster/cluster-object.js';
import type { Evidence } from '../../../../model/control.js';
import type { PodView } from '../../../cluster/workloads.js';
import { isStatic } from '../../../cluster/workloads.js';
import { counted, failIfAny } from '../../control.js';
import { ifKnown, known } from '../../host/host-subject.js';
import type { ClusterControl, ClusterSubject } from '../cluster-subject.js';
import { eachContainer, eachWorkload, podFault, WORKLOAD } from '../each-workload.js';

/** Secrets that workloads are given, and whom they are to the API. */
export const IDENTITY_CONTROLS: ClusterControl[] = [
  {
    ...WORKLOAD,
    id: 'workload-no-secrets-in-environment',
    title: 'No secret is written into a workload',
    problem: 'A secret is written into a workload',
    severity: 'high',
    looksAt: 'names and values of environment variables; values are kept nowhere',
    remediation:
      'Put it into a Secret, and mount that as a file. Then change it, as whoever may read the workload has it.',
    judge: eachContainer(
      ({ container }) =>
        container.env.flatMap(({ name, secretRule }, i) =>
          secretRule === null ? [] : { field: `env[${i}].value`, value: `${name} (${secretRule})` },
        ),
      'have a secret written into them',
    ),
  },
  {
    ...WORKLOAD,
    id: 'workload-secrets-as-files',
    title: 'Containers get secrets as files',
    problem: 'A container gets a secret in its environment',
    severity: 'low',
    looksAt: '`env` and `envFrom` of containers that name a Secret',
    remediation: 'volumes: [{name: secret, secret: {secretName: NAME}}], and mount it read-only.',
    judge: eachContainer(
      ({ container }) => [
        ...container.env.flatMap(({ from }, i) =>
          from?.kind === 'Secret'
            ? { field: `env[${i}].valueFrom.secretKeyRef`, value: `${from.name}/${from.key}` }
            : [],
        ),
        ...container.envFrom.flatMap(({ kind, name }, i) =>
          kind === 'Secret' ? { field: `envFrom[${i}].secretRef.name`, value: name } : [],
        ),
      ],
      'get secrets in their environment',
    ),
  },
  {
    opens: 'misconfiguration',
    eachResource: true,
    restsOn: ['configMaps'],
    id: 'config-map-no-secrets',
    title: 'No secret is in a ConfigMap',
    problem: 'A secret is in a ConfigMap',
    severity: 'high',
    looksAt: 'the values of ConfigMaps; they are kept nowhere',
    remediation: 'Move it to a Secret: kubectl create secret generic NAME --from-file=FILE. Then change it.',
    judge: ({ facts }) => {
      const maps = known(facts.configMaps);
      const evidence = maps.flatMap((map) =>
        map.secrets.map(({ key, rule, line }): Evidence => {
          return { resource: resourceName(map), path: `data.${key}`, value: `${rule}, line ${line}` };
        }),
      );
      return failIfAny(
        evidence,
        (count) => `${counted(count, 'value')} in ConfigMaps ${count === 1 ? 'is a secret' : 'are secrets'}.`,
        `None of ${counted(maps.length, 'ConfigMap')} has one.`,
      );
    },
  },
  {
    ...WORKLOAD,
    id: 'workload-token-not-mounted',
    title: 'Pods have a token for the API only where they need it',
    problem: 'A pod has a token for the API',
    severity: 'low',
    looksAt: '`automountServiceAccountToken` of pods, and of their service accounts',
    remediation: 'spec: {automountServiceAccountToken: false}, where the pod does not ask the API.',
    restsOn: ['pods', 'workloads', 'serviceAccounts'],
    judge: (subject) => {
      const accounts = accountsOf(subject);
      return eachWorkload((view, _subject, { namespace }) => {
        const value = mountedBy(view, namespace ?? 'default', accounts);
        return value === null ? [] : [podFault(view, 'automountServiceAccountToken', value)];
      }, 'have a token for the API')(subject);
    },
  },
  {
    opens: 'misconfiguration',
    eachResource: true,
    restsOn: ['serviceAccounts'],
    id: 'default-service-account-unused',
    title: 'Default service accounts give no token away',
    problem: 'A default service account gives its token to every pod',
    severity: 'low',
    looksAt: '`automountServiceAccountToken` of service accounts with the name `default`',
    remediation: `kubectl patch serviceaccount default -n NAMESPACE -p '{"automountServiceAccountToken": false}'`,
    judge: ({ facts }) => {
      const accounts = known(facts.serviceAccounts).filter(({ name }) => name === 'default');
      const evidence = accounts
        .filter(({ automountServiceAccountToken }) => automountServiceAccountToken !== false)
        .map((account): Evidence => {
          const value = account.automountServiceAccountToken === null ? 'not set' : 'true';
          return { resource: resourceName(account), path: 'automountServiceAccountToken', value };
        });
      return failIfAny(
        evidence,
        (count) => `${counted(count, 'default service account')} of ${accounts.length} give their token to every pod.`,
        'No default service account does.',
      );
    },
  },
  {
    ...WORKLOAD,
    id: 'workload-own-namespace',
    title: 'Nothing runs in the namespace "default"',
    problem: 'A workload runs in the namespace "default"',
    severity: 'low',
    looksAt: 'the namespaces of workloads',
    remediation:
      'Make a namespace for what belongs together (kubectl create namespace NAME), and put it there: metadata: {namespace: NAME}.',
    judge: eachWorkload(
      ({ replica, ...view }, _subject, { namespace }) =>
        replica === null && namespace === 'default'
          ? [{ path: 'metadata.namespace', value: 'default', identity: view.path }]
          : [],
      'are in it',
    ),
  },
  {
    ...WORKLOAD,
    id: 'workload-has-controller',
    title: 'Pods are made by something that makes them again',
    problem: 'A pod is made by nothing, and is gone with its node',
    severity: 'low',
    looksAt: 'pods without an owner, but for static ones',
    remediation: 'Put the pod into a Deployment: kubectl create deployment NAME --image=IMAGE.',
    judge: eachWorkload(
      (_view, _subject, { kind, pods: [pod] }) =>
        kind === 'Pod' && pod && !isStatic(pod)
          ? [{ path: 'metadata.ownerReferences', value: 'not set', identity: '' }]
          : [],
      'are pods that nothing made',
    ),
  },
];

/** Null where they are not known: then they decide nothing. */
type Accounts = ReadonlyMap<string, boolean | null> | null;

function accountsOf({ facts: { serviceAccounts } }: ClusterSubject): Accounts {
  const all = ifKnown(serviceAccounts);
  return all && new Map(all.map((each) => [`${each.namespace}/${each.name}`, each.automountServiceAccountToken]));
}

/** The pod decides, then its account; else there is one. Null: there is none. */
function mountedBy({ spec }: PodView, namespace: string, accounts: Accounts): string | null {
  const own = spec.automountServiceAccountToken;
  if (own !== null) return own ? 'true' : null;
  if (accounts === null) return null;
  const account = spec.serviceAccountName ?? 'default';
  const inherited = accounts.get(`${namespace}/${account}`) ?? null;
  return inherited === false
    ? null
    : `not set, and ${inherited === null ? 'not set' : 'true'} in ServiceAccount/${namespace}/${account}`;
}
