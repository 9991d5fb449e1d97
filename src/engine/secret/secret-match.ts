import { createHmac } from 'node:crypto';

/** A secret that a file holds. The value itself is never kept. */
export interface SecretMatch {
  ruleId: string;
  /** From 1: the line that the match begins on. */
  line: number;
  /** The value's first characters and its length, as `ghp_… (40 characters)`. */
  hint: string;
  /** Hexadecimal HMAC-SHA-256 of the value: the same for the same value, and of no use without the key. */
  hash: string;
}

/** A match, and the beginning of its value, which is held until the end of its file and no longer. */
export interface HeldMatch extends SecretMatch {
  value: string;
}

/** The rule that takes any value behind words as "key" or "token". */
const GENERIC = 'generic-api-key';

/** What is held of a value. */
const HELD = 4 * 1024;

/** @param identity what the secret is known again by */
export function heldMatch(ruleId: string, line: number, identity: string, value: string, key: Buffer): HeldMatch {
  const hash = createHmac('sha256', key).update(identity).digest('hex');
  // A part of a string would hold all of the string in memory.
  return { ruleId, line, hint: hintOf(identity), hash, value: Buffer.from(value.slice(0, HELD)).toString() };
}

/** By line. What the generic rule found is left out where another rule found it on the same line; so is what is there twice. */
export function distinctMatches(held: readonly HeldMatch[]): SecretMatch[] {
  const specific = held.filter(({ ruleId }) => ruleId !== GENERIC);
  const kept = held.filter(
    (each) =>
      each.ruleId !== GENERIC || !specific.some(({ line, value }) => line === each.line && value.includes(each.value)),
  );
  const unique = new Map(
    kept.map(({ ruleId, line, hint, hash }) => [`${line} ${ruleId} ${hash}`, { ruleId, line, hint, hash }]),
  );
  return [...unique.values()].sort((a, b) => a.line - b.line || (a.ruleId < b.ruleId ? -1 : 1));
}

/** What a person may see of a value, to know which it is: at most a quarter, and no more than four characters. */
function hintOf(value: string): string {
  const head = value.length < 16 ? '' : value.slice(0, 4).replace(/[^!-~]/g, '?');
  return `${head}… (${value.length} characters)`;
}
