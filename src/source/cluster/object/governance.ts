import type {
  AdmissionPolicy,
  AdmissionPolicyBinding,
  ConfigMap,
  LimitRange,
  Namespace,
  PersistentVolume,
  PodDisruptionBudget,
  ResourceQuota,
  SecretMetadata,
  StorageClass,
  Webhook,
  WebhookConfiguration,
} from '../../../model/cluster/governance.js';
import { type Fields, storable } from './fields.js';
import { metadataOf, type ReadContext, selectorOf } from './metadata.js';

export function namespaceOf(object: Fields, kind: 'Namespace', context: ReadContext): Namespace {
  return { ...metadataOf(object, kind, false, context), kind };
}

/** Nothing but the metadata and the type is looked at. */
export function secretOf(object: Fields, kind: string, context: ReadContext): SecretMetadata {
  return { ...metadataOf(object, kind, true, context), type: object.text('type') ?? '' };
}

export function configMapOf(object: Fields, kind: string, context: ReadContext): ConfigMap {
  const data = object.part('data');
  const keys = data.keys().sort();
  const secrets = keys.flatMap((key) => {
    const value = data.text(key);
    if (value === null) return [];
    return context.redaction
      .document(key, value)
      .map(({ ruleId, line }) => ({ key: storable(key), rule: ruleId, line }));
  });
  return {
    ...metadataOf(object, kind, true, context),
    keys: [...keys, ...object.part('binaryData').keys()].map(storable).sort(),
    secrets,
  };
}

export function resourceQuotaOf(object: Fields, kind: string, context: ReadContext): ResourceQuota {
  return { ...metadataOf(object, kind, true, context), hard: object.part('spec').texted('hard') };
}

export function limitRangeOf(object: Fields, kind: string, context: ReadContext): LimitRange {
  return {
    ...metadataOf(object, kind, true, context),
    limits: object
      .part('spec')
      .objects('limits')
      .map((each) => ({ type: each.needed('type'), default: each.texted('default'), max: each.texted('max') })),
  };
}

export function disruptionBudgetOf(object: Fields, kind: string, context: ReadContext): PodDisruptionBudget {
  return { ...metadataOf(object, kind, true, context), selector: selectorOf(object.part('spec'), 'selector') };
}

export function storageClassOf(object: Fields, kind: string, context: ReadContext): StorageClass {
  return {
    ...metadataOf(object, kind, false, context),
    provisioner: object.needed('provisioner'),
    parameters: context.redaction.pairs(object.texted('parameters'), 'parameters'),
    reclaimPolicy: object.text('reclaimPolicy'),
  };
}

/** What a PersistentVolume has beside its one source. */
const NO_SOURCE = new Set([
  ...['capacity', 'accessModes', 'claimRef', 'persistentVolumeReclaimPolicy', 'storageClassName', 'mountOptions'],
  ...['volumeMode', 'nodeAffinity', 'volumeAttributesClassName'],
]);

export function persistentVolumeOf(object: Fields, kind: string, context: ReadContext): PersistentVolume {
  const spec = object.part('spec');
  const type = spec.keys().find((key) => !NO_SOURCE.has(key) && spec.has(key)) ?? '';
  const claim = spec.object('claimRef');
  return {
    ...metadataOf(object, kind, false, context),
    type,
    path: type === 'hostPath' || type === 'local' ? spec.part(type).needed('path') : null,
    storageClass: spec.text('storageClassName'),
    reclaimPolicy: spec.text('persistentVolumeReclaimPolicy'),
    claim: claim && { namespace: claim.text('namespace') ?? '', name: claim.text('name') ?? '' },
  };
}

export function webhooksOf(
  object: Fields,
  kind: WebhookConfiguration['kind'],
  context: ReadContext,
): WebhookConfiguration {
  return { ...metadataOf(object, kind, false, context), kind, webhooks: object.objects('webhooks').map(webhookOf) };
}

function webhookOf(webhook: Fields): Webhook {
  const service = webhook.part('clientConfig').object('service');
  return {
    name: webhook.needed('name'),
    failurePolicy: webhook.text('failurePolicy'),
    namespaceSelector: selectorOf(webhook, 'namespaceSelector'),
    objectSelector: selectorOf(webhook, 'objectSelector'),
    rules: rulesOf(webhook, 'rules'),
    timeoutSeconds: webhook.number('timeoutSeconds'),
    service: service && { namespace: service.needed('namespace'), name: service.needed('name') },
    hasMatchConditions: webhook.objects('matchConditions').length > 0,
  };
}

export function admissionPolicyOf(object: Fields, kind: string, context: ReadContext): AdmissionPolicy {
  const spec = object.part('spec');
  return {
    ...metadataOf(object, kind, false, context),
    failurePolicy: spec.text('failurePolicy'),
    rules: rulesOf(spec.part('matchConstraints'), 'resourceRules'),
  };
}

export function admissionBindingOf(object: Fields, kind: string, context: ReadContext): AdmissionPolicyBinding {
  const spec = object.part('spec');
  return {
    ...metadataOf(object, kind, false, context),
    policy: spec.needed('policyName'),
    actions: spec.texts('validationActions'),
    namespaceSelector: selectorOf(spec.part('matchResources'), 'namespaceSelector'),
  };
}

function rulesOf(parent: Fields, name: string): Webhook['rules'] {
  return parent.objects(name).map((rule) => ({
    operations: rule.texts('operations'),
    apiGroups: rule.texts('apiGroups'),
    resources: rule.texts('resources'),
  }));
}
