import type { VexProduct, VexStatement, VexSubject } from '../../model/vex.js';
import { imageKeys, productKeys } from './image-match.js';
import { packageKeys, purlKeys } from './purl-match.js';

/** A product of a statement, and the statement's place in its list. */
interface Posting<S> {
  place: number;
  statement: S;
  product: VexProduct;
}

/**
 * The products of some statements by what a package or an image must have in common with them to be meant. A vendor's
 * statement names thousands of products, and a fleet asks about each of its findings.
 */
export class StatementIndex<S extends VexStatement> {
  private readonly postings = new Map<string, Posting<S>[]>();

  constructor(statements: readonly S[]) {
    for (const [place, statement] of statements.entries()) {
      for (const product of statement.products) {
        for (const key of new Set([...productKeys(product), ...purlKeys(product)])) {
          const posting = { place, statement, product };
          const list = this.postings.get(key);
          if (list) list.push(posting);
          else this.postings.set(key, [posting]);
        }
      }
    }
  }

  /** In the order of their statements. What is left out does not name the subject; what is here may. */
  candidates({ package: entry, image }: VexSubject): Posting<S>[] {
    const found = [...imageKeys(image), ...packageKeys(entry)].flatMap((key) => this.postings.get(key) ?? []);
    return found.sort((a, b) => a.place - b.place);
  }
}

const indexes = new WeakMap<readonly VexStatement[], StatementIndex<VexStatement>>();

/** Made once for as long as the list is kept. */
export function indexOf<S extends VexStatement>(statements: readonly S[]): StatementIndex<S> {
  let index = indexes.get(statements);
  if (index === undefined) {
    index = new StatementIndex<VexStatement>(statements);
    indexes.set(statements, index);
  }
  // What goes in comes out.
  return index as StatementIndex<S>;
}
