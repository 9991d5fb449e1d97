import { digitsEnd, HYPHEN, isDigit, isLetter, PLUS, POINT } from './characters.js';
import type { KeyEnding } from './key-order.js';
import type { KeyWriter } from './key-writer.js';
import { identifiersEnd, isIdentifierCharacter, PRERELEASE_TAGS, writeIdentifiers } from './semver-parts.js';

/**
 * Semantic Versioning 2.0.0 §11, over what registries and advisories write: a leading `v` or `=`, one or two missing
 * components (read as 0), and numeric components behind the third (ignored, as build metadata is).
 *
 * The hyphen before a pre-release may be missing, as npm's loose form allows (`1.2.3beta`), or be a point, as advisories
 * write (`1.0.0.beta.3`); but `1.x` is a range. They also write `1.0.0-*` for the first of all pre-releases.
 */
export function writeSemver(text: string, key: KeyWriter): KeyEnding {
  const version = text.trim();
  const coreEnd = writeCore(version, coreStart(version), key);
  if (coreEnd < 0) return 'refused';
  const start = prereleaseStart(version, coreEnd);
  if (start < 0) {
    key.byte(PRERELEASE_TAGS.release);
    return endsWithBuild(version, coreEnd) ? 'complete' : 'refused';
  }
  if (version[start] === '*') {
    key.byte(0);
    return endsWithBuild(version, start + 1) ? 'complete' : 'refused';
  }
  const end = identifiersEnd(version, start);
  if (end < 0 || !endsWithBuild(version, end)) return 'refused';
  writeIdentifiers(version, start, end, key);
  return 'complete';
}

function coreStart(version: string): number {
  let start = 0;
  for (;;) {
    const code = version.charCodeAt(start);
    if (code !== LOWER_V && code !== EQUALS && code !== SPACE) return start;
    start++;
  }
}

const LOWER_V = 0x76;
const EQUALS = 0x3d;
const SPACE = 0x20;

/** `\d+(\.\d+)*`, three of them for the key. Answers where it ends, -1 where there is none. */
function writeCore(version: string, start: number, key: KeyWriter): number {
  let components = 0;
  let from = start;
  let end = digitsEnd(version, start);
  if (end === start) return -1;
  for (;;) {
    if (++components <= 3) key.number(version, from, end);
    if (version.charCodeAt(end) !== POINT || !isDigit(version.charCodeAt(end + 1))) break;
    from = end + 1;
    end = digitsEnd(version, from);
  }
  for (; components < 3; components++) key.number(version, 0, 0);
  return end;
}

/** Where the pre-release begins, behind its hyphen or point; -1 where there is none. */
function prereleaseStart(version: string, coreEnd: number): number {
  const code = version.charCodeAt(coreEnd);
  if (code === HYPHEN) return coreEnd + 1;
  const start = code === POINT ? coreEnd + 1 : coreEnd;
  const first = version.charCodeAt(start);
  if (!isLetter(first)) return -1;
  const second = version.charCodeAt(start + 1);
  const wildcard =
    (first | 0x20) === LOWER_X &&
    (start + 1 === version.length || second === POINT || second === PLUS || second === HYPHEN);
  return wildcard ? -1 : start;
}

const LOWER_X = 0x78;

/** Build metadata has no order (§10). */
function endsWithBuild(version: string, start: number): boolean {
  if (start === version.length) return true;
  if (version.charCodeAt(start) !== PLUS) return false;
  let end = start + 1;
  while (isIdentifierCharacter(version.charCodeAt(end)) || version.charCodeAt(end) === POINT) end++;
  return end === version.length;
}
