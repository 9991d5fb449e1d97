import { PLACEHOLDERS } from './rules/placeholders.js';
import type { Allowance, SecretRule } from './secret-rule.js';

/** Text that a rule matched. */
export interface Candidate {
  value: string;
  /** All that the rule matched, without line breaks at its ends. */
  match: string;
  /** The lines that it is on. */
  line: string;
  path: string;
}

/** A comment by which authors say that what looks like a secret is none. */
const ALLOW_COMMENT = 'gitleaks:allow';

/** Whether text that matched is a secret, as gitleaks judges it. */
export function isSecret(rule: SecretRule, candidate: Candidate): boolean {
  if (candidate.line.includes(ALLOW_COMMENT)) return false;
  if (rule.entropy > 0 && entropyOf(candidate.value) <= rule.entropy) return false;
  return (
    !PLACEHOLDERS.some((allowance) => allows(allowance, candidate)) &&
    !rule.allowances.some((a) => allows(a, candidate))
  );
}

/** Whether a rule looks at a file at all. */
export function isPathOf(rule: SecretRule, path: string): boolean {
  if (rule.path && !rule.path.test(path)) return false;
  return !rule.allowances.some(({ all, paths }) => !all && paths?.test(path));
}

/** Shannon entropy in bits for each byte, over the frequency of characters. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  const length = Buffer.byteLength(text);
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / length) * Math.log2(count / length);
  return entropy;
}

function allows({ all, paths, pattern, target, isKnown }: Allowance, candidate: Candidate): boolean {
  const holds = pattern?.test(candidate[target ?? 'value']) ?? isKnown?.(candidate.value) ?? false;
  return all && paths ? holds && paths.test(candidate.path) : holds;
}
