import { alphanumeric, assigned, cased, dashed, hex, prefixed, rule, token, UUID } from '../rule-shape.js';
import type { SecretRule } from '../secret-rule.js';
import { isWellKnownGcpKey } from './well-known-keys.js';

/** Cloud providers, hosting, and the networks in front of them. */
export const CLOUD_RULES: readonly SecretRule[] = [
  token('alibaba-access-key-id', 'high', 'Alibaba Cloud access key ID', 'LTAI', alphanumeric(20), {
    ignoreCase: 'rest',
    entropy: 2,
  }),
  assigned('alibaba-secret-key', 'critical', 'Alibaba Cloud secret key', 'alibaba', alphanumeric(30), { entropy: 2 }),
  rule(
    'aws-access-token',
    'critical',
    'AWS access key ID',
    [
      prefixed('A3T', '[A-Z0-9][A-Z2-7]{16}', { end: 'word' }),
      prefixed(['AKIA', 'ASIA', 'ABIA', 'ACCA'], '[A-Z2-7]{16}', { end: 'word' }),
    ],
    { keywords: ['a3t', 'akia', 'asia', 'abia', 'acca'], entropy: 3, allowances: [{ pattern: /.EXAMPLE$/ }] },
  ),
  token(
    'aws-amazon-bedrock-api-key-long-lived',
    'critical',
    'Amazon Bedrock key, long-lived',
    'ABSK',
    '[A-Za-z0-9+/]{109,269}={0,2}',
    { entropy: 3 },
  ),
  token(
    'aws-amazon-bedrock-api-key-short-lived',
    'high',
    'Amazon Bedrock key, short-lived',
    'bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t',
    '',
    { keywords: ['bedrock-api-key-'], entropy: 3, isWord: false, end: 'any' },
  ),
  token('clickhouse-cloud-api-secret-key', 'high', 'ClickHouse Cloud key', '4b1d', '[A-Za-z0-9]{38}', {
    entropy: 3,
    end: 'word',
  }),
  assigned('cloudflare-api-key', 'critical', 'Cloudflare token', 'cloudflare', '[a-z0-9_-]{40}', { entropy: 2 }),
  assigned('cloudflare-global-api-key', 'critical', 'Cloudflare global key', 'cloudflare', hex(37), { entropy: 2 }),
  token('cloudflare-origin-ca-key', 'critical', 'Cloudflare origin CA key', 'v1.0-', '[a-f0-9]{24}-[a-f0-9]{146}', {
    keywords: ['cloudflare', 'v1.0-'],
    entropy: 2,
  }),
  token('databricks-api-token', 'critical', 'Databricks token', 'dapi', '[a-f0-9]{32}(?:-\\d)?', { entropy: 3 }),
  assigned(
    'defined-networking-api-token',
    'high',
    'Defined Networking token',
    'dnkey',
    'dnkey-[a-z0-9=_-]{26}-[a-z0-9=_-]{52}',
  ),
  token('digitalocean-access-token', 'critical', 'DigitalOcean OAuth token', 'doo_v1_', hex(64), { entropy: 3 }),
  token('digitalocean-pat', 'critical', 'DigitalOcean personal token', 'dop_v1_', hex(64), { entropy: 3 }),
  token('digitalocean-refresh-token', 'critical', 'DigitalOcean refresh token', 'dor_v1_', hex(64), {
    ignoreCase: 'all',
  }),
  assigned('fastly-api-token', 'critical', 'Fastly token', 'fastly', dashed(32)),
  rule(
    'flyio-access-token',
    'critical',
    'Fly.io access token',
    [prefixed('fo1_', '[\\w-]{43}'), prefixed(['fm1a_', 'fm1r_', 'fm2_'], '[a-zA-Z0-9+/]{100,}={0,3}')],
    { keywords: ['fo1_', 'fm1', 'fm2_'], entropy: 4 },
  ),
  token('gcp-api-key', 'high', 'Google Cloud API key', 'AIza', '[\\w-]{35}', {
    entropy: 4,
    allowances: [{ isKnown: isWellKnownGcpKey }],
  }),
  assigned('heroku-api-key', 'critical', 'Heroku key', 'heroku', UUID),
  token('heroku-api-key-v2', 'critical', 'Heroku key', 'HRKU-AA', '[0-9a-zA-Z_-]{58}', { entropy: 4 }),
  assigned('cisco-meraki-api-key', 'critical', 'Cisco Meraki key', cased('meraki'), '[0-9a-f]{40}', {
    exact: true,
    entropy: 3,
  }),
  assigned('netlify-access-token', 'high', 'Netlify token', 'netlify', dashed('40,46')),
  token('planetscale-api-token', 'critical', 'PlanetScale API token', 'pscale_tkn_', '[\\w=.-]{32,64}', {
    ignoreCase: 'rest',
    entropy: 3,
  }),
  token('planetscale-oauth-token', 'critical', 'PlanetScale OAuth token', 'pscale_oauth_', '[\\w=.-]{32,64}', {
    entropy: 3,
  }),
  token('planetscale-password', 'critical', 'PlanetScale password', 'pscale_pw_', '[\\w=.-]{32,64}', {
    ignoreCase: 'all',
    entropy: 3,
  }),
  token('scalingo-api-token', 'critical', 'Scalingo token', 'tk-us-', '[\\w-]{48}', { entropy: 2 }),
  assigned(
    'yandex-access-token',
    'critical',
    'Yandex Cloud IAM token',
    'yandex',
    't1\\.[A-Z0-9a-z_-]+={0,2}\\.[A-Z0-9a-z_-]{86}={0,2}',
  ),
  assigned('yandex-api-key', 'critical', 'Yandex Cloud key', 'yandex', 'AQVN[A-Za-z0-9_-]{35,38}'),
  assigned('yandex-aws-access-token', 'critical', 'Yandex Cloud static key', 'yandex', 'YC[a-zA-Z0-9_-]{38}'),
];
