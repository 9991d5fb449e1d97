import { z } from 'zod';
import { VEX_JUSTIFICATIONS, VEX_STATUSES, type VexDocument, type VexProduct } from '../../model/vex.js';
import {
  firstText,
  isPurl,
  lengthOf,
  MAX_MEMBERS,
  MAX_SIZE,
  OPTIONAL_TEXT,
  productOf,
  Refused,
  StatementList,
  TEXT,
  TIME,
} from './statement-list.js';

/*
 * OpenVEX 0.0.1 and 0.2.0 (https://github.com/openvex/spec): the first writes products and vulnerabilities as texts, and
 * subcomponents beside the products.
 */

const IDENTIFIERS = z.object({ purl: OPTIONAL_TEXT }).nullish().catch(null);

const COMPONENT = z.union([
  TEXT.transform((id) => ({ '@id': id, identifiers: null, hashes: null, subcomponents: null })),
  z.object({
    '@id': OPTIONAL_TEXT,
    identifiers: IDENTIFIERS,
    hashes: z.record(z.string(), z.unknown()).nullish().catch(null),
    subcomponents: z.array(z.unknown()).max(MAX_MEMBERS).nullish(),
  }),
]);
type Component = z.infer<typeof COMPONENT>;

const VULNERABILITY = z.union([
  TEXT.transform((name) => ({ name, aliases: [] as string[] })),
  z
    .object({
      '@id': OPTIONAL_TEXT,
      name: OPTIONAL_TEXT,
      aliases: z.array(TEXT).max(MAX_MEMBERS).nullish().catch(null),
    })
    // `@id` is an IRI: where there is no name, it mostly ends in one.
    .transform(({ '@id': iri, name, aliases }) => ({ name: name ?? iri?.split('/').at(-1), aliases: aliases ?? [] })),
]);

const STATEMENT = z.object({
  vulnerability: VULNERABILITY,
  products: z.array(COMPONENT).max(MAX_MEMBERS),
  subcomponents: z.array(COMPONENT).max(MAX_MEMBERS).nullish(),
  status: z.enum(VEX_STATUSES),
  justification: z.enum(VEX_JUSTIFICATIONS).nullish(),
  impact_statement: z.unknown().optional(),
  action_statement: z.unknown().optional(),
  status_notes: z.unknown().optional(),
  timestamp: TIME,
  last_updated: TIME,
});

const DOCUMENT = z.object({
  '@id': OPTIONAL_TEXT,
  author: OPTIONAL_TEXT,
  timestamp: TIME,
  last_updated: TIME,
  statements: z.array(z.unknown(), 'expected a list'),
});

/** @throws z.ZodError when `statements` is no list */
export function readOpenVex(json: unknown): VexDocument {
  const document = DOCUMENT.parse(json);
  const time = document.last_updated ?? document.timestamp ?? null;
  const list = new StatementList();
  for (const [index, entry] of document.statements.entries()) {
    list.add(`statements.${index}`, () => {
      const statement = STATEMENT.parse(entry);
      const { name, aliases } = statement.vulnerability;
      const shared = (statement.subcomponents ?? []).flatMap(purlsOf);
      if (lengthOf(shared) * statement.products.length > MAX_SIZE) throw new Refused('it names too much');
      return {
        vulnerabilities: [...new Set([...(name ? [name] : []), ...aliases])],
        products: statement.products.flatMap((product) => productFrom(product, shared) ?? []),
        status: statement.status,
        justification: statement.justification ?? null,
        detail: firstText(statement.impact_statement, statement.action_statement, statement.status_notes),
        time: statement.last_updated ?? statement.timestamp ?? time,
      };
    });
  }
  return list.document({ format: 'openvex', id: document['@id'] ?? null, author: document.author ?? null, time });
}

/** Null for one without anything to know it by. */
function productFrom(component: Component, shared: readonly string[]): VexProduct | null {
  const purl = component.identifiers?.purl ?? null;
  const id = component['@id'] ?? purl;
  if (!id) return null;
  const own = (component.subcomponents ?? []).map((entry) => COMPONENT.parse(entry)).flatMap(purlsOf);
  const product = productOf(id, purl === null ? [] : [purl], [...own, ...shared]);
  return { ...product, digests: digestsOf(component.hashes ?? null) };
}

/**
 * A component that is known by something other than a purl stays, as what no package is: left out, the statement would
 * be about all of the product.
 */
function purlsOf(component: Component): string[] {
  const purl = component.identifiers?.purl;
  const id = component['@id'];
  return [...(purl ? [purl] : []), ...(id && (isPurl(id) || !purl) ? [id] : [])];
}

/** IANA's names of hash functions, `sha-256`, as OpenVEX writes them. */
function digestsOf(hashes: Record<string, unknown> | null): string[] {
  return Object.entries(hashes ?? {}).flatMap(([algorithm, value]) =>
    typeof value === 'string' && /^sha-?256$/i.test(algorithm) && /^[0-9a-f]{64}$/i.test(value)
      ? [`sha256:${value.toLowerCase()}`]
      : [],
  );
}
