import { describe, expect, it } from 'vitest';
import { engine, hostFacts, knownFact, NOT_COLLECTED, UNJUDGED } from '../../../../../test/support/host-facts.js';
import { system } from '../../../../../test/support/judged-image.js';
import type { ControlStatus } from '../../../../model/control.js';
import type { EngineFacts } from '../../../../model/host/engine.js';
import type { Fact } from '../../../../model/host/fact.js';
import type { Package } from '../../../../model/package.js';
import { ENGINE_VERSION_CONTROL } from './engine-version-control.js';

const NOW = new Date('2026-11-24T12:00:00Z');
const cycle = (name: string, on: string | null, latest?: string) => ({
  name,
  codename: null,
  end: { on, over: false },
  extendedEnd: null,
  ...(latest && { latest }),
});
const products = [
  {
    name: 'docker-engine',
    label: 'Docker Engine',
    extendedLabel: null,
    cycles: [
      cycle('29', null, '29.1.2'),
      cycle('28', '2026-11-24'),
      cycle('20.10', '2023-12-10', '20.10.27'),
      cycle('19.03', '2021-01-08', '19.03.15'),
    ],
  },
  { name: 'podman', label: 'Podman', extendedLabel: null, cycles: [cycle('5.6', '2027-01-01', '5.6.10')] },
];

function judged(of: Partial<EngineFacts>, syncedAt: Date | null = NOW, packages: Fact<Package[]> = NOT_COLLECTED) {
  const facts = hostFacts({ engine: knownFact({ ...engine([], []), ...of }), packages });
  const subject = { facts, now: NOW, trustedRegistries: null, ...UNJUDGED, engineLifecycles: { syncedAt, products } };
  return ENGINE_VERSION_CONTROL.judge(subject);
}

describe('the version of a container engine', () => {
  it.each<[EngineFacts['kind'], string, ControlStatus]>([
    ['docker', '29.1.2', 'pass'],
    ['docker', '29.2.0', 'pass'],
    ['docker', '29.1.1', 'fail'],
    ['docker', '29.0.9', 'fail'],
    ['docker', '20.10.27', 'fail'],
    ['docker', '19.03.15', 'fail'],
    ['docker', '20.10.27-ce', 'fail'],
    ['docker', '20.10.24+dfsg1', 'manual'],
    ['docker', '29.1.2-rc.1', 'manual'],
    ['docker', '28.5.0', 'undetermined'],
    ['docker', '31.0.0', 'undetermined'],
    ['docker', '', 'undetermined'],
    ['podman', '5.6.10', 'pass'],
    ['podman', '5.6.9', 'manual'],
    ['podman', '4.9.4-rhel', 'manual'],
  ])('%s %s: %s', (kind, version, status) => {
    expect(judged({ kind, version }).status).toBe(status);
  });

  it('is not judged by what has not come in, nor by what is old', () => {
    expect(judged({ version: '29.1.2' }, null).status).toBe('undetermined');
    expect(judged({ version: '29.1.2' }, new Date('2026-01-01')).status).toBe('undetermined');
    expect(judged({ version: '29.1.1' }, new Date('2026-01-01')).status).toBe('fail');
  });

  it.each<[EngineFacts['kind'], string, string, ControlStatus]>([
    ['docker', '20.10.27', 'docker-ce', 'fail'],
    ['docker', '20.10.27', 'docker.io', 'manual'],
    ['podman', '5.6.9', 'podman', 'manual'],
    ['podman', '5.6.9', 'bash', 'fail'],
  ])('%s %s from the package %s: %s', (kind, version, name, status) => {
    const packages = knownFact([system(name)]);
    expect(judged({ kind, version }, NOW, packages).status).toBe(status);
  });

  it('is shown with what is newer', () => {
    expect(judged({ version: '29.1.1' })).toMatchObject({
      reason: 'Docker 29.1.1: 29.1.2 is out.',
      evidence: [{ resource: 'engine', value: '29.1.1' }],
    });
  });
});
