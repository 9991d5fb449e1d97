import { VARIABLES } from './variables.js';

/** Read by the `plimsoll` command, not by the service. */
const COMMAND_VARIABLES = ['PLIMSOLL_URL', 'PLIMSOLL_TOKEN'];

/** What Kubernetes and Docker links put into the environment beside a service named plimsoll. */
const SERVICE_LINK = /^PLIMSOLL_(SERVICE_|PORT_\d)/;

/** A sentence for each `PLIMSOLL_` variable that nothing reads: most are misspelt. */
export function unknownVariables(env: NodeJS.ProcessEnv): string[] {
  const known = [...Object.values(VARIABLES).map(({ name }) => name), ...COMMAND_VARIABLES];
  return Object.keys(env)
    .filter((name) => name.startsWith('PLIMSOLL_') && !known.includes(name) && !SERVICE_LINK.test(name))
    .sort()
    .map((name) => {
      const near = nearest(name, known);
      return `${name} is not a variable of Plimsoll and changes nothing${near ? `: did you mean ${near}?` : '.'}`;
    });
}

function nearest(name: string, known: readonly string[]): string | null {
  const [best] = known
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= 4 ? best.candidate : null;
}

/** Levenshtein distance, row by row. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
