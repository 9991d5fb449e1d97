import type { Judgement } from '../../model/finding.js';
import type { Fact } from '../../model/host/fact.js';
import type { LogMatch } from '../../model/host/log-match.js';
import { ownJudgement } from '../host/own-judgement.js';
import { type RuntimeFinding, runtimeFindings } from './runtime-findings.js';

/** One judgement for each rule and container name: the container that is made anew has the same finding. */
export function judgeLogs(matches: readonly LogMatch[]): Judgement[] {
  return runtimeFindings(matches).map((found) =>
    ownJudgement('runtime', { ...found, title: `${found.title}: ${found.resource}` }),
  );
}

/** What shows a finding of logs or states: how often, and one line. */
export function explainLogs(
  matches: Fact<LogMatch[]>,
  { ruleId, location }: Pick<Judgement, 'ruleId' | 'location'>,
): RuntimeFinding | null {
  const found = matches.known ? runtimeFindings(matches.value) : [];
  return found.find((one) => one.ruleId === ruleId && one.resource === location?.resource) ?? null;
}
