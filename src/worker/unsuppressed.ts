import { decideVex } from '../engine/vex/applies.js';
import type { Judgement } from '../model/finding.js';
import type { Inventory } from '../model/inventory.js';
import type { NamedImage, SourcedStatement } from '../model/vex.js';

export interface StatementLookup {
  /** What vendors and operators say of vulnerabilities, by their names. */
  statements(names: readonly string[]): Promise<readonly SourcedStatement[]>;
  /** The target as statements may name it; asked for only where there are any. */
  image(): Promise<NamedImage>;
}

/** Without those of which somebody says that they need no more attention. */
export async function unsuppressed(
  judgements: Judgement[],
  { distribution }: Pick<Inventory, 'distribution'>,
  lookup: StatementLookup,
): Promise<Judgement[]> {
  const said = await lookup.statements(judgements.flatMap(({ ruleId, aliases }) => [ruleId, ...aliases]));
  if (said.length === 0) return judgements;
  const image = await lookup.image();
  return judgements.filter(({ ruleId, aliases, package: entry }) => {
    if (entry === null) return true;
    const subject = { vulnerabilities: [ruleId, ...aliases], package: entry, distribution, image };
    return !decideVex(subject, said)?.suppresses;
  });
}
