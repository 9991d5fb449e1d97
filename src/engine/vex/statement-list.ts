import { z } from 'zod';
import type { VexDocument, VexProduct, VexStatement } from '../../model/vex.js';

/** More than vendors put into one document; what is after them is not read. */
const MAX_STATEMENTS = 100_000;
/** Rejected statements that are told of one by one. */
const MAX_REJECTED = 100;
const MAX_DETAIL = 2_000;
/** Products, names and purls of one statement. */
export const MAX_MEMBERS = 10_000;
export const MAX_TEXT = 1_000;

/** Collects what can be read of a document's statements, and names what cannot. */
export class StatementList {
  private readonly statements: VexStatement[] = [];
  private readonly rejected: VexDocument['rejected'] = [];

  /** @param read throws z.ZodError or `Refused` for a statement that does not have the form of its standard */
  add(entry: string, read: () => VexStatement | VexStatement[] | null): void {
    try {
      if (this.statements.length >= MAX_STATEMENTS) throw new Refused(`more than ${MAX_STATEMENTS} statements`);
      const found = read();
      for (const statement of found === null ? [] : [found].flat()) this.statements.push(checked(statement));
    } catch (error) {
      if (this.rejected.length < MAX_REJECTED) this.rejected.push({ entry, reason: reasonOf(error) });
    }
  }

  document(of: Pick<VexDocument, 'format' | 'id' | 'author' | 'time'>): VexDocument {
    return { ...of, statements: this.statements, rejected: this.rejected };
  }
}

/** Why a statement is not taken. */
export class Refused extends Error {}

/** A text that can be stored and shown. */
export const TEXT = z
  .string()
  .transform((text) => text.replaceAll('\0', '').toWellFormed().trim())
  .pipe(z.string().min(1).max(MAX_TEXT));

export const OPTIONAL_TEXT = TEXT.nullish().catch(null);

/** RFC 3339; anything else is as if it were not there. */
export const TIME = z
  .string()
  .transform((text) => new Date(text))
  .refine((date) => !Number.isNaN(date.getTime()))
  .nullish()
  .catch(null);

/** The first of some texts that says something, bounded. */
export function firstText(...texts: unknown[]): string | null {
  for (const text of texts) {
    if (typeof text !== 'string') continue;
    const shown = text.replaceAll('\0', '').toWellFormed().trim().slice(0, MAX_DETAIL);
    if (shown !== '') return shown;
  }
  return null;
}

/** Whether an identifier is a package URL. */
export function isPurl(id: string): boolean {
  return id.startsWith('pkg:');
}

export function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

/** A product under what identifies it. */
export function productOf(id: string, purls: readonly string[], subcomponents: readonly string[] = []): VexProduct {
  return {
    id,
    purls: distinct([...(isPurl(id) ? [id] : []), ...purls]),
    digests: [],
    subcomponents: distinct(subcomponents),
  };
}

function checked(statement: VexStatement): VexStatement {
  if (statement.products.length === 0) throw new Refused('it names no product');
  if (statement.vulnerabilities.length === 0) throw new Refused('it names no vulnerability');
  // OpenVEX, "Status Justifications": without either nobody can tell why, and it would hide a finding all the same.
  if (statement.status === 'not_affected' && statement.justification === null && statement.detail === null) {
    throw new Refused('"not_affected" needs a justification or an impact statement');
  }
  return statement;
}

function reasonOf(error: unknown): string {
  if (error instanceof Refused) return error.message;
  if (!(error instanceof z.ZodError)) throw error;
  const [issue] = error.issues;
  return issue ? `${issue.path.join('.') || 'statement'}: ${issue.message}` : 'invalid';
}
