import { alphanumeric, anchored, assigned, END, rule, token } from '../rule-shape.js';
import type { SecretRule } from '../secret-rule.js';

const OPENAI_PART = '(?:[A-Za-z0-9_-]{74}|[A-Za-z0-9_-]{58})';

/** Language models and their hubs. */
export const AI_RULES: readonly SecretRule[] = [
  token('anthropic-admin-api-key', 'critical', 'Anthropic admin key', 'sk-ant-admin01-', '[a-zA-Z0-9_-]{93}AA', {
    keywords: ['sk-ant-admin01'],
  }),
  token('anthropic-api-key', 'critical', 'Anthropic key', 'sk-ant-api03-', '[a-zA-Z0-9_-]{93}AA', {
    keywords: ['sk-ant-api03'],
  }),
  assigned('cohere-api-token', 'high', 'Cohere key', ['cohere', 'CO_API_KEY'], '[a-zA-Z0-9]{40}', {
    exact: true,
    entropy: 4,
  }),
  token('huggingface-access-token', 'high', 'Hugging Face token', 'hf_', '[a-z]{34}', {
    ignoreCase: 'rest',
    entropy: 2,
  }),
  token('huggingface-organization-api-token', 'high', 'Hugging Face organization token', 'api_org_', '[a-z]{34}', {
    ignoreCase: 'rest',
    entropy: 2,
  }),
  rule(
    'openai-api-key',
    'critical',
    'OpenAI key',
    [
      anchored(
        ['t3blbkfj'],
        // The prefix, and what is between it and the anchor.
        [11 + 74, 9 + 74, 8 + 74, 11 + 58, 9 + 58, 8 + 58, 3 + 20],
        String.raw`\b(sk-(?:proj|svcacct|admin)-${OPENAI_PART}T3BlbkFJ${OPENAI_PART}\b|sk-[a-zA-Z0-9]{20}T3BlbkFJ[a-zA-Z0-9]{20})${END}`,
      ),
    ],
    { keywords: ['t3blbkfj'], entropy: 3 },
  ),
  rule(
    'perplexity-api-key',
    'high',
    'Perplexity key',
    [anchored(['pplx-'], [0], String.raw`\b(pplx-[a-zA-Z0-9]{48})(?:${END}|\b)`)],
    { keywords: ['pplx-'], entropy: 4 },
  ),
  assigned(
    'privateai-api-token',
    'high',
    'Private AI token',
    ['privateai', 'private_ai', 'private-ai'],
    alphanumeric(32),
    {
      exact: true,
      entropy: 3,
    },
  ),
];
