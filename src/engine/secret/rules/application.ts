import { alphanumeric, anchored, assigned, dashed, END, hex, rule, token, UUID } from '../rule-shape.js';
import type { SecretRule } from '../secret-rule.js';

const LINKEDIN = ['linkedin', 'linked_in', 'linked-in'];
const FACEBOOK_LONG = { ignoreCase: 'rest', entropy: 4 } as const;

/** Social networks, storage, content, search, maps and other services of applications. */
export const APPLICATION_RULES: readonly SecretRule[] = [
  assigned('adafruit-api-key', 'medium', 'Adafruit IO key', 'adafruit', '[a-z0-9_-]{32}'),
  assigned('adobe-client-id', 'low', 'Adobe client ID', 'adobe', hex(32), { entropy: 2 }),
  token('adobe-client-secret', 'high', 'Adobe client secret', 'p8e-', alphanumeric(32), {
    ignoreCase: 'rest',
    entropy: 2,
  }),
  assigned('airtable-api-key', 'high', 'Airtable key', 'airtable', alphanumeric(17)),
  rule(
    'airtable-personnal-access-token',
    'high',
    'Airtable personal token',
    [{ kind: 'nearby', anchors: ['airtable'], pattern: /\b(pat[0-9A-Za-z]{14}\.[a-f0-9]{64})\b/g }],
    { keywords: ['airtable'] },
  ),
  assigned('algolia-api-key', 'medium', 'Algolia key', 'algolia', alphanumeric(32)),
  assigned('asana-client-id', 'low', 'Asana client ID', 'asana', '[0-9]{16}'),
  assigned('asana-client-secret', 'high', 'Asana client secret', 'asana', alphanumeric(32)),
  assigned('contentful-delivery-api-token', 'medium', 'Contentful delivery token', 'contentful', dashed(43)),
  assigned('dropbox-api-token', 'high', 'Dropbox key', 'dropbox', alphanumeric(15)),
  assigned(
    'dropbox-long-lived-api-token',
    'high',
    'Dropbox token, long-lived',
    'dropbox',
    '[a-z0-9]{11}AAAAAAAAAA[a-z0-9_=-]{43}',
  ),
  assigned('dropbox-short-lived-api-token', 'medium', 'Dropbox token, short-lived', 'dropbox', 'sl\\.[a-z0-9=_-]{135}'),
  rule(
    'facebook-access-token',
    'high',
    'Facebook app token',
    [
      {
        kind: 'nearby',
        anchors: ['facebook'],
        pattern: new RegExp(`\\b(\\d{15,16}[|%][0-9a-z_-]{27,40})${END}`, 'gi'),
      },
    ],
    { keywords: ['facebook'], entropy: 3 },
  ),
  token('facebook-page-access-token', 'high', 'Facebook page token', ['EAAM', 'EAAC'], '[a-z0-9]{100,}', FACEBOOK_LONG),
  assigned('facebook-secret', 'high', 'Facebook app secret', 'facebook', hex(32), { entropy: 3 }),
  assigned('flickr-access-token', 'medium', 'Flickr key', 'flickr', alphanumeric(32)),
  token('frameio-api-token', 'high', 'Frame.io token', 'fio-u-', dashed(64), {
    ignoreCase: 'rest',
    isWord: false,
    end: 'any',
  }),
  assigned('hubspot-api-key', 'high', 'HubSpot key', 'hubspot', UUID),
  token('intra42-client-secret', 'medium', 'Intra 42 client secret', ['s-s4t2ud-', 's-s4t2af-'], hex(64), {
    keywords: ['intra', 's-s4t2ud-', 's-s4t2af-'],
    ignoreCase: 'rest',
    entropy: 3,
  }),
  assigned('linkedin-client-id', 'low', 'LinkedIn client ID', LINKEDIN, alphanumeric(14), { entropy: 2 }),
  assigned('linkedin-client-secret', 'high', 'LinkedIn client secret', LINKEDIN, alphanumeric(16), { entropy: 2 }),
  assigned('looker-client-id', 'low', 'Looker client ID', 'looker', alphanumeric(20)),
  assigned('looker-client-secret', 'high', 'Looker client secret', 'looker', alphanumeric(24)),
  assigned('mapbox-api-token', 'low', 'Mapbox public token', 'mapbox', 'pk\\.[a-z0-9]{60}\\.[a-z0-9]{22}'),
  rule(
    'maxmind-license-key',
    'medium',
    'MaxMind licence key',
    [anchored(['_mmk'], [36], `\\b([A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk)${END}`)],
    { keywords: ['_mmk'], entropy: 4 },
  ),
  token('notion-api-token', 'high', 'Notion token', 'ntn_', '[0-9]{11}[A-Za-z0-9]{35}', { entropy: 4 }),
  assigned(
    'nytimes-access-token',
    'low',
    'New York Times key',
    ['nytimes', 'new-york-times,', 'newyorktimes'],
    dashed(32),
    {
      keywords: ['nytimes', 'new-york-times', 'newyorktimes'],
    },
  ),
  assigned('rapidapi-access-token', 'medium', 'RapidAPI key', 'rapidapi', '[a-z0-9_-]{50}'),
  assigned('twitch-api-token', 'high', 'Twitch token', 'twitch', alphanumeric(30)),
  assigned('twitter-access-secret', 'high', 'Twitter access secret', 'twitter', alphanumeric(45)),
  assigned('twitter-access-token', 'high', 'Twitter access token', 'twitter', '[0-9]{15,25}-[a-zA-Z0-9]{20,40}'),
  assigned('twitter-api-key', 'medium', 'Twitter API key', 'twitter', alphanumeric(25)),
  assigned('twitter-api-secret', 'high', 'Twitter API secret', 'twitter', alphanumeric(50)),
  assigned('twitter-bearer-token', 'high', 'Twitter bearer token', 'twitter', 'A{22}[a-zA-Z0-9%]{80,100}'),
  assigned('typeform-api-token', 'high', 'Typeform token', 'typeform', 'tfp_[a-z0-9_.=-]{59}', { keywords: ['tfp_'] }),
];
