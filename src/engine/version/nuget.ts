import { digitsEnd, HYPHEN, PLUS } from './characters.js';
import type { KeyEnding } from './key-order.js';
import type { KeyWriter } from './key-writer.js';
import { identifiersEnd, PRERELEASE_TAGS, writeCore } from './semver-parts.js';

/**
 * NuGetVersion: one to four numbers, then labels without case that are numbers where .NET reads an int of them, which
 * includes negative ones (`1.0.0--5`) and excludes those past 2^31; metadata does not count.
 * Unlike NuGet, which refuses them, numbers of any size are ordered in the first part.
 */
export function writeNuget(text: string, key: KeyWriter): KeyEnding {
  const version = text.trim();
  const coreEnd = writeCore(version, 0, 4, key);
  if (coreEnd < 0) return 'refused';
  let end = coreEnd;
  if (version.charCodeAt(coreEnd) === HYPHEN) {
    end = identifiersEnd(version, coreEnd + 1);
    if (end < 0 || !writeLabels(version, coreEnd + 1, end, key)) return 'refused';
  } else key.byte(PRERELEASE_TAGS.release);
  if (version.charCodeAt(end) === PLUS) end = identifiersEnd(version, end + 1);
  return end === version.length ? 'complete' : 'refused';
}

/** Refuses numbers with a leading zero, as NuGet does. */
function writeLabels(version: string, start: number, end: number, key: KeyWriter): boolean {
  for (let from = start, to = start; from < end; from = to + 1) {
    const point = version.indexOf('.', from);
    to = point < 0 || point > end ? end : point;
    const negative = version.charCodeAt(from) === HYPHEN;
    const digits = negative ? from + 1 : from;
    if (to > digits && digitsEnd(version, digits) >= to && isInt(version, digits, to, negative)) {
      if (!negative && to - from > 1 && version[from] === '0') return false;
      writeInt(version, digits, to, negative, key);
    } else {
      if (version[from] === '0' && digitsEnd(version, from) >= to) return false;
      key.byte(PRERELEASE_TAGS.text);
      key.text(version.slice(from, to).toUpperCase(), 0, to - from);
    }
  }
  key.byte(PRERELEASE_TAGS.end);
  return true;
}

function isInt(version: string, start: number, end: number, negative: boolean): boolean {
  return Number(version.slice(start, end)) <= (negative ? 2_147_483_648 : 2_147_483_647);
}

function writeInt(version: string, start: number, end: number, negative: boolean, key: KeyWriter): void {
  key.byte(PRERELEASE_TAGS.number);
  const below = negative && Number(version.slice(start, end)) > 0;
  key.byte(below ? 0 : 1);
  if (below) key.negative(version, start, end);
  else key.number(version, start, end);
}
