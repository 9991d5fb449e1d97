import { alphanumeric, anchored, assigned, cased, hex, prefixed, rule, SPACE, token } from '../rule-shape.js';
import type { SecretRule } from '../secret-rule.js';

/** Vaults and identity, infrastructure as code, clusters, monitoring. */
export const INFRASTRUCTURE_RULES: readonly SecretRule[] = [
  token(
    '1password-secret-key',
    'critical',
    '1Password secret key',
    'A3-',
    '[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}',
    { end: 'word', entropy: 3.8 },
  ),
  token(
    '1password-service-account-token',
    'critical',
    '1Password service account token',
    'ops_eyJ',
    '[a-zA-Z0-9+/]{250,}={0,3}',
    {
      keywords: ['ops_'],
      isWord: false,
      end: 'any',
      entropy: 4,
    },
  ),
  token('age-secret-key', 'critical', 'age secret key', 'AGE-SECRET-KEY-1', '[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}', {
    isWord: false,
    end: 'any',
  }),
  token(
    'authress-service-client-access-key',
    'high',
    'Authress access key',
    ['sc_', 'ext_', 'scauth_', 'authress_'],
    String.raw`[a-z0-9]{5,30}\.[a-z0-9]{4,6}\.(?-i:acc)[_-][a-z0-9-]{10,32}\.[a-z0-9+/_=-]{30,120}`,
    { ignoreCase: 'rest', entropy: 2 },
  ),
  rule(
    'azure-ad-client-secret',
    'critical',
    'Microsoft Entra ID client secret',
    [
      anchored(
        ['q~'],
        [5, 4],
        String.raw`(?:^|[\\'"\x60${SPACE}>=:(,)])([a-zA-Z0-9_~.]{3}\dQ~[a-zA-Z0-9_~.-]{31,34})(?:$|[\\'"\x60${SPACE}<),])`,
      ),
    ],
    { keywords: ['q~'], entropy: 3 },
  ),
  assigned('datadog-access-token', 'high', 'Datadog key', 'datadog', alphanumeric(40)),
  token('dynatrace-api-token', 'high', 'Dynatrace token', 'dt0c01.', `[a-z0-9]{24}\\.${alphanumeric(64)}`, {
    ignoreCase: 'rest',
    isWord: false,
    end: 'any',
    entropy: 4,
  }),
  token('grafana-api-key', 'high', 'Grafana API key', 'eyJrIjoi', '[A-Za-z0-9]{70,400}={0,3}', {
    ignoreCase: 'all',
    entropy: 3,
  }),
  token('grafana-cloud-api-token', 'high', 'Grafana Cloud token', 'glc_', '[A-Za-z0-9+/]{32,400}={0,3}', {
    ignoreCase: 'all',
    entropy: 3,
  }),
  token(
    'grafana-service-account-token',
    'high',
    'Grafana service account token',
    'glsa_',
    '[A-Za-z0-9]{32}_[a-f0-9]{8}',
    {
      ignoreCase: 'all',
      entropy: 3,
    },
  ),
  rule(
    'hashicorp-tf-api-token',
    'critical',
    'HCP Terraform token',
    [anchored(['.atlasv1.'], [14], String.raw`[a-zA-Z0-9]{14}\.atlasv1\.[a-zA-Z0-9=_-]{60,70}`)],
    { keywords: ['atlasv1'], entropy: 3.5 },
  ),
  assigned('hashicorp-tf-password', 'high', 'Password in Terraform code', 'password', '"[a-z0-9=_-]{8,20}"', {
    keywords: ['administrator_login_password', 'password'],
    path: /\.(?:tf|hcl)$/i,
    entropy: 2,
  }),
  assigned(
    'new-relic-browser-api-token',
    'low',
    'New Relic browser token',
    ['new-relic', 'newrelic', 'new_relic'],
    'NRJS-[a-f0-9]{19}',
    {
      keywords: ['nrjs-'],
    },
  ),
  assigned(
    'new-relic-insert-key',
    'medium',
    'New Relic insert key',
    ['new-relic', 'newrelic', 'new_relic'],
    'NRII-[a-z0-9-]{32}',
    {
      keywords: ['nrii-'],
    },
  ),
  assigned(
    'new-relic-user-api-id',
    'high',
    'New Relic user ID',
    ['new-relic', 'newrelic', 'new_relic'],
    alphanumeric(64),
  ),
  assigned(
    'new-relic-user-api-key',
    'high',
    'New Relic user key',
    ['new-relic', 'newrelic', 'new_relic'],
    'NRAK-[a-z0-9]{27}',
    {
      keywords: ['nrak'],
    },
  ),
  assigned('okta-access-token', 'critical', 'Okta token', cased('okta'), String.raw`00[\w=-]{40}`, {
    exact: true,
    entropy: 4,
  }),
  rule(
    'openshift-user-token',
    'critical',
    'OpenShift token',
    [anchored(['sha256~'], [0], String.raw`\b(sha256~[\w-]{43})(?:[^\w-]|$)`)],
    { keywords: ['sha256~'], entropy: 3.5 },
  ),
  assigned('sentry-access-token', 'high', 'Sentry token', 'sentry', hex(64), { entropy: 3 }),
  rule(
    'sentry-org-token',
    'high',
    'Sentry organization token',
    [
      anchored(
        ['sntrys_eyj'],
        [0],
        String.raw`\bsntrys_eyJpYXQiO[a-zA-Z0-9+/]{10,200}(?:LCJyZWdpb25fdXJs|InJlZ2lvbl91cmwi|cmVnaW9uX3VybCI6)[a-zA-Z0-9+/]{10,200}={0,2}_[a-zA-Z0-9+/]{43}(?:[^a-zA-Z0-9+/]|$)`,
      ),
    ],
    { keywords: ['sntrys_eyjpyxqio'], entropy: 4.5 },
  ),
  token('sentry-user-token', 'high', 'Sentry user token', 'sntryu_', hex(64), { entropy: 3.5 }),
  assigned('sumologic-access-id', 'medium', 'Sumo Logic access ID', cased('sumo'), 'su[a-zA-Z0-9]{12}', {
    exact: true,
    entropy: 3,
  }),
  assigned('sumologic-access-token', 'high', 'Sumo Logic access key', cased('sumo'), alphanumeric(64), { entropy: 3 }),
  token('vault-batch-token', 'critical', 'HashiCorp Vault batch token', 'hvb.', String.raw`[\w-]{138,300}`, {
    entropy: 4,
  }),
  rule(
    'vault-service-token',
    'critical',
    'HashiCorp Vault token',
    [prefixed('hvs.', String.raw`[\w-]{90,120}`), prefixed('s.', '[a-z0-9]{24}', { ignoreCase: 'rest' })],
    { keywords: ['hvs.', 's.'], entropy: 3.5, allowances: [{ pattern: /s\.[A-Za-z]{24}/ }] },
  ),
];
