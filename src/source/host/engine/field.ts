import { z } from 'zod';

/**
 * Fields as engines write them, who leave out, or write null for, what is empty. One of another type is refused: what it
 * says is not known.
 */
export const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
export const number = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);
export const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
export const optionalNumber = z
  .number()
  .nullish()
  .transform((value) => value ?? null);
export const optionalFlag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? null);
export const texts = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? []);
/** Podman writes a list of one as the text alone. */
export const words = z
  .union([z.array(z.string()), z.string()])
  .nullish()
  .transform((value) => (typeof value === 'string' ? (value === '' ? [] : [value]) : (value ?? [])));
export const pairs = z
  .record(z.string(), z.string())
  .nullish()
  .transform((value) => value ?? {});

export function list<T extends z.ZodType>(element: T) {
  return z
    .array(element)
    .nullish()
    .transform((value): z.output<T>[] => value ?? []);
}

export function record<T extends z.ZodType>(element: T) {
  return z
    .record(z.string(), element)
    .nullish()
    .transform((value): Record<string, z.output<T>> => (value ?? {}) as Record<string, z.output<T>>);
}
