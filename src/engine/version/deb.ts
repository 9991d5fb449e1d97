/**
 * deb-version(7): `[epoch:]upstream-version[-debian-revision]`.
 *
 * Refused (null) is what dpkg refuses to order, and characters outside the policy's alphabet, of which dpkg only warns.
 * A version that does not start with a digit is a warning in dpkg and is ordered here too: such versions were shipped.
 */
export function compareDeb(a: string, b: string): number | null {
  const left = parse(a);
  const right = parse(b);
  if (left === null || right === null) return null;
  if (left.epoch !== right.epoch) return left.epoch < right.epoch ? -1 : 1;
  return compareParts(left.upstream, right.upstream) || compareParts(left.revision, right.revision);
}

interface DebVersion {
  epoch: number;
  upstream: string;
  /** Empty when there is none, which orders as `0` does. */
  revision: string;
}

/** dpkg keeps the epoch in a C int. */
const MAX_EPOCH = 2_147_483_647;
/** Debian policy §5.6.12; a colon may only stand in the upstream version, and only behind an epoch. */
const UPSTREAM = /^[A-Za-z0-9.+~:-]+$/;
const REVISION = /^[A-Za-z0-9.+~]+$/;

function parse(text: string): DebVersion | null {
  const version = text.trim();
  const colon = version.indexOf(':');
  let epoch = 0;
  if (colon >= 0) {
    const digits = version.slice(0, colon);
    if (!/^\d+$/.test(digits)) return null;
    epoch = Number(digits);
    if (epoch > MAX_EPOCH) return null;
  }
  const rest = version.slice(colon + 1);
  const hyphen = rest.lastIndexOf('-');
  const upstream = hyphen < 0 ? rest : rest.slice(0, hyphen);
  const revision = hyphen < 0 ? '' : rest.slice(hyphen + 1);
  if (!UPSTREAM.test(upstream) || (hyphen >= 0 && !REVISION.test(revision))) return null;
  return { epoch, upstream, revision };
}

/**
 * deb-version(7), "Sorting algorithm": runs of non-digits and runs of digits alternate. In a non-digit run letters sort
 * before other characters, and `~` before everything, even before the end.
 */
function compareParts(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a, i)) || (j < b.length && !isDigit(b, j))) {
      const difference = weight(a, i) - weight(b, j);
      if (difference !== 0) return difference;
      i++;
      j++;
    }
    while (a.charCodeAt(i) === ZERO) i++;
    while (b.charCodeAt(j) === ZERO) j++;
    let firstDifference = 0;
    while (isDigit(a, i) && isDigit(b, j)) {
      firstDifference ||= a.charCodeAt(i) - b.charCodeAt(j);
      i++;
      j++;
    }
    if (isDigit(a, i)) return 1;
    if (isDigit(b, j)) return -1;
    if (firstDifference !== 0) return firstDifference;
  }
  return 0;
}

const ZERO = 0x30;
const NINE = 0x39;
const TILDE = 0x7e;

function isDigit(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= ZERO && code <= NINE;
}

/** The end of the text and a digit weigh 0. */
function weight(text: string, index: number): number {
  if (index >= text.length || isDigit(text, index)) return 0;
  const code = text.charCodeAt(index);
  if (code === TILDE) return -1;
  const letter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
  return letter ? code : code + 256;
}
