import type { CoverageItem } from '../../model/coverage.js';
import type { Fact } from '../../model/host/fact.js';
import type { HostFacts } from '../../model/host/host-facts.js';
import type { Inventory } from '../../model/inventory.js';
import type { HostFact } from '../control/host/host-subject.js';
import { boundedGaps } from '../gap-list.js';
import { listPackages } from '../package-list.js';

/** The facts of a host as they are stored and judged, and what of them is not known. */
export function hostInventory(facts: HostFacts): Inventory {
  const { packages, collectedAt: _when, ...host } = facts;
  const distribution = facts.distribution.known ? facts.distribution.value : null;
  const missing = factsOf(facts).flatMap(([name, fact]) => gapsOf(name, fact));
  if (!packages.known) return { distribution, packages: [], image: null, host, gaps: boundedGaps(missing) };
  const listed = listPackages(
    packages.value.map(({ purl: _purl, ecosystem: _ecosystem, locations, ...found }) => {
      return { found, locations, distribution };
    }),
    WORDS,
  );
  return {
    distribution,
    packages: listed.packages,
    image: null,
    host,
    gaps: boundedGaps([...listed.unjudgeable, ...missing, ...listed.unnameable]),
  };
}

/** Whether all of a kind of facts is known; a host that has no such thing is known to have none. */
export function isWhole(fact: Fact<unknown>): boolean {
  return fact.known ? fact.gaps.length === 0 : fact.code === 'not_present';
}

function factsOf(facts: HostFacts): [HostFact, Fact<unknown>][] {
  return Object.entries(facts).flatMap(([name, fact]) => {
    return typeof fact === 'object' && 'known' in fact ? [[name as HostFact, fact as Fact<unknown>]] : [];
  });
}

function gapsOf(name: HostFact, fact: Fact<unknown>): CoverageItem[] {
  if (isWhole(fact)) return [];
  const messages = fact.known ? fact.gaps : [fact.reason];
  return messages.map((message) => ({ code: 'facts_missing', subject: name, message }));
}

const WORDS: Parameters<typeof listPackages>[1] = {
  nothing: {
    code: 'nothing_recognised',
    subject: 'packages',
    message: 'The host has no package that a package manager installed: nothing could be matched.',
  },
  noDistribution: { subject: 'distribution', why: 'the host’s os-release does not say which distribution it has' },
  unnameable: ({ name, version }) => ({
    code: 'file_unparsable',
    subject: 'packages',
    message: `There is a package "${name}" ${version}, which no package URL can name: it was not matched.`,
  }),
};
