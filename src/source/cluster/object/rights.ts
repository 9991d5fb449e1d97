import type { CertificateSigningRequest } from '../../../model/cluster/governance.js';
import type { PolicyRule, Role, RoleBinding, ServiceAccount, Subject } from '../../../model/cluster/rights.js';
import type { Fields } from './fields.js';
import { metadataOf, type ReadContext, readSelector } from './metadata.js';

export function roleOf(object: Fields, kind: Role['kind'], context: ReadContext): Role {
  return {
    ...metadataOf(object, kind, kind === 'Role', context),
    kind,
    rules: object.objects('rules').map(ruleOf),
    isAggregated: object.has('aggregationRule'),
    aggregates: object.part('aggregationRule').objects('clusterRoleSelectors').map(readSelector),
  };
}

function ruleOf(rule: Fields): PolicyRule {
  return {
    verbs: rule.texts('verbs'),
    apiGroups: rule.texts('apiGroups'),
    resources: rule.texts('resources'),
    resourceNames: rule.texts('resourceNames'),
    nonResourceURLs: rule.texts('nonResourceURLs'),
  };
}

export function roleBindingOf(object: Fields, kind: RoleBinding['kind'], context: ReadContext): RoleBinding {
  if (!object.has('roleRef')) object.faults.say('roleRef is missing');
  const role = object.part('roleRef');
  return {
    ...metadataOf(object, kind, kind === 'RoleBinding', context),
    kind,
    role: { kind: role.oneOf('kind', ['Role', 'ClusterRole'] as const) ?? 'ClusterRole', name: role.needed('name') },
    subjects: object.objects('subjects').flatMap((each): Subject[] => {
      const subject = each.oneOf('kind', ['User', 'Group', 'ServiceAccount'] as const);
      const namespace = subject === 'ServiceAccount' ? each.text('namespace') : null;
      return subject === null ? [] : [{ kind: subject, name: each.needed('name'), namespace }];
    }),
  };
}

export function serviceAccountOf(object: Fields, kind: string, context: ReadContext): ServiceAccount {
  const names = (field: string) => object.objects(field).flatMap((each) => each.text('name') ?? []);
  return {
    ...metadataOf(object, kind, true, context),
    automountServiceAccountToken: object.flag('automountServiceAccountToken'),
    secrets: names('secrets'),
    imagePullSecrets: names('imagePullSecrets'),
  };
}

export function certificateRequestOf(object: Fields, kind: string, context: ReadContext): CertificateSigningRequest {
  const spec = object.part('spec');
  return {
    ...metadataOf(object, kind, false, context),
    // Before v1 it could be left out, for what the kubelet asked.
    signerName: spec.text('signerName') ?? 'kubernetes.io/legacy-unknown',
    username: spec.text('username') ?? '',
    groups: spec.texts('groups'),
    approved: object
      .part('status')
      .objects('conditions')
      .some((each) => each.text('type') === 'Approved'),
  };
}
