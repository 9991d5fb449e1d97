import type { AffectedPackage, VersionRange } from '../../model/advisory.js';
import type { Severity } from '../../model/severity.js';

/** What the tracker says of one issue in one package of one release. */
export type Judgement =
  | { kind: 'not_affected' }
  | { kind: 'undetermined'; severity: Severity | null }
  /** Fixed in every one of the versions, so known to be from the last of them on. */
  | { kind: 'fixed'; severity: Severity | null; versions: readonly string[] }
  | { kind: 'open'; severity: Severity | null; fixState: AffectedPackage['fixState'] };

export function affectedOf(ecosystem: string, name: string, judgement: Judgement): AffectedPackage {
  const entry: AffectedPackage = { ecosystem, name, ranges: [], versions: [], severity: null, cvss: [] };
  switch (judgement.kind) {
    case 'not_affected':
      return { ...entry, status: 'not_affected' };
    case 'undetermined':
      return { ...entry, severity: judgement.severity, status: 'undetermined' };
    case 'fixed':
      return { ...entry, severity: judgement.severity, ranges: judgement.versions.map(until) };
    case 'open': {
      const { severity, fixState } = judgement;
      const ranges: VersionRange[] = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }];
      return { ...entry, severity, ranges, ...(fixState && { fixState }) };
    }
  }
}

/**
 * Testing and unstable have one `os-release`, so which of them an image is cannot be told. Packages go from unstable to
 * testing unchanged: what is open in testing is fixed from the version on that fixes it in unstable. Where the two
 * differ otherwise, the one that says affected holds.
 */
export function ofTestingAndUnstable(testing: Judgement | undefined, unstable: Judgement): Judgement {
  if (!testing) return unstable;
  switch (unstable.kind) {
    case 'open':
      return testing.kind === 'open' ? testing : unstable;
    case 'fixed':
      if (testing.kind !== 'fixed') return unstable;
      return { ...testing, versions: [...new Set([...testing.versions, ...unstable.versions])] };
    case 'undetermined':
      return testing.kind === 'not_affected' ? unstable : testing;
    case 'not_affected':
      return testing;
  }
}

function until(version: string): VersionRange {
  return { type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: version }] };
}
