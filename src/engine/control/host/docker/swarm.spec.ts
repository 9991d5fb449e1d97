import { describe, expect, it } from 'vitest';
import { judge, resultOf, withEngine } from '../../../../../test/support/docker-judging.js';
import { engine, network } from '../../../../../test/support/host-facts.js';
import type { ControlStatus } from '../../../../model/control.js';
import type { SwarmFacts } from '../../../../model/host/engine.js';

describe('controls over a swarm', () => {
  const SWARM: SwarmFacts = {
    managers: 3,
    nodes: 5,
    isManager: true,
    autoLock: true,
    certificateExpiry: 7776000000000000,
    advertiseAddress: '10.0.0.5',
    listenAddress: '10.0.0.5:2377',
    createdAt: null,
    updatedAt: null,
    secrets: 1,
    services: [],
  };
  const service = (...envNames: string[]) => ({ name: 'web', image: 'app:1', ports: [], envNames });
  const inSwarm = (of: Partial<SwarmFacts>, networks = [network('ov', { driver: 'overlay', encrypted: true })]) =>
    withEngine({ ...engine([], networks), swarm: { ...SWARM, ...of } });

  it.each<[string, ReturnType<typeof withEngine>, ControlStatus]>([
    ['swarm-needed', inSwarm({}), 'manual'],
    ['swarm-needed', inSwarm({ nodes: 1, managers: 1 }), 'fail'],
    ['swarm-needed', inSwarm({ nodes: 1, managers: 1, services: [service()] }), 'manual'],
    ['swarm-needed', inSwarm({ nodes: 1, isManager: false }), 'manual'],
    ['swarm-secrets', inSwarm({}), 'pass'],
    ['swarm-secrets', inSwarm({ services: [service('DB_PASSWORD')] }), 'fail'],
    ['swarm-secrets', inSwarm({ services: [service('DB_PASSWORD_FILE', 'TOKEN_AGE')] }), 'manual'],
    ['swarm-secrets', inSwarm({ secrets: null }), 'undetermined'],
    ...['swarm-unlock-key-rotated', 'swarm-ca-rotated'].flatMap(
      (id): [string, ReturnType<typeof inSwarm>, ControlStatus][] => [
        [id, inSwarm({ createdAt: '2026-10-01T00:00:00Z', updatedAt: '2026-10-01T00:00:00Z' }), 'pass'],
        [id, inSwarm({ createdAt: '2020-10-01T00:00:00Z', updatedAt: '2021-10-01T00:00:00Z' }), 'fail'],
        [id, inSwarm({ createdAt: '2020-10-01T00:00:00Z', updatedAt: '2026-10-01T00:00:00Z' }), 'manual'],
        [id, inSwarm({ createdAt: '2030-10-01T00:00:00Z', updatedAt: '2030-10-01T00:00:00Z' }), 'undetermined'],
        [id, inSwarm({ createdAt: 'soon', updatedAt: null }), 'undetermined'],
      ],
    ),
    ['swarm-unlock-key-rotated', inSwarm({ autoLock: false }), 'not_applicable'],
    ['swarm-managers', inSwarm({}), 'pass'],
    ['swarm-managers', inSwarm({ managers: 1 }), 'fail'],
    ['swarm-managers', inSwarm({ managers: 1, nodes: 1 }), 'pass'],
    ['swarm-bound-address', inSwarm({}), 'pass'],
    ['swarm-bound-address', inSwarm({ listenAddress: '0.0.0.0:2377' }), 'fail'],
    ['swarm-bound-address', inSwarm({ listenAddress: null }), 'undetermined'],
    ['swarm-encrypted-networks', inSwarm({}), 'pass'],
    ['swarm-encrypted-networks', inSwarm({}, [network('ov', { driver: 'overlay' })]), 'fail'],
    ['swarm-auto-lock', inSwarm({}), 'pass'],
    ['swarm-auto-lock', inSwarm({ autoLock: false }), 'fail'],
    ['swarm-node-certificates', inSwarm({}), 'pass'],
    ['swarm-node-certificates', inSwarm({ certificateExpiry: 2 * 7776000000000000 }), 'fail'],
  ])('%s of %j: %s', (id, facts, status) => {
    expect(resultOf(id, facts).status).toBe(status);
  });

  it('ask nothing of an engine that is in none', () => {
    const results = judge(withEngine(engine([], []))).results.filter(({ id }) => id.startsWith('swarm-'));
    expect(results.map(({ status }) => status)).toEqual(['pass', ...Array.from({ length: 9 }, () => 'not_applicable')]);
  });
});
