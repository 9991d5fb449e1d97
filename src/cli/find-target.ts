import type { Target } from '../model/target.js';
import type { ApiClient } from './api-client.js';
import { CommandError, EXIT_CODES } from './exit-code.js';
import type { Wire } from './wire.js';

/**
 * People name a target by what they scanned: its id, name or reference.
 *
 * @throws CommandError `usage` that lists targets
 */
export async function findTarget(client: ApiClient, text: string): Promise<Wire<Target>> {
  const targets = await client.list<Wire<Target>>('/v1/targets');
  const found = targets.filter(({ id, name, reference }) => [id, name, reference].includes(text));
  if (found.length === 1 && found[0]) return found[0];
  const names = targets.slice(0, 20).map((target) => `\n  ${target.id}  ${target.name ?? target.reference}`);
  throw new CommandError(
    EXIT_CODES.usage,
    `${found.length === 0 ? 'No target has' : 'Several targets have'} the id, name or reference "${text}". Targets:${names.join('') || ' none'}`,
  );
}
