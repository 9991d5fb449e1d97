import { z } from 'zod';
import type { VexDocument, VexProduct, VexStatement } from '../../model/vex.js';

/** More than vendors put into one document; what is after them is not read. */
const MAX_STATEMENTS = 100_000;
/** Rejected statements that are told of one by one. */
const MAX_REJECTED = 100;
const MAX_DETAIL = 2_000;
/** Products, names and purls of one statement. */
export const MAX_MEMBERS = 10_000;
const MAX_TEXT = 1_000;
/** Characters of a document's statements: what a short document names once and uses often counts each time. */
export const MAX_SIZE = 64 * 1024 * 1024;

/** Collects what can be read of a document's statements, and names what cannot. */
export class StatementList {
  private readonly statements: VexStatement[] = [];
  private readonly rejected: VexDocument['rejected'] = [];
  private rejectedCount = 0;
  private size = 0;

  /** @param read throws z.ZodError or `Refused` for a statement that does not have the form of its standard */
  add(entry: string, read: () => VexStatement | VexStatement[] | null): void {
    try {
      if (this.statements.length >= MAX_STATEMENTS) throw new Refused(`more than ${MAX_STATEMENTS} statements`);
      const found = [read() ?? []].flat().map(checked);
      const size = found.reduce((sum, statement) => sum + sizeOf(statement), this.size);
      if (size > MAX_SIZE) throw new Refused(`the statements have more than ${MAX_SIZE} characters together`);
      this.size = size;
      for (const statement of found) this.statements.push(statement);
    } catch (error) {
      const reason = reasonOf(error);
      this.rejectedCount += 1;
      if (this.rejected.length < MAX_REJECTED) this.rejected.push({ entry, reason });
    }
  }

  document(of: Pick<VexDocument, 'format' | 'id' | 'author' | 'time'>): VexDocument {
    const { statements, rejected, rejectedCount } = this;
    return { ...of, statements, rejected, rejectedCount };
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

function distinct(texts: readonly string[]): string[] {
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

/** As it is stored, about. */
function sizeOf({ vulnerabilities, products, detail }: VexStatement): number {
  let size = lengthOf(vulnerabilities) + (detail?.length ?? 0);
  for (const { id, purls, digests, subcomponents } of products) {
    size += id.length + lengthOf(purls) + lengthOf(digests) + lengthOf(subcomponents) + 60;
  }
  return size;
}

export function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length + 4, 0);
}

function reasonOf(error: unknown): string {
  if (error instanceof Refused) return error.message;
  if (!(error instanceof z.ZodError)) throw error;
  const [issue] = error.issues;
  return issue ? `${issue.path.join('.') || 'statement'}: ${issue.message}` : 'invalid';
}
