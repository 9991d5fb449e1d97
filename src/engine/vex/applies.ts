import type { VexDecider, VexProduct, VexStatement, VexSubject } from '../../model/vex.js';
import { namesImage } from './image-match.js';
import { namesPackage, purlsIn } from './purl-match.js';
import { indexOf } from './statement-index.js';

/**
 * The statement that counts for a finding: of those that are about it the newest, and of several of one time the one that
 * hides least. Null: nobody says anything.
 */
export function statementFor<S extends VexStatement>(subject: VexSubject, statements: readonly S[]): S | null {
  let best: S | null = null;
  for (const { statement, product } of indexOf(statements).candidates(subject)) {
    if (best !== null && counts(statement, best) <= 0) continue;
    if (isNamed(statement, subject) && isIn(product, subject)) best = statement;
  }
  return best;
}

export const decideVex: VexDecider = (subject, statements) => {
  const statement = statementFor(subject, statements);
  return statement && { statement, suppresses: suppresses(statement) };
};

/** Whether a statement says that a finding needs no more attention. */
function suppresses({ status }: Pick<VexStatement, 'status'>): boolean {
  return status === 'not_affected' || status === 'fixed';
}

function isNamed({ vulnerabilities }: VexStatement, subject: VexSubject): boolean {
  return vulnerabilities.some((id) => subject.vulnerabilities.includes(id));
}

/** A product is the package itself, wherever it is, or the image, and then all of its packages or those named. */
function isIn(product: VexProduct, { package: entry, distribution, image }: VexSubject): boolean {
  const holds = (purls: readonly string[]) => purlsIn(purls).some((purl) => namesPackage(purl, entry, distribution));
  if (namesImage(product, image)) return product.subcomponents.length === 0 || holds(product.subcomponents);
  // With subcomponents it is about a part of a package, which no inventory lists, unless the part is the package.
  return holds(product.purls) && (product.subcomponents.length === 0 || holds(product.subcomponents));
}

const HIDES = { affected: 0, under_investigation: 1, fixed: 2, not_affected: 3 } as const;

function counts(a: VexStatement, b: VexStatement): number {
  return (a.time?.getTime() ?? 0) - (b.time?.getTime() ?? 0) || HIDES[b.status] - HIDES[a.status];
}
