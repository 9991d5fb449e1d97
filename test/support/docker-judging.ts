import { DOCKER_CONTROLS } from '../../src/engine/control/host/docker/docker-controls.js';
import { judgeHostControls } from '../../src/engine/control/host/judge-host-controls.js';
import type { EngineFacts } from '../../src/model/host/engine.js';
import type { HostFacts } from '../../src/model/host/host-facts.js';
import { hostFacts, knownFact, UNJUDGED } from './host-facts.js';

const NOW = new Date('2026-11-24T12:00:00Z');

/** @throws where a control does */
export function judge(facts: Partial<HostFacts>, trustedRegistries: string[] | null = null) {
  return judgeHostControls(
    DOCKER_CONTROLS,
    { facts: hostFacts(facts), now: NOW, trustedRegistries, ...UNJUDGED },
    (id, error) => {
      throw new Error(`${id} threw`, { cause: error });
    },
  );
}

export function resultOf(id: string, facts: Partial<HostFacts>, trusted: string[] | null = null) {
  const result = judge(facts, trusted).results.find((one) => one.id === id);
  if (!result) throw new Error(`there is no control ${id}`);
  return result;
}

export const withEngine = (facts: EngineFacts) => ({ engine: knownFact(facts) });
