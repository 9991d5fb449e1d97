import type { Evidence } from '../../../../model/control.js';
import type { Container, EngineFacts } from '../../../../model/host/engine.js';
import { counted, failIfAny, notApplicable, undetermined, type Verdict } from '../../control.js';
import { type HostControl, type HostSubject, known } from '../host-subject.js';

/** What a control over running containers has in common with every other. */
export const CONTAINER = {
  opens: 'misconfiguration',
  eachResource: true,
  restsOn: ['engine'],
} satisfies Partial<HostControl>;

/** Containers that run or are held: CIS Docker, section 5, is about those. */
export function running({ containers }: EngineFacts): Container[] {
  return containers.filter(({ status }) => status === 'running' || status === 'paused' || status === 'restarting');
}

/** Where some containers could not be read, there may be one that runs. */
export function noneRuns({ facts: { engine } }: Pick<HostSubject, 'facts'>): Verdict {
  const [gap] = engine.known ? engine.gaps : [];
  return gap === undefined
    ? notApplicable('No container runs.')
    : undetermined(`No container that is known runs, but not everything could be read: ${gap}`);
}

/**
 * Judges each running container by itself.
 *
 * @param faultsOf what is wrong with one, as it is set: `Privileged: true`; none: it passes
 * @param what the containers that fail do, after their number: `run with all privileges`
 */
export function eachContainer(
  faultsOf: (container: Container, engine: EngineFacts, subject: HostSubject) => string | readonly string[] | null,
  what: string,
) {
  return (subject: HostSubject): Verdict => {
    const engine = known(subject.facts.engine);
    const containers = running(engine);
    if (containers.length === 0) return noneRuns(subject);
    const failing = new Set<string>();
    const evidence = containers.flatMap((container): Evidence[] => {
      const faults = [faultsOf(container, engine, subject) ?? []].flat();
      if (faults.length > 0) failing.add(container.name);
      return faults.map((value) => ({ resource: `container/${container.name}`, path: null, value }));
    });
    return failIfAny(
      evidence,
      () => `${counted(failing.size, 'container')} of ${containers.length} ${what}.`,
      `None of ${counted(containers.length, 'container')} does.`,
    );
  };
}
