import type { Severity } from '../../model/severity.js';
import type { ScanWindow } from './scan-window.js';

/** One kind of secret, and how it is recognised. Rule ids and verdicts are those of gitleaks 8. */
export interface SecretRule {
  id: string;
  title: string;
  severity: Severity;
  /** Lower case. A file without any of them, in whatever case, is not looked at by this rule. */
  keywords: readonly string[];
  /** A value of no more bits per character than this is no secret; 0 for no limit. */
  entropy: number;
  /** Files that the rule is for; null for all. */
  path: RegExp | null;
  allowances: readonly Allowance[];
  /** What a secret is known again by. The value of some rules is but a part of the secret. */
  identity: 'value' | 'match';
  matchers: readonly Matcher[];
}

/** What is no secret although it looks like one. With `all`, every part that is there must hold; without, one of them. */
export interface Allowance {
  all?: boolean;
  paths?: RegExp;
  /** What the pattern is tested on: the value, all that the rule matched, or the lines of it. */
  target?: 'value' | 'match' | 'line';
  pattern?: RegExp;
  /** Whether the value is an exception that a pattern would be too long for. */
  isKnown?: (value: string) => boolean;
}

/**
 * How text is matched. An anchor is a literal that every match holds, lower case, of two characters or more, found in any
 * case; the rest is looked at only where an anchor is.
 */
export type Matcher =
  /** A word, an operator as `=`, `:` or `=>`, and a value. The pattern is sticky and begins with the word. */
  | {
      kind: 'assignment';
      anchors: readonly string[];
      pattern: RegExp;
      /** Whether the word is lower case, capitalised, or upper case. */
      isCased: boolean;
      /** By how many characters the word may be longer than the anchor. */
      longer: number;
      /** A lower bound of the value's length. */
      shortest: number;
      isGeneric: boolean;
    }
  /** A value that tells by itself what it is. The pattern is sticky. */
  | { kind: 'token'; anchors: readonly string[]; pattern: RegExp; lead: Lead; isWord: boolean; follows: number }
  /** A value that no literal is part of; searched in the text around a keyword. The pattern is global. */
  | { kind: 'nearby'; anchors: readonly string[]; pattern: RegExp }
  /** Text over several lines. */
  | { kind: 'passage'; anchors: readonly string[]; open: () => Passage }
  /** The file itself is the secret. */
  | { kind: 'file' };

/** Where a match may begin: at these distances before the anchor, the largest first; or what a function says. */
export type Lead = readonly number[] | ((bytes: Uint8Array, anchor: number) => number);

/** Offsets are into the window's text. */
export interface Found {
  start: number;
  end: number;
  /** The value in the match: the first capture group that is not empty; null if all of it is. */
  value: string | null;
}

/** Finds one kind of passage; made anew for each scanner, so it may remember what it saw of a window. */
export interface Passage {
  find(window: ScanWindow, anchor: number): Found | null;
}
