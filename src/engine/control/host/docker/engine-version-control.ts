import type { EngineFacts } from '../../../../model/host/engine.js';
import type { ReleaseCycle } from '../../../../model/lifecycle.js';
import type { LifecycleFacts } from '../../../end-of-life/support.js';
import { cycleSupport } from '../../../end-of-life/support-end.js';
import { fail, manual, pass, undetermined, type Verdict } from '../../control.js';
import { type HostControl, ifKnown, known } from '../host-subject.js';

/** What endoflife.date calls the engines. */
export const ENGINE_PRODUCTS = { docker: 'docker-engine', podman: 'podman' } as const satisfies Record<
  EngineFacts['kind'],
  string
>;

/** CIS Docker 1.2.2. */
export const ENGINE_VERSION_CONTROL: HostControl = {
  id: 'engine-up-to-date',
  title: 'The container engine is up to date',
  problem: 'The container engine is out of date',
  severity: 'medium',
  looksAt:
    'the engine’s version, against the dates and newest versions of endoflife.date; a distribution’s own build is for a person to judge',
  remediation: 'Update the engine’s packages, from its vendor or the distribution.',
  opens: 'misconfiguration',
  restsOn: ['engine'],
  judge: ({ facts, engineLifecycles, now }) => {
    const engine = known(facts.engine);
    if (engine.version === '') return undetermined('The engine does not tell its version.');
    const verdict = judged(engine, engineLifecycles, now);
    if (verdict.status !== 'fail' || !isOfDistribution(engine, ifKnown(facts.packages))) return verdict;
    return manual(
      `${verdict.reason} The distribution may mend it all the same: advisories for its package tell.`,
      verdict.evidence,
    );
  },
};

function judged({ kind, version }: EngineFacts, { syncedAt, products }: LifecycleFacts, now: Date): Verdict {
  const named = `${kind === 'docker' ? 'Docker' : 'Podman'} ${version}`;
  const evidence = [{ resource: 'engine', path: null, value: version }];
  // `20.10.24+dfsg1`, `4.9.4-rhel`: distributions mend old versions, and end them when they like.
  const parts = /^v?(\d+)\.(\d+)\.(\d+)(?:-(?:ce|ee))?$/.exec(version)?.slice(1);
  if (!parts)
    return manual(`${named} is a build of its own: who made it tells whether there is a newer one.`, evidence);
  const product = products.find(({ name }) => name === ENGINE_PRODUCTS[kind]);
  const cycle = product && cycleOf(product.cycles, parts);
  if (syncedAt === null) return undetermined(`${named}: the feed endoflife has not come in yet: sync it.`);
  if (!product || !cycle) return undetermined(`${named}: endoflife.date says nothing of it.`);
  const support = cycleSupport(product, cycle, false, syncedAt, now);
  if (support.status === 'ended')
    return fail(
      `${named}: its makers support ${cycle.name} no more${support.on === null ? '' : ` since ${support.on}`}.`,
      evidence,
    );
  const latest = /^v?(\d+)\.(\d+)\.(\d+)$/.exec(cycle.latest ?? '')?.slice(1);
  if (latest && isBefore(parts.map(Number), latest.map(Number)))
    return fail(`${named}: ${cycle.latest} is out.`, evidence);
  if (support.status === 'stale' || !latest)
    return undetermined(`${named}: nobody says which is the newest version of ${cycle.name}, or it was said long ago.`);
  return pass(`${named} is the newest of ${cycle.name}, which is supported.`);
}

/** Packages of distributions: those of Docker itself are called docker-ce. */
const DISTRIBUTED = new Set(['docker.io', 'docker', 'moby-engine', 'podman']);

/** Podman is hardly ever had from elsewhere; of Docker only the packages tell. */
function isOfDistribution({ kind }: EngineFacts, packages: readonly { name: string }[] | null): boolean {
  return packages === null ? kind === 'podman' : packages.some(({ name }) => DISTRIBUTED.has(name));
}

/** Cycles are called `29`, `20.10` or `19.03`, and `5.6` of Podman. */
function cycleOf(cycles: readonly ReleaseCycle[], [major, minor]: readonly string[]): ReleaseCycle | undefined {
  const find = (wanted: string) => cycles.find(({ name }) => name === wanted);
  return find(`${major}.${minor}`) ?? find(major ?? '');
}

function isBefore(version: readonly number[], other: readonly number[]): boolean {
  const at = version.findIndex((part, index) => part !== other[index]);
  return at >= 0 && (version[at] ?? 0) < (other[at] ?? 0);
}
