import { describe, expect, it } from 'vitest';
import { container, engine, hostFacts, knownFact, NOT_COLLECTED, network } from '../../test/support/host-facts.js';
import { hostInventory } from '../engine/host/host-inventory.js';
import { inventoryDigest } from '../engine/inventory.js';
import type { HostFacts } from '../model/host/host-facts.js';
import { judgeHost } from './judge-host.js';

const CONTEXT = {
  advisories: {
    find: async () => [],
    known: async (ecosystems: readonly string[]) => new Set(ecosystems),
    mavenProjects: async () => [],
    stale: async () => [],
  },
  maxAdvisoryAgeHours: 0,
  lifecycles: { find: async () => ({ products: [], syncedAt: new Date() }) },
  statements: async () => [],
  image: async () => ({ reference: 'facts:/host.json', name: null, digests: [] }),
  now: new Date('2026-11-24T12:00:00Z'),
  trustedRegistries: null,
  onFault: (id: string, error: unknown) => {
    throw new Error(id, { cause: error });
  },
};

const ABSENT = { known: false as const, code: 'not_present' as const, reason: 'There is none.' };

function judged(of: Partial<HostFacts>) {
  const facts = hostFacts(of);
  return judgeHost(facts, hostInventory(facts), CONTEXT);
}

/** Kinds of findings of which nothing is closed. */
const leftOpen = ({ undecided }: Awaited<ReturnType<typeof judged>>) =>
  undecided.flatMap(({ kind, ruleId }) => (ruleId === null ? [kind] : [])).sort();

describe('judgeHost', () => {
  it('says of each kind of facts that is not known that it is missing, and closes nothing that rests on it', async () => {
    const result = await judged({});
    const subjects = result.coverage.items.map(({ code, subject }) => `${code} ${subject}`);
    expect(subjects).toContain('facts_missing engine');
    expect(subjects).toContain('facts_missing packages');
    expect(subjects).toHaveLength(17);
    expect(leftOpen(result)).toEqual(['end_of_life', 'exposure', 'runtime', 'vulnerability']);
  });

  it('takes an engine that is not there for no gap', async () => {
    const result = await judged({ engine: ABSENT, logMatches: ABSENT });
    expect(result.coverage.items.map(({ subject }) => subject)).not.toContain('engine');
    expect(leftOpen(result)).not.toContain('exposure');
    expect(leftOpen(result)).not.toContain('runtime');
    expect(result.controls.find(({ id }) => id === 'container-not-privileged')?.status).toBe('not_applicable');
  });

  it('takes an engine that nobody asked for a gap', async () => {
    const result = await judged({ engine: NOT_COLLECTED });
    expect(result.coverage.items.map(({ subject }) => subject)).toContain('engine');
    expect(leftOpen(result)).toContain('exposure');
  });

  it('leaves open what rests on facts with gaps, and tells each of them', async () => {
    const facts = knownFact(engine([container('a', { on: ['n'] })], [network('n')]), 'Container b could not be read.');
    const result = await judged({ engine: facts, logMatches: knownFact([], 'Its log could not be read.') });
    const messages = result.coverage.items.map(({ message }) => message);
    expect(messages).toContain('Container b could not be read.');
    expect(messages).toContain('Its log could not be read.');
    expect(leftOpen(result)).toEqual(expect.arrayContaining(['exposure', 'runtime']));
  });

  it('gives the same finding to a container that was made anew', async () => {
    const facts = (id: string) =>
      judged({ engine: knownFact(engine([container('a', { id, privileged: true, on: ['n'] })], [network('n')])) });
    const prints = ({ judgements }: Awaited<ReturnType<typeof judged>>) => judgements.map((each) => each.fingerprint);
    const first = prints(await facts('one'));
    expect(first.length).toBeGreaterThan(0);
    expect(prints(await facts('two'))).toEqual(first);
  });
});

describe('hostInventory', () => {
  it('has the same digest whenever the facts were collected, and another for other facts', () => {
    const digest = (of: Partial<HostFacts>) => inventoryDigest(hostInventory(hostFacts(of)));
    expect(digest({ collectedAt: '2020-01-01T00:00:00Z' })).toBe(digest({}));
    expect(digest({ hostname: knownFact('a') })).not.toBe(digest({ hostname: knownFact('b') }));
  });

  it('says that packages of an unknown distribution could not be matched', () => {
    const entry = {
      type: 'apk' as const,
      name: 'musl',
      version: '1.1.22-r3',
      source: null,
      architecture: null,
      licenses: [],
      module: null,
      purl: 'pkg:apk/musl@1.1.22-r3',
      ecosystem: null,
      locations: [],
    };
    const { gaps, packages } = hostInventory(hostFacts({ packages: knownFact([entry, entry]) }));
    expect(packages).toHaveLength(1);
    expect(gaps.map(({ code }) => code)).toContain('distribution_unknown');
  });
});
