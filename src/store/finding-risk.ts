import { exposureOf, type Risk, riskOf } from '../model/risk.js';
import type { Epss, KnownExploited } from '../model/score.js';
import type { Cvss, Severity } from '../model/severity.js';

export interface RiskFilter {
  /** Whether CISA lists it as exploited. */
  kev?: boolean;
  /** Only what EPSS gives this probability, or more. */
  minEpss?: number;
}

/**
 * Columns for a finding `f` of a target `t`: what its risk rests on beside itself. Scores are joined when a finding is read,
 * as those of EPSS change every day: kept in findings, they would have them all written again.
 */
export const RISK_COLUMNS = `t.labels ->> 'exposure' AS exposure,
    (SELECT jsonb_object_agg(s.feed, s.record -> s.feed || jsonb_strip_nulls(jsonb_build_object('date', p.cursor ->> 'newest')))
     FROM cve_score s LEFT JOIN feed_part p ON s.feed = 'epss' AND (p.feed, p.part) = (s.feed, s.part)
     WHERE f.kind = 'vulnerability' AND s.id = f.rule_id AND s.feed IN ('kev', 'epss')) AS scores`;

/** The filter as SQL that follows other conditions on `f`; what it asks for is added to the parameters. */
export function riskCondition({ kev, minEpss }: RiskFilter, parameters: unknown[]): string {
  const conditions: string[] = [];
  if (kev !== undefined) {
    conditions.push(
      `${kev ? '' : 'NOT '}(f.kind = 'vulnerability' AND EXISTS (SELECT FROM cve_score s WHERE s.id = f.rule_id AND s.feed = 'kev'))`,
    );
  }
  if (minEpss !== undefined) {
    parameters.push(minEpss);
    conditions.push(
      `f.kind = 'vulnerability' AND EXISTS (SELECT FROM cve_score s WHERE s.id = f.rule_id AND s.feed = 'epss'
         AND (s.record -> 'epss' -> 'probability')::float8 >= $${parameters.length})`,
    );
  }
  return conditions.map((condition) => `AND ${condition}`).join(' ');
}

/** What `RISK_COLUMNS` gives of a row. */
export interface RiskRow {
  kind: string;
  exposure: string | null;
  scores: { epss?: Epss; kev?: KnownExploited } | null;
}

export function riskOfRow(
  { kind, exposure, scores }: RiskRow,
  { severity, cvss }: { severity: Severity; cvss: Cvss | null },
): Risk {
  return riskOf({
    severity,
    cvss,
    scores: kind === 'vulnerability' ? { epss: scores?.epss ?? null, kev: scores?.kev ?? null } : null,
    exposure: exposureOf(exposure),
  });
}
