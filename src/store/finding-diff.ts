import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { CoverageItem } from '../model/coverage.js';
import type { FindingKind, Judgement, UndecidedRule } from '../model/finding.js';

/** What is stored of a target's findings, as far as a new scan compares it. */
export interface KnownFinding {
  id: string;
  fingerprint: string;
  kind: FindingKind;
  ruleId: string;
  status: 'open' | 'undetermined' | 'fixed';
  /** What a reader sees of it, in short: `detailHash`, or the match that it rests on. */
  state: string;
  purl: string | null;
  /** The file it was found in. */
  path: string | null;
  /** What it is about, `container/web`. */
  resource: string | null;
  ecosystem: string | null;
}

export interface FindingDiff {
  opened: Judgement[];
  reopened: { id: string; judgement: Judgement }[];
  changed: { id: string; judgement: Judgement }[];
  fixed: KnownFinding[];
}

/**
 * Compares what a scan judged with what was known. What is unchanged is in none of the lists.
 *
 * @param gaps of the scan: what they hide is not closed
 * @param undecided rules that the scan could not decide, whatever the gaps: their findings are not closed
 * @param isPassedOver files that the scan was told to leave out: what was found in them is not closed
 * @param stateOf what a judgement's finding would have as `state`
 */
export function diffFindings(
  known: readonly KnownFinding[],
  judged: readonly Judgement[],
  gaps: readonly CoverageItem[],
  undecided: readonly UndecidedRule[],
  isPassedOver: (path: string) => boolean = () => false,
  stateOf: (judgement: Judgement) => string = detailHash,
): FindingDiff {
  const before = new Map(known.map((finding) => [finding.fingerprint, finding]));
  const diff: FindingDiff = { opened: [], reopened: [], changed: [], fixed: [] };
  const seen = new Set<string>();
  for (const judgement of judged) {
    seen.add(judgement.fingerprint);
    const finding = before.get(judgement.fingerprint);
    if (!finding) diff.opened.push(judgement);
    else if (finding.status === 'fixed') diff.reopened.push({ id: finding.id, judgement });
    else if (finding.state !== stateOf(judgement)) diff.changed.push({ id: finding.id, judgement });
  }
  const isHidden = hiddenBy(gaps);
  const lookedFor = (finding: KnownFinding) => {
    const { kind, path } = finding;
    if (path !== null && isPassedOver(path)) return false;
    if (undecided.some((rule) => rule.kind === kind && isOf(rule, finding))) return false;
    switch (kind) {
      case 'vulnerability':
      case 'secret':
        return !isHidden(finding);
      // Their rules know themselves which gaps keep them from deciding.
      case 'misconfiguration':
      case 'end_of_life':
      case 'exposure':
      case 'runtime':
        return true;
    }
  };
  diff.fixed = known.filter(
    (finding) => finding.status !== 'fixed' && !seen.has(finding.fingerprint) && lookedFor(finding),
  );
  return diff;
}

/** Everything of a judgement that a reader sees, beside what the finding's row has in columns. */
export function detailOf(judgement: Judgement): Omit<Judgement, 'fingerprint' | 'kind' | 'ruleId' | 'status'> {
  const { fingerprint: _f, kind: _k, ruleId: _r, status: _s, ...detail } = judgement;
  return detail;
}

export function detailHash(judgement: Judgement): string {
  return createHash('sha256')
    .update(canonicalize([judgement.status, detailOf(judgement)]) ?? '')
    .digest('hex');
}

/**
 * Whether gaps may be why a scan did not find a vulnerability or secret again. A gap in the reading may hide any package; a
 * gap in the advisories hides those of its ecosystem.
 */
function hiddenBy(gaps: readonly CoverageItem[]): (finding: KnownFinding) => boolean {
  let hidesSecrets = false;
  const ecosystems = new Set<string>();
  for (const { code, subject } of gaps) {
    switch (code) {
      case 'advisories_missing':
        ecosystems.add(subject);
        break;
      // What may be there is judged to be undetermined, or `undecided`; what neither is, no advisory says any more.
      case 'version_undetermined':
      case 'third_party_package':
      case 'name_undetermined':
        break;
      case 'secrets_incomplete':
        hidesSecrets = true;
        break;
      // Old advisories are looked into all the same: what they no longer say of a package is gone.
      case 'advisories_stale':
        break;
      // Who judges a host names the kinds of findings that rest on it.
      case 'facts_missing':
        break;
      default:
        return () => true;
    }
  }
  return ({ kind, ecosystem }) =>
    (hidesSecrets && kind === 'secret') || (ecosystem !== null && ecosystems.has(ecosystem));
}

function isOf({ ruleId, purl, resources }: UndecidedRule, finding: KnownFinding): boolean {
  if (ruleId !== null && ruleId !== finding.ruleId) return false;
  if (purl !== undefined && purl !== finding.purl) return false;
  return resources === undefined || finding.resource === null || resources.includes(finding.resource);
}
