import { createHash } from 'node:crypto';
import type { CoverageCode, CoverageItem } from '../model/coverage.js';
import type { Distribution } from '../model/distribution.js';
import type { Package } from '../model/package.js';

/** What an SBOM tells of: one inventory of one target. The same subject gives the same document, byte for byte. */
export interface SbomSubject {
  target: { reference: string; name: string | null };
  /** `sha256:…` of the canonical facts. */
  inventoryDigest: string;
  /** When these facts were first found. */
  createdAt: Date;
  distribution: Distribution | null;
  /** Sorted by purl. */
  packages: Package[];
  /** Of the scan. */
  gaps: CoverageItem[];
  /** Plimsoll's own version. */
  toolVersion: string;
}

/** Gaps that do not mean that a package may be missing: of judging packages, or of other facts. */
const OF_OTHER_THINGS: ReadonlySet<CoverageCode> = new Set([
  'distribution_unknown',
  'advisories_missing',
  'advisories_stale',
  'version_undetermined',
  'third_party_package',
  'name_undetermined',
  'config_unreadable',
  'secrets_incomplete',
]);

/** Why the document may not list every package; empty where it does. Sorted, each once. */
export function missingParts({ gaps }: SbomSubject): string[] {
  const parts = gaps
    .filter(({ code, subject }) => !OF_OTHER_THINGS.has(code) && (code !== 'facts_missing' || subject === 'packages'))
    .map(({ code, message }) => `${code}: ${message}`);
  return [...new Set(parts)].sort();
}

/** RFC 9562 §5.8: a UUID of our own making. Two documents have the same one only if they say the same. */
export function documentUuid(subject: SbomSubject): string {
  const { inventoryDigest, toolVersion } = subject;
  const said = [inventoryDigest, subjectName(subject), reference(subject), missingParts(subject), toolVersion];
  const hex = createHash('sha256').update(JSON.stringify(said)).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** RFC 3339 in UTC, whole seconds, as both formats want it. */
export function timestamp({ createdAt }: SbomSubject): string {
  return `${createdAt.toISOString().slice(0, 19)}Z`;
}

/** An upload without a name is called by its content: its id is another one each time. */
export function subjectName(subject: SbomSubject): string {
  return subject.target.name ?? reference(subject) ?? subject.inventoryDigest;
}

/** Null for an upload, which nobody can find again. */
export function reference({ target }: SbomSubject): string | null {
  return target.reference.startsWith('upload:') ? null : target.reference;
}
