import { resourceName } from '../../../../model/cluster/cluster-object.js';
import type { WebhookConfiguration } from '../../../../model/cluster/governance.js';
import type { Evidence } from '../../../../model/control.js';
import { counted, fail, failIfAny, manual, notApplicable, pass, undetermined } from '../../control.js';
import { known } from '../../host/host-subject.js';
import type { ClusterControl } from '../cluster-subject.js';

/** What verifies signatures of images before they run, by the names of its webhooks. */
const PROVENANCE =
  /sigstore|policy-controller|cosign|kyverno|connaisseur|ratify|notation|portieris|binauthz|imagepolicy/i;

const BESIDE_MANIFESTS = 'Manifests do not tell what the cluster has beside them.';

/** What looks at objects before they are made. */
export const ADMISSION_CONTROLS: ClusterControl[] = [
  {
    opens: 'misconfiguration',
    restsOn: ['namespaces', 'webhooks', 'admissionPolicies', 'admissionBindings'],
    id: 'admission-of-pods',
    title: 'Something looks at pods before they are made',
    problem: 'Nothing looks at pods before they are made',
    severity: 'high',
    looksAt: 'labels of Pod Security, webhooks over pods, and admission policies that are bound with Deny',
    remediation: 'kubectl label namespace NAMESPACE pod-security.kubernetes.io/enforce=baseline, for each namespace.',
    judge: ({ facts }) => {
      const labelled = known(facts.namespaces).find(({ labels }) =>
        /^(?:baseline|restricted)$/.test(labels['pod-security.kubernetes.io/enforce'] ?? ''),
      );
      if (labelled) return pass(`Pod Security is enforced, as in ${resourceName(labelled)}.`);
      const webhook = known(facts.webhooks).find(
        ({ kind, webhooks }) =>
          kind === 'ValidatingWebhookConfiguration' &&
          webhooks.some(({ rules, failurePolicy }) => failurePolicy !== 'Ignore' && rules.some(isOverPods)),
      );
      if (webhook) return pass(`${resourceName(webhook)} is asked about pods.`);
      const denying = new Set(deniedBy(known(facts.admissionBindings)));
      const policy = known(facts.admissionPolicies).find(
        ({ name, rules }) => denying.has(name) && rules.some(isOverPods),
      );
      if (policy) return pass(`${resourceName(policy)} is asked about pods.`);
      if (facts.collectedBy === 'manifests') return undetermined(BESIDE_MANIFESTS);
      return fail('No namespace enforces Pod Security, and no webhook or policy over pods refuses any.', []);
    },
  },
  {
    opens: 'misconfiguration',
    eachResource: true,
    restsOn: ['webhooks'],
    id: 'webhooks-fail-closed',
    title: 'Where a webhook does not answer, nothing is let through',
    problem: 'What a webhook should refuse is let through where it does not answer',
    severity: 'medium',
    looksAt: '`failurePolicy` of webhooks that validate',
    remediation: 'webhooks: [{name: NAME, failurePolicy: Fail}], with two replicas or more of what answers.',
    judge: ({ facts }) => {
      const all = known(facts.webhooks).filter(({ kind }) => kind === 'ValidatingWebhookConfiguration');
      if (all.length === 0) return notApplicable('There is no webhook that validates.');
      const evidence = all.flatMap(openWebhooks);
      return failIfAny(evidence, (count) => `${counted(count, 'webhook')} let through.`, 'None lets through.');
    },
  },
  {
    opens: 'misconfiguration',
    eachResource: true,
    restsOn: ['admissionPolicies', 'admissionBindings'],
    id: 'admission-policies-deny',
    title: 'Admission policies refuse what they are against',
    problem: 'An admission policy refuses nothing',
    severity: 'medium',
    looksAt: 'ValidatingAdmissionPolicies, their `failurePolicy`, and the actions of their bindings',
    remediation:
      '{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicyBinding, metadata: {name: NAME}, spec: {policyName: POLICY, validationActions: [Deny]}}',
    judge: ({ facts }) => {
      const policies = known(facts.admissionPolicies);
      if (policies.length === 0) return notApplicable('There is no admission policy.');
      const denying = new Set(deniedBy(known(facts.admissionBindings)));
      const evidence = policies.flatMap((policy): Evidence[] => {
        const resource = resourceName(policy);
        if (policy.failurePolicy === 'Ignore') return [{ resource, path: 'spec.failurePolicy', value: 'Ignore' }];
        return denying.has(policy.name) ? [] : [{ resource, path: 'spec', value: 'no binding with Deny' }];
      });
      return failIfAny(
        evidence,
        (count) => `${counted(count, 'policy', 'policies')} of ${policies.length} refuse nothing.`,
        `${counted(policies.length, 'policy', 'policies')}: each refuses.`,
      );
    },
  },
  {
    opens: 'misconfiguration',
    restsOn: ['webhooks'],
    id: 'image-provenance',
    title: 'Images are verified before they run',
    problem: 'Images are not verified before they run',
    severity: 'medium',
    looksAt: 'the plug-in ImagePolicyWebhook of kube-apiserver, and the names of webhooks that verify signatures',
    remediation: 'Verify signatures at admission, as with sigstore’s policy-controller or Kyverno’s verifyImages.',
    judge: ({ facts, controlPlane }) => {
      const server = controlPlane['kube-apiserver'].find(({ line }) =>
        line.list('enable-admission-plugins')?.includes('ImagePolicyWebhook'),
      );
      if (server) return pass(`${server.resource} asks ImagePolicyWebhook.`);
      const webhook = known(facts.webhooks).find(({ name, webhooks }) =>
        [name, ...webhooks.map((each) => each.name)].some((each) => PROVENANCE.test(each)),
      );
      if (!webhook && facts.collectedBy === 'manifests') return undetermined(BESIDE_MANIFESTS);
      if (!webhook) return fail('No webhook that is known to verify images is asked.', []);
      const value = webhook.webhooks[0]?.name ?? null;
      return manual('Whether it verifies every image is for a person to say.', [
        { resource: resourceName(webhook), path: 'webhooks[0].name', value },
      ]);
    },
  },
];

/** Names of policies that a binding refuses by. */
function deniedBy(bindings: readonly { policy: string; actions: string[] }[]): string[] {
  return bindings.filter(({ actions }) => actions.includes('Deny')).map(({ policy }) => policy);
}

/** What is not set fails in `v1`, and did not in `v1beta1`. */
function openWebhooks(configuration: WebhookConfiguration): Evidence[] {
  const byDefault = configuration.apiVersion.endsWith('/v1beta1') ? 'Ignore' : 'Fail';
  return configuration.webhooks.flatMap(({ failurePolicy }, i) => {
    const value = failurePolicy ?? byDefault;
    return value === 'Ignore'
      ? { resource: resourceName(configuration), path: `webhooks[${i}].failurePolicy`, value }
      : [];
  });
}

function isOverPods({
  operations,
  apiGroups,
  resources,
}: {
  operations: string[];
  apiGroups: string[];
  resources: string[];
}) {
  return (
    operations.some((each) => each === '*' || each === 'CREATE') &&
    apiGroups.some((each) => each === '*' || each === '') &&
    resources.some((each) => each === '*' || each === '*/*' || each === 'pods' || each === 'pods/*')
  );
}
