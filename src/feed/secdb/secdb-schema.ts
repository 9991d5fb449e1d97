import { z } from 'zod';

/** `{"pkg": {"name": "zlib", "secfixes": {"1.2.12-r0": ["CVE-2018-25032"]}}}` */
export interface SecdbPackage {
  name: string;
  /** By the version that fixes; `0`: never affected. */
  secfixes: [version: string, lines: string[]][];
}

/** @throws z.ZodError */
export function parsePackage(json: unknown): SecdbPackage {
  const { name, secfixes } = ENTRY.parse(json).pkg;
  return {
    name,
    secfixes: Object.entries(secfixes).map(([version, lines]) => [VERSION.parse(version.trim()), lines]),
  };
}

/** As OSV's: far above what there is; longer ones could not be stored under an index. */
const NAME = z
  .string()
  .min(1)
  .max(250)
  .regex(/^[\x21-\x7e]+$/, 'expected a name of printable ASCII');
const VERSION = z
  .string()
  .min(1)
  .max(250)
  .regex(/^[\x21-\x7e]+$/, 'expected a version of printable ASCII');

/** Lua, which writes Alpine's files, has one kind of empty table; YAML has empty text. */
const EMPTY = z.union([z.null(), z.literal(''), z.array(z.never())]);
const LINES = z.union([z.array(z.string()), EMPTY.transform(() => []), z.string().transform((line) => [line])]);
const SECFIXES = z.union([z.record(z.string(), LINES), EMPTY.transform((): Record<string, string[]> => ({}))]);
const ENTRY = z.object({ pkg: z.object({ name: NAME, secfixes: SECFIXES }) });
