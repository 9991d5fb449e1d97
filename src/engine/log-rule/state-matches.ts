import type { Container } from '../../model/host/engine.js';
import type { LogMatch } from '../../model/host/log-match.js';

/** An engine starts a container again so often before it is taken for a loop. */
const MANY_RESTARTS = 5;

/** What the state of a container tells of what happened in it, whatever its log says. */
export function stateMatches(containers: readonly Container[]): LogMatch[] {
  return containers.flatMap((container) => [...restartLoop(container), ...oomKill(container)]);
}

function restartLoop(container: Container): LogMatch[] {
  const { restarts, status, exitCode } = container;
  if (status !== 'restarting' && restarts < MANY_RESTARTS) return [];
  const code = exitCode === null ? '' : `, exit code ${exitCode}`;
  const excerpt = `The engine started it again ${restarts} times; it is ${status}${code}.`;
  return [
    {
      ...of(container),
      ruleId: 'restart-loop',
      title: 'A container is started again and again',
      severity: 'medium',
      count: restarts,
      excerpt,
    },
  ];
}

function oomKill(container: Container): LogMatch[] {
  const { oomKilled, memory, exitCode } = container;
  if (!oomKilled) return [];
  const limit = memory > 0 ? `its limit is ${Math.round(memory / 2 ** 20)} MiB` : 'it has no limit of its own';
  const excerpt = `OOMKilled: true; ${limit}${exitCode === null ? '' : `; exit code ${exitCode}`}.`;
  return [
    {
      ...of(container),
      ruleId: 'oom-killed',
      title: 'The kernel killed a container for want of memory',
      severity: 'medium',
      count: 1,
      excerpt,
    },
  ];
}

function of({ id, name }: Container): Pick<LogMatch, 'containerId' | 'containerName' | 'firstAt' | 'lastAt'> {
  return { containerId: id, containerName: name, firstAt: null, lastAt: null };
}
