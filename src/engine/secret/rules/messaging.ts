import { ALPHANUMERIC, isOf } from '../byte-class.js';
import { alphanumeric, anchored, assigned, dashed, hex, rule, token, UUID } from '../rule-shape.js';
import type { SecretRule } from '../secret-rule.js';

const MESSAGE_BIRD = ['messagebird', 'message-bird', 'message_bird'];
const SLACK = { isWord: false, end: 'any' } as const;
const TEAMS_ID = '[a-z0-9]{8}-(?:[a-z0-9]{4}-){3}[a-z0-9]{12}';

/** Chat, mail, SMS and customer support. */
export const MESSAGING_RULES: readonly SecretRule[] = [
  assigned('beamer-api-token', 'medium', 'Beamer key', 'beamer', 'b_[a-z0-9=_-]{44}'),
  assigned('discord-api-token', 'high', 'Discord key', 'discord', hex(64)),
  assigned('discord-client-id', 'low', 'Discord client ID', 'discord', '[0-9]{18}', { entropy: 2 }),
  assigned('discord-client-secret', 'high', 'Discord client secret', 'discord', dashed(32), { entropy: 2 }),
  assigned('intercom-api-key', 'high', 'Intercom key', 'intercom', dashed(60)),
  assigned(
    'mailchimp-api-key',
    'high',
    'Mailchimp key',
    { pattern: 'mailchimpsdk\\.initialize|mailchimp', anchors: ['mailchimp'], longer: 14 },
    '[a-f0-9]{32}-us\\d\\d',
  ),
  assigned('mailgun-private-api-token', 'high', 'Mailgun private key', 'mailgun', 'key-[a-f0-9]{32}'),
  assigned('mailgun-pub-key', 'low', 'Mailgun public key', 'mailgun', 'pubkey-[a-f0-9]{32}'),
  assigned('mailgun-signing-key', 'high', 'Mailgun signing key', 'mailgun', '[a-h0-9]{32}-[a-h0-9]{8}-[a-h0-9]{8}'),
  assigned('mattermost-access-token', 'high', 'Mattermost token', 'mattermost', alphanumeric(26)),
  assigned('messagebird-api-token', 'high', 'MessageBird key', MESSAGE_BIRD, alphanumeric(25)),
  assigned('messagebird-client-id', 'low', 'MessageBird client ID', MESSAGE_BIRD, UUID),
  rule(
    'microsoft-teams-webhook',
    'medium',
    'Microsoft Teams webhook',
    [
      anchored(
        ['.webhook.office.com/webhookb2/'],
        startOfUrl,
        `https://[a-z0-9]+\\.webhook\\.office\\.com/webhookb2/[a-z0-9]{8}-([a-z0-9]{4}-){3}[a-z0-9]{12}@${TEAMS_ID}/IncomingWebhook/[a-z0-9]{32}/${TEAMS_ID}`,
      ),
    ],
    { keywords: ['webhook.office.com', 'webhookb2', 'incomingwebhook'], identity: 'match' },
  ),
  assigned('sendbird-access-id', 'low', 'Sendbird application ID', 'sendbird', UUID),
  assigned('sendbird-access-token', 'high', 'Sendbird token', 'sendbird', hex(40)),
  token('sendgrid-api-token', 'high', 'SendGrid key', 'SG.', '[a-z0-9=_.-]{66}', { ignoreCase: 'rest', entropy: 2 }),
  token('sendinblue-api-token', 'high', 'Brevo key', 'xkeysib-', '[a-f0-9]{64}-[a-zA-Z0-9]{16}', { entropy: 2 }),
  token('slack-app-token', 'high', 'Slack app token', 'xapp-', '\\d-[A-Z0-9]+-\\d+-[a-z0-9]+', {
    ...SLACK,
    keywords: ['xapp'],
    ignoreCase: 'all',
    entropy: 2,
  }),
  token('slack-bot-token', 'high', 'Slack bot token', 'xoxb-', '[0-9]{10,13}-[0-9]{10,13}[a-zA-Z0-9-]*', {
    ...SLACK,
    keywords: ['xoxb'],
    entropy: 3,
  }),
  token(
    'slack-config-access-token',
    'high',
    'Slack configuration token',
    ['xoxe.xoxb-', 'xoxe.xoxp-'],
    '\\d-[A-Z0-9]{163,166}',
    {
      ...SLACK,
      ignoreCase: 'all',
      entropy: 2,
    },
  ),
  token('slack-config-refresh-token', 'high', 'Slack refresh token', 'xoxe-', '\\d-[A-Z0-9]{146}', {
    ...SLACK,
    ignoreCase: 'all',
    entropy: 2,
  }),
  token('slack-legacy-bot-token', 'high', 'Slack bot token, legacy', 'xoxb-', '[0-9]{8,14}-[a-zA-Z0-9]{18,26}', {
    ...SLACK,
    keywords: ['xoxb'],
    entropy: 2,
  }),
  token('slack-legacy-token', 'high', 'Slack token, legacy', ['xoxo-', 'xoxs-'], '\\d+-\\d+-\\d+-[a-fA-F\\d]+', {
    ...SLACK,
    keywords: ['xoxo', 'xoxs'],
    entropy: 2,
  }),
  token(
    'slack-legacy-workspace-token',
    'high',
    'Slack workspace token, legacy',
    ['xoxa-', 'xoxr-'],
    '(?:\\d-)?[0-9a-zA-Z]{8,48}',
    {
      ...SLACK,
      keywords: ['xoxa', 'xoxr'],
      entropy: 2,
    },
  ),
  token(
    'slack-user-token',
    'high',
    'Slack user token',
    ['xoxp-', 'xoxe-'],
    '[0-9]{10,13}(?:-[0-9]{10,13}){2}-[a-zA-Z0-9-]{28,34}',
    {
      ...SLACK,
      entropy: 2,
    },
  ),
  rule(
    'slack-webhook-url',
    'medium',
    'Slack webhook',
    [
      anchored(
        ['hooks.slack.com/'],
        [8, 7, 0],
        '(?:https?://)?hooks\\.slack\\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{43,56}',
      ),
    ],
    { keywords: ['hooks.slack.com'] },
  ),
  assigned('telegram-bot-api-token', 'high', 'Telegram bot token', 'telegr', '[0-9]{5,16}:(?-i:A)[a-z0-9_-]{34}'),
  token('twilio-api-key', 'high', 'Twilio key', 'SK', '[0-9a-fA-F]{32}', { isWord: false, end: 'any', entropy: 3 }),
  assigned('zendesk-secret-key', 'high', 'Zendesk secret', 'zendesk', alphanumeric(40)),
];

/** The host's first label is before the anchor, and the scheme before that. */
function startOfUrl(bytes: Uint8Array, anchor: number): number {
  let start = anchor;
  while (start > 0 && isOf(bytes[start - 1], ALPHANUMERIC)) start -= 1;
  return start - 'https://'.length;
}
