import { describe, expect, it } from 'vitest';
import { randomOf } from '../../../test/support/re2-pattern.js';
import { SEVERITIES } from '../../model/severity.js';
import { SECRET_RULES, SECRET_SET, secretRule } from './secret-rules.js';
import { SecretScanner } from './secret-scanner.js';

const random = randomOf(20);
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';

/** Made up, and not written out: a file with tokens in it is taken for a leak. */
function draw(characters: string, length: number): string {
  return Array.from({ length }, () => characters.charAt(Math.floor(random() * characters.length))).join('');
}
const hex = (length: number) => draw(`${DIGITS}abcdef`, length);
const alnum = (length: number) => draw(LOWER + DIGITS, length);
const mixed = (length: number) => draw(LOWER + LOWER.toUpperCase() + DIGITS, length);
const upper = (length: number) => draw(`${LOWER.toUpperCase()}234567`, length);
const uuid = () => [8, 4, 4, 4, 12].map(hex).join('-');
const base64 = (text: string) => Buffer.from(text).toString('base64');
const base64url = (text: string) => Buffer.from(text).toString('base64url');
const jwt = () => [base64url('{"alg":"HS256","typ":"JWT"}'), base64url('{"sub":"1234567890"}'), mixed(43)].join('.');
const pem = (kind: string) =>
  [`-----BEGIN ${kind}PRIVATE KEY-----`, mixed(64), mixed(64), mixed(20), `-----END ${kind}PRIVATE KEY-----`].join(
    '\n',
  );

const scanner = new SecretScanner(Buffer.from('key'));
function rulesIn(text: string, path = 'srv/app/file'): string[] {
  scanner.begin(path);
  scanner.write(Buffer.from(text));
  return scanner.end().map(({ ruleId }) => ruleId);
}

