import { compareDigits } from './digits.js';

/**
 * Semantic Versioning 2.0.0 §11, over what registries and advisories write: a leading `v` or `=`, one or two missing
 * components (read as 0), and numeric components behind the third (ignored, as build metadata is).
 */
export function compareSemver(a: string, b: string): number | null {
  const left = parse(a);
  const right = parse(b);
  if (left === null || right === null) return null;
  for (let i = 0; i < 3; i++) {
    const difference = compareDigits(left.core[i] ?? '0', right.core[i] ?? '0');
    if (difference !== 0) return difference;
  }
  return comparePrerelease(left.prerelease, right.prerelease);
}

interface Semver {
  core: string[];
  /** Empty for a release. */
  prerelease: string[];
}

/**
 * The hyphen before a pre-release may be missing, as npm's loose form allows (`1.2.3beta`), or be a point, as advisories
 * write (`1.0.0.beta.3`); but `1.x` is a range. They also write `1.0.0-*` for the first of all pre-releases.
 */
const FORM =
  /^[v=\s]*(\d+(?:\.\d+)*)(?:(?:-|\.?(?=[a-zA-Z])(?![xX](?:[.+-]|$)))([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*|\*))?(?:\+[0-9A-Za-z.-]*)?$/;

function parse(text: string): Semver | null {
  const match = FORM.exec(text.trim());
  if (!match?.[1]) return null;
  return { core: match[1].split('.', 3), prerelease: match[2]?.split('.') ?? [] };
}

/** §11.3: a release is above its pre-releases. §11.4: identifiers one by one; of equal ones the longer list is above. */
function comparePrerelease(a: string[], b: string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = compareIdentifiers(a[i] ?? '', b[i] ?? '');
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** §11.4.1–3: numbers by value, texts by ASCII, a number below a text; and `*` below all. */
function compareIdentifiers(a: string, b: string): number {
  if (a === '*' || b === '*') return Number(b === '*') - Number(a === '*');
  const aNumeric = /^\d+$/.test(a);
  const bNumeric = /^\d+$/.test(b);
  if (aNumeric && bNumeric) return compareDigits(a, b);
  if (aNumeric !== bNumeric) return aNumeric ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
