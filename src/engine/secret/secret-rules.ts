import { createHash } from 'node:crypto';
import type { Severity } from '../../model/severity.js';
import { AI_RULES } from './rules/ai.js';
import { APPLICATION_RULES } from './rules/application.js';
import { BUILD_RULES } from './rules/build.js';
import { CLOUD_RULES } from './rules/cloud.js';
import { COMMERCE_RULES } from './rules/commerce.js';
import { CREDENTIAL_RULES } from './rules/credentials.js';
import { INFRASTRUCTURE_RULES } from './rules/infrastructure.js';
import { MESSAGING_RULES } from './rules/messaging.js';
import { PLACEHOLDER_WORDS } from './rules/placeholder-words.js';
import { PLACEHOLDERS } from './rules/placeholders.js';
import { SOURCE_CONTROL_RULES } from './rules/source-control.js';
import type { SecretRule } from './secret-rule.js';

/** Raised when the same rules would find something else. */
const ALGORITHM = 1;

/** Every rule: those of gitleaks 8.30, by the same ids. */
export const SECRET_RULES: readonly SecretRule[] = [
  ...CREDENTIAL_RULES,
  ...CLOUD_RULES,
  ...INFRASTRUCTURE_RULES,
  ...SOURCE_CONTROL_RULES,
  ...BUILD_RULES,
  ...AI_RULES,
  ...MESSAGING_RULES,
  ...COMMERCE_RULES,
  ...APPLICATION_RULES,
];

/** The version of rules and algorithm: what was found with another set is looked for again. */
export const SECRET_SET = `${ALGORITHM}-${digestOf(SECRET_RULES)}`;

const BY_ID = new Map(SECRET_RULES.map((rule) => [rule.id, rule]));

/** What a rule is called and how bad its secrets are; null for an id that no rule has. */
export function secretRule(id: string): { id: string; title: string; severity: Severity } | null {
  const rule = BY_ID.get(id);
  return rule ? { id, title: rule.title, severity: rule.severity } : null;
}

/** Functions are of the algorithm; titles and severities are not stored with what is found. */
function digestOf(rules: readonly SecretRule[]): string {
  const text = JSON.stringify([rules, PLACEHOLDERS, PLACEHOLDER_WORDS], (key, value: unknown) => {
    if (key === 'title' || key === 'severity') return undefined;
    return value instanceof RegExp ? String(value) : value;
  });
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
