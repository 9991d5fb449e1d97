import { z } from 'zod';
import {
  VEX_JUSTIFICATIONS,
  type VexDocument,
  type VexJustification,
  type VexProduct,
  type VexStatus,
} from '../../model/vex.js';
import {
  firstText,
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
 * CSAF 2.0, profile VEX (https://docs.oasis-open.org/csaf/csaf/v2.0): products are named by the ids of the product tree,
 * and known here where that gives them a purl.
 */

/** §3.2.3.9, `product_status`, by group. */
const GROUPS = {
  known_not_affected: 'not_affected',
  fixed: 'fixed',
  first_fixed: 'fixed',
  known_affected: 'affected',
  first_affected: 'affected',
  last_affected: 'affected',
  under_investigation: 'under_investigation',
} as const satisfies Record<string, VexStatus>;

const IDS = z.array(TEXT).max(100_000).nullish().catch(null);
const DETAILS = z
  .array(
    z.object({
      category: z.unknown().optional(),
      label: z.unknown().optional(),
      details: z.unknown().optional(),
      product_ids: IDS,
    }),
  )
  .nullish()
  .catch(null);

const VULNERABILITY = z.object({
  cve: OPTIONAL_TEXT,
  ids: z
    .array(z.object({ text: TEXT }))
    .max(MAX_MEMBERS)
    .nullish()
    .catch(null),
  product_status: z.record(z.string(), IDS),
  flags: DETAILS,
  threats: DETAILS,
  remediations: DETAILS,
});

const PRODUCT = z.object({
  product_id: TEXT,
  product_identification_helper: z
    .object({ purl: OPTIONAL_TEXT, purls: z.array(TEXT).max(MAX_MEMBERS).nullish().catch(null) })
    .nullish()
    .catch(null),
});

const RELATIONSHIP = z.object({
  product_reference: TEXT,
  relates_to_product_reference: TEXT,
  full_product_name: PRODUCT,
});

const DOCUMENT = z.object({
  document: z.object({
    publisher: z.object({ name: OPTIONAL_TEXT }).nullish().catch(null),
    tracking: z.object({ id: OPTIONAL_TEXT, current_release_date: TIME }).nullish().catch(null),
  }),
  product_tree: z
    .object({
      branches: z.array(z.unknown()).nullish().catch(null),
      full_product_names: z.array(z.unknown()).nullish().catch(null),
      relationships: z.array(z.unknown()).nullish().catch(null),
    })
    .nullish()
    .catch(null),
  vulnerabilities: z.array(z.unknown(), 'expected a list'),
});

/** @throws z.ZodError when `vulnerabilities` is no list, and Refused for a product tree that names too much */
export function readCsafVex(json: unknown): VexDocument {
  const { document, product_tree: tree, vulnerabilities } = DOCUMENT.parse(json);
  const time = document.tracking?.current_release_date ?? null;
  const products = productsOf(tree ?? {});
  const list = new StatementList();
  for (const [index, entry] of vulnerabilities.entries()) {
    const where = `vulnerabilities.${index}`;
    list.add(where, () => {
      const vulnerability = VULNERABILITY.parse(entry);
      const names = [
        ...new Set([
          ...(vulnerability.cve ? [vulnerability.cve] : []),
          ...(vulnerability.ids ?? []).map(({ text }) => text),
        ]),
      ];
      return Object.entries(GROUPS).flatMap(([group, status]) =>
        bySaid(vulnerability.product_status[group] ?? [], vulnerability, status).map(
          ({ ids, justification, detail }) => ({
            vulnerabilities: names,
            products: ids.map((id) => products.get(id) ?? productOf(id, [])),
            status,
            justification,
            detail,
            time,
          }),
        ),
      );
    });
  }
  return list.document({
    format: 'csaf',
    id: document.tracking?.id ?? null,
    author: document.publisher?.name ?? null,
    time,
  });
}

interface Said {
  ids: string[];
  justification: VexJustification | null;
  detail: string | null;
}

/** Products of one status, apart by what is said of them: flags justify, threats and remediations explain. */
function bySaid(
  ids: readonly string[],
  { flags, threats, remediations }: z.infer<typeof VULNERABILITY>,
  status: VexStatus,
): Said[] {
  const justifications = new Map<string, VexJustification>();
  for (const { label, product_ids } of flags ?? []) {
    const justification = VEX_JUSTIFICATIONS.find((known) => known === label);
    if (justification) for (const id of product_ids ?? []) justifications.set(id, justification);
  }
  const details = new Map<string, string>();
  const told = [...(remediations ?? []), ...(threats ?? []).filter(({ category }) => category === 'impact')];
  for (const { details: text, product_ids } of told) {
    const detail = firstText(text);
    if (detail !== null) for (const id of product_ids ?? []) details.set(id, detail);
  }
  const groups = new Map<string, Said>();
  for (const id of ids) {
    const justification = status === 'not_affected' ? (justifications.get(id) ?? null) : null;
    const detail = details.get(id) ?? null;
    const key = JSON.stringify([justification, detail]);
    const group = groups.get(key);
    if (group) group.ids.push(id);
    else groups.set(key, { ids: [id], justification, detail });
  }
  return [...groups.values()];
}

/** By id. A component of a product is that component in that product, where it has a purl. */
function productsOf(tree: NonNullable<z.infer<typeof DOCUMENT>['product_tree']>): Map<string, VexProduct> {
  const products = new Map<string, VexProduct>();
  let size = 0;
  const keep = (id: string, product: VexProduct) => {
    size += lengthOf(product.purls) + lengthOf(product.subcomponents);
    if (size > MAX_SIZE) throw new Refused('product_tree: its relationships name too much');
    products.set(id, product);
  };
  const add = (json: unknown) => {
    const product = PRODUCT.safeParse(json).data;
    if (product) keep(product.product_id, productOf(product.product_id, purlsOf(product)));
  };
  for (const product of tree.full_product_names ?? []) add(product);
  const waiting = [...(tree.branches ?? [])];
  while (waiting.length > 0) {
    const branch = waiting.pop() as { branches?: unknown; product?: unknown } | null;
    if (typeof branch !== 'object' || branch === null) continue;
    add(branch.product);
    if (Array.isArray(branch.branches)) for (const child of branch.branches) waiting.push(child);
  }
  for (const json of tree.relationships ?? []) {
    const relationship = RELATIONSHIP.safeParse(json).data;
    if (!relationship) continue;
    const { product_id: id } = relationship.full_product_name;
    const own = purlsOf(relationship.full_product_name);
    const component = products.get(relationship.product_reference)?.purls ?? [];
    const whole = products.get(relationship.relates_to_product_reference);
    if (own.length === 0 && whole && whole.purls.length > 0) {
      keep(id, {
        ...whole,
        subcomponents: component.length > 0 ? component : [relationship.product_reference],
      });
      continue;
    }
    // Of a product that no purl identifies, as a release of a distribution, only a component with a version is known:
    // without one it would be the component of every release.
    const purls = own.length > 0 ? own : component;
    keep(id, productOf(id, whole ? purls.filter(hasVersion) : purls));
  }
  return products;
}

function purlsOf({ product_identification_helper: helper }: z.infer<typeof PRODUCT>): string[] {
  return [...(helper?.purl ? [helper.purl] : []), ...(helper?.purls ?? [])];
}

function hasVersion(purl: string): boolean {
  return /@[^/?#]+(?:[?#]|$)/.test(purl);
}