describe('the rules', () => {
  it.each<[rule: string, text: string, path?: string]>([
    // No vendor's.
    ['generic-api-key', `session_secret: "${mixed(32)}"`],
    ['generic-api-key', `export DB_PASSWORD=${mixed(20)}`],
    ['generic-api-key', `{"auth": "${base64(mixed(30))}"}`],
    ['private-key', pem('RSA ')],
    ['private-key', pem('')],
    ['private-key', pem('OPENSSH ').replaceAll('\n', '\\n')],
    ['private-key', `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${mixed(200)}\n-----END PGP PRIVATE KEY BLOCK-----`],
    ['jwt', `Bearer ${jwt()}`],
    ['jwt-base64', base64(jwt())],
    ['curl-auth-header', `curl https://x.example \\\n  -H 'Authorization: Bearer ${mixed(20)}'`],
    ['curl-auth-user', `curl -s -u robot:${mixed(12)} https://x.example`],
    ['kubernetes-secret-yaml', `kind: Secret\ndata:\n  tls: ${base64(mixed(20))}\n`, 'etc/manifests/a.yaml'],
    ['kubernetes-secret-yaml', `data:\n  tls: ${base64(mixed(20))}\nkind: Secret\n`, 'etc/manifests/a.yml'],
    ['nuget-config-password', `<add key="ClearTextPassword" value="${mixed(12)}" />`, 'root/NuGet.Config'],
    ['pkcs12-file', 'anything', 'etc/ssl/server.p12'],
    // Cloud providers.
    ['aws-access-token', `aws_access_key_id = AKIA${upper(16)}`],
    ['aws-access-token', `A3TX${upper(16)}`],
    ['gcp-api-key', `AIza${draw(`${LOWER}${DIGITS}-_`, 35)}`],
    ['azure-ad-client-secret', `"${mixed(3)}8Q~${mixed(34)}"`],
    ['alibaba-access-key-id', `LTAI${alnum(20)}`],
    ['digitalocean-pat', `dop_v1_${hex(64)}`],
    ['cloudflare-api-key', `CLOUDFLARE_TOKEN=${alnum(40)}`],
    ['heroku-api-key', `heroku.key: ${uuid()}`],
    ['flyio-access-token', `fm2_${mixed(120)}`],
    // Identity, infrastructure, monitoring.
    ['vault-service-token', `hvs.${mixed(96)}`],
    ['vault-service-token', `token s.${draw(LOWER, 12)}${draw(DIGITS, 12)}`],
    ['hashicorp-tf-api-token', `${mixed(14)}.atlasv1.${mixed(65)}`],
    ['hashicorp-tf-password', `password = "${alnum(16)}"`, 'srv/main.tf'],
    ['okta-access-token', `OKTA_TOKEN: 00${mixed(40)}`],
    ['age-secret-key', `AGE-SECRET-KEY-1${draw('QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L', 58)}`],
    ['openshift-user-token', `oc login --token=sha256~${mixed(43)} x`],
    ['sentry-user-token', `sntryu_${hex(64)}`],
    ['grafana-service-account-token', `glsa_${mixed(32)}_${hex(8)}`],
    // Source control and builds.
    ['github-pat', `ghp_${mixed(36)}`],
    ['github-fine-grained-pat', `github_pat_${mixed(82)}`],
    ['gitlab-pat', `glpat-${mixed(20)}`],
    ['gitlab-pat-routable', `glpat-${mixed(30)}.01.${alnum(9)}`.replace('.01.', '.')],
    ['atlassian-api-token', `JIRA_TOKEN=${alnum(20)}${hex(4)}`],
    ['sourcegraph-access-token', `# sourcegraph\n${hex(40)}`],
    ['npm-access-token', `//registry.npmjs.org/:_authToken=npm_${mixed(36)}`],
    ['pypi-upload-token', `pypi-AgEIcHlwaS5vcmc${mixed(70)}`],
    ['rubygems-api-token', `rubygems_${hex(48)}`],
    ['artifactory-api-key', `AKCp${mixed(69)}`],
    ['snyk-api-token', `SNYK_API_TOKEN=${uuid()}`],
    // Language models.
    ['openai-api-key', `sk-${mixed(20)}T3BlbkFJ${mixed(20)}`],
    ['openai-api-key', `sk-proj-${mixed(74)}T3BlbkFJ${mixed(74)}`],
    ['anthropic-api-key', `sk-ant-api03-${mixed(93)}AA`],
    ['huggingface-access-token', `hf_${draw(LOWER, 34)}`],
    // Messages.
    ['slack-bot-token', `xoxb-${draw(DIGITS, 12)}-${draw(DIGITS, 12)}-${mixed(24)}`],
    ['slack-webhook-url', `https://hooks.slack.com/services/${mixed(44)}`],
    ['twilio-api-key', `SK${hex(32)}`],
    ['sendgrid-api-token', `SG.${mixed(66)}`],
    ['telegram-bot-api-token', `telegram_token = ${draw(DIGITS, 10)}:A${mixed(34)}`],
    ['discord-client-id', `discord: "${draw(DIGITS, 18)}"`],
    [
      'microsoft-teams-webhook',
      `https://acme.webhook.office.com/webhookb2/${uuid()}@${uuid()}/IncomingWebhook/${hex(32)}/${uuid()}`,
    ],
    // Commerce.
    ['stripe-access-token', `sk_live_${mixed(24)}`],
    ['shopify-access-token', `shpat_${hex(32)}`],
    ['square-access-token', `EAAA${mixed(40)}`],
    ['plaid-secret-key', `plaid_secret: "${alnum(30)}"`],
    ['freemius-secret-key', `'secret_key' => 'sk_${mixed(29)}',`, 'srv/plugin.php'],
    ['sidekiq-sensitive-url', `https://${hex(8)}:${hex(8)}@gems.contribsys.com/`],
    // Other applications.
    ['twitter-bearer-token', `twitter_bearer: "${'A'.repeat(22)}${mixed(85)}"`],
    ['facebook-access-token', `# facebook\n"${draw(DIGITS, 15)}|${mixed(27)}"`],
    ['airtable-personnal-access-token', `airtable pat${mixed(14)}.${hex(64)}`],
    ['dropbox-short-lived-api-token', `dropbox = sl.${mixed(135)}`],
    ['notion-api-token', `ntn_${draw(DIGITS, 11)}${mixed(35)}`],
    ['maxmind-license-key', `${mixed(6)}_${mixed(29)}_mmk`],
  ])('find a secret by %s', (rule, text, path) => {
    expect(rulesIn(text, path)).toContain(rule);
  });

  it.each<[what: string, text: string, path?: string]>([
    ['a word', 'password: changeme'],
    ['a name in place of a value', 'apiKey: process.env.SERVICE_API_KEY'],
    ['a variable', `token = "$SERVICE_TOKEN_123"`],
    ['a template', `secret: {{ .Values.secretKey1 }}`],
    ['one character again and again', `password = "${'x'.repeat(30)}"`],
    ['an alphabet', `key = "0${LOWER}1"`],
    ['a value that people can read', `secret = "example-${DIGITS}-Zx9Qw7"`],
    ['a public key by its name', `public_key = "${mixed(40)}"`],
    ['a name of a key', `keyboard_layout: "${mixed(20)}"`],
    ['a hash of a package', `monkey-patch: ${hex(40)}`],
    ['the example of AWS', `AKIA${upper(9)}EXAMPLE`],
    ['a lower-case prefix', `akia${upper(16).toLowerCase()}`],
    ['a token within a word', `xAKIA${upper(16)}`],
    ['a token of too few characters', `ghp_${mixed(35)}`],
    ['a token of two characters', `ghp_${'ab'.repeat(18)}`],
    ['a public key', pem('').replaceAll('PRIVATE', 'PUBLIC')],
    ['a key without an end', pem('RSA ').split('\n').slice(0, 3).join('\n')],
    ['a password that is a placeholder', 'curl -u user:password https://x.example'],
    ['a password from the environment', 'curl -u "$USER:$PASS" https://x.example'],
    ['an option six lines below', `curl \\${'\n\\\n \\'.repeat(6)}\n -u robot:${mixed(12)} x`],
    ['a manifest that is a template', 'kind: Secret\ndata:\n  a: {{ .Values.a }}\n', 'a.yaml'],
    ['two documents', `kind: Secret\n---\n\n---\ndata:\n  tls: ${base64('0123456789')}\n`, 'a.yaml'],
    ['a manifest that is no YAML', `kind: Secret\ndata:\n  tls: ${base64('0123456789')}\n`, 'a.txt'],
    ['a file system path', `token_file: /var/run/${alnum(20)}`],
  ])('find none in %s', (_what, text, path) => {
    expect(rulesIn(text, path)).toEqual([]);
  });

  it('have a title and a severity each, and no id twice', () => {
    expect(new Set(SECRET_RULES.map(({ id }) => id)).size).toBe(SECRET_RULES.length);
    for (const { id, title, severity } of SECRET_RULES) {
      expect(secretRule(id)).toEqual({ id, title, severity });
      expect(title).toMatch(/\S/);
      expect(SEVERITIES).toContain(severity);
    }
    expect(secretRule('nothing')).toBeNull();
  });

  it('have anchors that the finder takes', () => {
    const anchors = SECRET_RULES.flatMap(({ matchers }) =>
      matchers.flatMap((m) => (m.kind === 'file' ? [] : m.anchors)),
    );
    for (const anchor of anchors) expect(anchor).toMatch(/^[ -@[-~]{2,}$/);
  });

  it('have a version', () => {
    expect(SECRET_SET).toMatch(/^\d+-[0-9a-f]{12}$/);
  });
});
