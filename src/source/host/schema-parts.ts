import { z } from 'zod';

/** A text of at most so many characters, as PostgreSQL stores them. */
export function text(most = 8_192) {
  return z
    .string()
    .max(most)
    .refine((value) => !value.includes('\0') && value.isWellFormed(), 'expected no NUL and no half of a character');
}

/** A list of at most so many. */
export function list<T extends z.ZodType>(item: T, most: number) {
  return z.array(item).max(most);
}

/** Texts by name. */
export function named(most: number) {
  return z
    .record(text(1_024), text(16_384))
    .refine((values) => Object.keys(values).length <= most, `expected at most ${most} entries`);
}

/** A whole number that is none below zero. */
export const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** RFC 3339. */
export const time = z.iso.datetime({ offset: true });
