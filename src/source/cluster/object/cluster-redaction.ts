import { isLiteral, isSecretName } from '../../../engine/control/image/secret-name.js';
import { namedSecret } from '../../../engine/secret/named-secret.js';
import type { SecretScanner } from '../../../engine/secret/secret-scanner.js';
import { ValueRedaction } from '../../../engine/secret/value-redaction.js';

/** `NAME=value`, `name: value` and `export NAME=value` on a line of their own. */
const ASSIGNED = /^\s*(?:export\s+|-\s+)?["']?([A-Za-z_][\w.-]{0,100})["']?\s*[=:]\s*(\S.*)$/;

/** Lines of more characters are no settings that people write. */
const MAX_LINE = 4_096;

/** Takes secrets out of what a cluster serves or a manifest has: by rules for how they look, and by what they are called. */
export class ClusterRedaction extends ValueRedaction {
  constructor(private readonly secrets: Pick<SecretScanner, 'scanText'>) {
    super(secrets);
  }

  override environment(name: string, value: string): { ruleId: string; hint: string }[] {
    const found = super.environment(name, value);
    if (found.length > 0 || !isCalledSecret(name, value)) return found;
    return [{ ruleId: 'secret-by-name', hint: '' }];
  }

  /** What of a ConfigMap's value is a secret, by rule and line, from 1. */
  document(key: string, value: string): { ruleId: string; line: number }[] {
    const found = this.secrets.scanText(value, key).map(({ ruleId, line }) => ({ ruleId, line }));
    const known = new Set(found.map(({ line }) => line));
    const lines = value.split('\n');
    const isOne = lines.length === 1 || (lines.length === 2 && lines[1] === '');
    for (const [index, text] of lines.entries()) {
      if (known.has(index + 1) || text.length > MAX_LINE) continue;
      const ruleId = (isOne ? ruleOf(key, text) : null) ?? ruleOfLine(text);
      if (ruleId !== null) found.push({ ruleId, line: index + 1 });
    }
    return found.sort((a, b) => a.line - b.line);
  }
}

function ruleOfLine(text: string): string | null {
  // Both are in every line that can be one.
  if (!text.includes('=') && !text.includes(':')) return null;
  const [, name, value] = ASSIGNED.exec(text) ?? [];
  if (name !== undefined && value !== undefined && isCalledSecret(name, value)) return 'secret-by-name';
  return text.includes('://') ? (namedSecret('', text)?.ruleId ?? null) : null;
}

function ruleOf(name: string, value: string): string | null {
  return namedSecret(name, value)?.ruleId ?? (isCalledSecret(name, value) ? 'secret-by-name' : null);
}

function isCalledSecret(name: string, value: string): boolean {
  return isSecretName(name) && isLiteral(value.replace(/^(["'])(.*)\1[;,]?$/s, '$2'));
}
