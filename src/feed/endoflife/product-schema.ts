import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import type { ProductLifecycle, ReleaseCycle, SupportEnd } from '../../model/lifecycle.js';

/*
 * The three forms in which endoflife.date publishes a product. Of each cycle the end of support is needed, which is a
 * day, or only whether it is over; a cycle that has neither is left out.
 */

/**
 * Reads a product of version 1 of the API (https://endoflife.date/docs/api/v1/, `ProductDetails`).
 *
 * @throws z.ZodError, as all of these
 */
export function parseProduct(json: unknown): ProductLifecycle {
  const { name, label, labels, releases } = PRODUCT.parse(json);
  const cycles = releases.flatMap((release) => {
    const end = endOf(release.eolFrom ?? release.isEol);
    const extendedEnd = endOf(release.eoesFrom ?? release.isEoes);
    return end === null ? [] : [cycleOf(release.name, release.codename, end, extendedEnd, release.latest?.name)];
  });
  return { name, label: label ?? name, extendedLabel: textOf(labels?.eoes), cycles };
}

/** Reads a product of version 0, `api/{name}.json`: its cycles alone. */
export function parseCycles(name: string, json: unknown): ProductLifecycle {
  const cycles = CYCLES.parse(json).flatMap(({ cycle, codename, eol, eoes, extendedSupport, latest }) => {
    const end = endOf(eol);
    return end === null ? [] : [cycleOf(cycle, codename, end, endOf(extendedSupport ?? eoes), latest)];
  });
  return { name: NAME.parse(name), label: name, extendedLabel: null, cycles };
}

/** Reads the source of a product, `products/{name}.md`: Markdown with YAML before it. */
export function parseMarkdown(text: string): ProductLifecycle {
  const front = /^\uFEFF?---\r?\n(.*?)\r?\n---(?:\r?\n|$)/s.exec(text)?.[1];
  // In the failsafe schema every scalar is a text: "3.10" is no number, "2026-06-30" no time.
  // To look for keys that come twice takes the square of their number; Jekyll, which reads these files too, takes the last.
  const document: unknown = parseYaml(front ?? '', { schema: 'failsafe', uniqueKeys: false });
  const { title, permalink, eoesColumn, releases } = SOURCE.parse(document);
  const cycles = releases.flatMap(({ releaseCycle, codename, eol, eoes, latest }) => {
    const end = endOf(eol);
    return end === null ? [] : [cycleOf(releaseCycle, codename, end, endOf(eoes), latest)];
  });
  return { name: NAME.parse(permalink.replace(/^\//, '')), label: title, extendedLabel: textOf(eoesColumn), cycles };
}

/** Of a list of version 1. */
export function productsOf(json: unknown): unknown[] {
  return LIST.parse(json).result;
}

/** Names of version 0, `api/all.json`. */
export function namesOf(json: unknown): string[] {
  return z.array(NAME).max(MAX_PRODUCTS).parse(json);
}

/** The first fault, in one line. */
export function describeFault(error: unknown): string {
  if (!(error instanceof z.ZodError)) return error instanceof Error ? error.message : String(error);
  const [issue] = error.issues;
  return issue ? `${issue.path.join('.') || 'product'}: ${issue.message}` : 'invalid';
}

const MAX_PRODUCTS = 10_000;
const MAX_CYCLES = 5_000;

/** A part of a URL's path, and of the name of a file. */
const NAME = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/i);
/** Plain text, cut where it is too long to be one. */
const TEXT = z.string().transform((text) =>
  text
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, 200)
    .toWellFormed(),
);
const CYCLE = z.union([z.string(), z.number()]).transform(String).pipe(z.string().min(1).max(100));
/** A day, or whether it is over; whatever else it is says nothing. */
const END = z.union([z.string(), z.boolean()]).nullish().catch(null);

/** A version as a text; whatever else it is says nothing. */
const VERSION = z
  .string()
  .regex(/^[\w.+~-]{1,100}$/)
  .nullish()
  .catch(null);

const PRODUCT = z.object({
  name: NAME,
  label: TEXT.nullish(),
  labels: z.object({ eoes: TEXT.nullish() }).nullish().catch(null),
  releases: z
    .array(
      z.object({
        name: CYCLE,
        codename: TEXT.nullish(),
        isEol: END,
        eolFrom: END,
        isEoes: END,
        eoesFrom: END,
        latest: z.object({ name: VERSION }).nullish().catch(null),
      }),
    )
    .max(MAX_CYCLES),
});
const LIST = z.object({ result: z.array(z.unknown()).max(MAX_PRODUCTS) });
const CYCLES = z
  .array(
    z.object({ cycle: CYCLE, codename: TEXT.nullish(), eol: END, eoes: END, extendedSupport: END, latest: VERSION }),
  )
  .max(MAX_CYCLES);
const SOURCE = z.object({
  title: TEXT,
  permalink: z.string(),
  eoesColumn: TEXT.nullish(),
  releases: z
    .array(z.object({ releaseCycle: CYCLE, codename: TEXT.nullish(), eol: END, eoes: END, latest: VERSION }))
    .max(MAX_CYCLES),
});

function cycleOf(
  name: string,
  codename: string | null | undefined,
  end: SupportEnd,
  extendedEnd: SupportEnd | null,
  latest: string | null | undefined,
): ReleaseCycle {
  return { name, codename: codename || null, end, extendedEnd, ...(latest && { latest }) };
}

function endOf(value: string | boolean | null | undefined): SupportEnd | null {
  if (value === true || value === 'true') return { on: null, over: true };
  if (value === false || value === 'false') return { on: null, over: false };
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return null;
  return Number.isNaN(Date.parse(value)) ? null : { on: value, over: false };
}

/** A heading without its markup; `true` says that there is a column, and not what it is called. */
function textOf(label: string | null | undefined): string | null {
  const text = (label ?? '').replace(/<[^>]*>/g, '').trim();
  return text === '' || text === 'true' || text === 'false' ? null : text;
}
