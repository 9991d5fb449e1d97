import { anyCase } from '../any-case.js';
import { alphanumeric, anchored, assigned, cased, dashed, hex, rule, SPACE, token, UUID } from '../rule-shape.js';
import type { SecretRule } from '../secret-rule.js';

const OPEN = { isWord: false, end: 'any', entropy: 2 } as const;

/** Payment, banking, exchanges, shops and shipping. */
export const COMMERCE_RULES: readonly SecretRule[] = [
  assigned('bittrex-access-key', 'high', 'Bittrex access key', 'bittrex', alphanumeric(32)),
  assigned('bittrex-secret-key', 'critical', 'Bittrex secret key', 'bittrex', alphanumeric(32)),
  assigned('coinbase-access-token', 'critical', 'Coinbase token', 'coinbase', '[a-z0-9_-]{64}'),
  token('duffel-api-token', 'high', 'Duffel token', ['duffel_test_', 'duffel_live_'], dashed(43), {
    ...OPEN,
    keywords: ['duffel_'],
    ignoreCase: 'rest',
  }),
  token('easypost-api-token', 'high', 'EasyPost key', 'EZAK', alphanumeric(54), {
    ignoreCase: 'rest',
    end: 'word',
    entropy: 2,
  }),
  token('easypost-test-api-token', 'low', 'EasyPost test key', 'EZTK', alphanumeric(54), {
    ignoreCase: 'rest',
    end: 'word',
    entropy: 2,
  }),
  assigned('etsy-access-token', 'high', 'Etsy token', cased('etsy'), alphanumeric(24), { entropy: 3 }),
  assigned('finicity-api-token', 'high', 'Finicity token', 'finicity', hex(32)),
  assigned('finicity-client-secret', 'high', 'Finicity client secret', 'finicity', alphanumeric(20)),
  assigned('finnhub-access-token', 'medium', 'Finnhub token', 'finnhub', alphanumeric(20)),
  token('flutterwave-encryption-key', 'medium', 'Flutterwave encryption key', 'FLWSECK_TEST-', '[a-h0-9]{12}', {
    ...OPEN,
    keywords: ['flwseck_test'],
    ignoreCase: 'rest',
  }),
  token('flutterwave-public-key', 'low', 'Flutterwave public key', 'FLWPUBK_TEST-', '[a-h0-9]{32}-X', {
    ...OPEN,
    keywords: ['flwpubk_test'],
    ignoreCase: 'rest',
  }),
  token('flutterwave-secret-key', 'medium', 'Flutterwave secret key', 'FLWSECK_TEST-', '[a-h0-9]{32}-X', {
    ...OPEN,
    keywords: ['flwseck_test'],
    ignoreCase: 'rest',
  }),
  rule(
    'freemius-secret-key',
    'high',
    'Freemius secret key',
    [anchored(['secret_key'], [1], anyCase(`["']secret_key["'][${SPACE}]*=>[${SPACE}]*["'](sk_[^${SPACE}]{29})["']`))],
    { keywords: ['secret_key'], path: /\.php$/i },
  ),
  assigned('freshbooks-access-token', 'high', 'FreshBooks token', 'freshbooks', alphanumeric(64)),
  assigned('gocardless-api-token', 'critical', 'GoCardless token', 'gocardless', `live_${dashed(40)}`, {
    keywords: ['live_', 'gocardless'],
  }),
  assigned('kraken-access-token', 'critical', 'Kraken key', 'kraken', '[a-z0-9/=_+-]{80,90}'),
  assigned('kucoin-access-token', 'high', 'KuCoin key', 'kucoin', hex(24)),
  assigned('kucoin-secret-key', 'critical', 'KuCoin secret', 'kucoin', UUID),
  assigned('lob-api-key', 'high', 'Lob key', 'lob', '(?:live|test)_[a-f0-9]{35}', { keywords: ['test_', 'live_'] }),
  assigned('lob-pub-api-key', 'low', 'Lob publishable key', 'lob', '(?:test|live)_pub_[a-f0-9]{31}', {
    keywords: ['test_pub', 'live_pub', '_pub'],
  }),
  assigned('plaid-api-token', 'high', 'Plaid token', 'plaid', `access-(?:sandbox|development|production)-${UUID}`),
  assigned('plaid-client-id', 'low', 'Plaid client ID', 'plaid', alphanumeric(24), { entropy: 3.5 }),
  assigned('plaid-secret-key', 'high', 'Plaid secret', 'plaid', alphanumeric(30), { entropy: 3.5 }),
  token('shippo-api-token', 'high', 'Shippo token', ['shippo_live_', 'shippo_test_'], '[a-fA-F0-9]{40}', {
    keywords: ['shippo_'],
    entropy: 2,
  }),
  token('shopify-access-token', 'critical', 'Shopify token', 'shpat_', '[a-fA-F0-9]{32}', OPEN),
  token('shopify-custom-access-token', 'critical', 'Shopify custom app token', 'shpca_', '[a-fA-F0-9]{32}', OPEN),
  token('shopify-private-app-access-token', 'critical', 'Shopify private app token', 'shppa_', '[a-fA-F0-9]{32}', OPEN),
  token('shopify-shared-secret', 'critical', 'Shopify shared secret', 'shpss_', '[a-fA-F0-9]{32}', OPEN),
  assigned(
    'sidekiq-secret',
    'medium',
    'Sidekiq licence',
    ['BUNDLE_ENTERPRISE__CONTRIBSYS__COM', 'BUNDLE_GEMS__CONTRIBSYS__COM'],
    '[a-f0-9]{8}:[a-f0-9]{8}',
  ),
  rule(
    'sidekiq-sensitive-url',
    'medium',
    'Sidekiq licence in a URL',
    [
      anchored(
        ['@gems.contribsys.com', '@enterprise.contribsys.com'],
        [25, 24],
        anyCase('\\bhttps?://([a-f0-9]{8}:[a-f0-9]{8})@(?:gems|enterprise)\\.contribsys\\.com(?:[/|#?:]|$)'),
      ),
    ],
    { keywords: ['gems.contribsys.com', 'enterprise.contribsys.com'] },
  ),
  token('square-access-token', 'critical', 'Square token', ['EAAA', 'sq0atp-'], '[\\w-]{22,60}', {
    keywords: ['sq0atp-', 'eaaa'],
    entropy: 2,
  }),
  assigned('squarespace-access-token', 'high', 'Squarespace token', 'squarespace', UUID),
  token(
    'stripe-access-token',
    'critical',
    'Stripe key',
    ['sk_test_', 'sk_live_', 'sk_prod_', 'rk_test_', 'rk_live_', 'rk_prod_'],
    '[a-zA-Z0-9]{10,99}',
    { keywords: ['sk_test', 'sk_live', 'sk_prod', 'rk_test', 'rk_live', 'rk_prod'], entropy: 2 },
  ),
];
