import { digitsEnd, HYPHEN, isLowerCase, PLUS, POINT } from './characters.js';
import type { KeyEnding } from './key-order.js';
import type { KeyWriter } from './key-writer.js';
import { identifiersEnd, PRERELEASE_TAGS, writeIdentifiers } from './semver-parts.js';

/**
 * Two kinds of versions in one order:
 * - of modules, by golang.org/x/mod/semver: `v1.2.3-pre+incompatible`, without the `v` in advisories; pseudo-versions
 *   (`v0.0.0-20191109021931-daa7c04131f5`) need no rule of their own;
 * - of the toolchain, for the module `stdlib`: `go1.20.3`, `go1.21rc2`, `1.20rc1`, read as the Go vulnerability database
 *   writes them (`1.21.0-rc.2`). What a vendor appended to one (`go1.22.3-acme`, `go1.22.3 X:boringcrypto`) is cut off,
 *   as by the package go/version.
 */
export function writeGolang(text: string, key: KeyWriter): KeyEnding {
  const version = text.trim();
  const toolchain = version.startsWith('go');
  const coreStart = toolchain ? 2 : version.charCodeAt(0) === LOWER_V ? 1 : 0;
  const core = writeCore(version, coreStart, key);
  if (core === null) return 'refused';
  if (toolchain || (coreStart === 0 && isLowerCase(version.charCodeAt(core.end))))
    return writeToolchainSuffix(version.slice(core.end), key) ? 'complete' : 'refused';

  let end = core.end;
  if (core.components < 3) {
    // `v1.2` is short for `v1.2.0`, but only without suffixes.
    key.byte(PRERELEASE_TAGS.release);
    return end === version.length ? 'complete' : 'refused';
  }
  if (version.charCodeAt(end) === HYPHEN) {
    const start = end + 1;
    end = identifiersEnd(version, start);
    if (end < 0 || hasLeadingZeros(version, start, end)) return 'refused';
    writeIdentifiers(version, start, end, key);
  } else key.byte(PRERELEASE_TAGS.release);
  if (version.charCodeAt(end) === PLUS) end = identifiersEnd(version, end + 1);
  return end === version.length ? 'complete' : 'refused';
}

const LOWER_V = 0x76;

/** One to three numbers without leading zeros. */
function writeCore(version: string, start: number, key: KeyWriter): { end: number; components: number } | null {
  let from = start;
  for (let components = 1; components <= 3; components++) {
    const end = digitsEnd(version, from);
    if (end === from || (version[from] === '0' && end - from > 1)) return null;
    key.number(version, from, end);
    if (components === 3 || version.charCodeAt(end) !== POINT) {
      for (let missing = components; missing < 3; missing++) key.number(version, 0, 0);
      return { end, components };
    }
    from = end + 1;
  }
  return null;
}

/** `rc1`, `beta2`, or nothing but what a vendor appended. */
function writeToolchainSuffix(suffix: string, key: KeyWriter): boolean {
  const match = TOOLCHAIN_SUFFIX.exec(suffix);
  if (match === null) return false;
  const [, stage, number] = match;
  if (stage === undefined || number === undefined) key.byte(PRERELEASE_TAGS.release);
  else {
    const identifiers = `${stage}.${number}`;
    writeIdentifiers(identifiers, 0, identifiers.length, key);
  }
  return true;
}

const TOOLCHAIN_SUFFIX = /^(?:(rc|beta|alpha)(\d+))?(?:[-+ ].*)?$/s;

function hasLeadingZeros(version: string, start: number, end: number): boolean {
  for (let from = start; from < end; ) {
    const digits = digitsEnd(version, from);
    const point = version.indexOf('.', from);
    const to = point < 0 || point > end ? end : point;
    if (version[from] === '0' && digits >= to && to - from > 1) return true;
    from = to + 1;
  }
  return false;
}
