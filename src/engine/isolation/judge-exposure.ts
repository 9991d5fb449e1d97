import type { Judgement } from '../../model/finding.js';
import type { EngineFacts } from '../../model/host/engine.js';
import type { Fact } from '../../model/host/fact.js';
import { ownJudgement } from '../host/own-judgement.js';
import { isolationGraph } from './isolation-graph.js';
import { type MissingIsolation, missingIsolation } from './missing-isolation.js';

/**
 * The findings of isolation that is missing: one for each rule and thing that it is about.
 *
 * @returns `isDecided`: whether all that they rest on is known, so that one which is not found again is gone
 */
export function judgeExposure(engine: Fact<EngineFacts>): { judgements: Judgement[]; isDecided: boolean } {
  if (!engine.known) return { judgements: [], isDecided: engine.code === 'not_present' };
  const graph = isolationGraph(engine.value);
  const judgements = missingIsolation(engine.value, graph).map((found) => ownJudgement('exposure', found));
  return { judgements, isDecided: engine.gaps.length === 0 && graph.gaps.length === 0 };
}

/** What shows an exposure in the facts; null where it is not there. */
export function explainExposure(
  engine: Fact<EngineFacts>,
  { ruleId, location }: Pick<Judgement, 'ruleId' | 'location'>,
): MissingIsolation | null {
  if (!engine.known) return null;
  const found = missingIsolation(engine.value, isolationGraph(engine.value));
  return found.find((one) => one.ruleId === ruleId && one.resource === location?.resource) ?? null;
}
