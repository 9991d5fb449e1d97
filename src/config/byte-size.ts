import { z } from 'zod';

const UNITS: Record<string, number> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** A size in bytes, written as `512MiB` (binary), `10GB` (decimal) or a plain number of bytes; at least 1. */
export function byteSize(): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d+(\.\d+)?\s*([kmgt]i?)?b?$/i)
    .transform((text) => {
      const [, amount = '0', unit = ''] = /^([\d.]+)\s*(\w*)$/.exec(text) ?? [];
      return Math.floor(Number(amount) * (UNITS[unitName(unit)] ?? Number.NaN));
    })
    .refine((bytes) => Number.isSafeInteger(bytes) && bytes > 0);
}

function unitName(unit: string): string {
  const lower = unit.toLowerCase();
  return lower.endsWith('b') ? lower : `${lower}b`;
}
