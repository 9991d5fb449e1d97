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

/** What a person may see of a value, to know which it is: at most a quarter, and no more than four characters. */
export function hintOf(value: string): string {
  const head = value.length < 16 ? '' : value.slice(0, 4).replace(/[^!-~]/g, '?');
  return `${head}… (${value.length} characters)`;
}

export function hashOf(key: Buffer, value: string): string {
  return createHmac('sha256', key).update(value).digest('hex');
}
