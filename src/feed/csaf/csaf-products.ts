import type { CsafDocument } from './csaf-schema.js';

/** What a product id stands for: a component of a product, or a product by itself. */
export interface CsafProduct {
  /** The CPE of the product that it is a component of, or its own. */
  cpe: string | null;
  /** Of the component. */
  purl: string | null;
  /** The id of the component by itself. */
  component: string;
  /** Purls of what stands between the two, as a module that has the component. */
  within: string[];
}

/** The product tree of a document (CSAF 2.0 §3.2.2), looked up by product id. */
export class CsafProducts {
  private readonly helpers = new Map<string, { cpe: string | null; purl: string | null }>();
  private readonly relations = new Map<string, { component: string; product: string }>();

  constructor({ product_tree: tree }: CsafDocument) {
    const branches = [...(tree?.branches ?? [])];
    for (let branch = branches.pop(); branch; branch = branches.pop()) {
      this.add(branch.product);
      for (const child of branch.branches ?? []) branches.push(child);
    }
    for (const product of tree?.full_product_names ?? []) this.add(product);
    for (const relation of tree?.relationships ?? []) {
      this.relations.set(relation.full_product_name.product_id, {
        component: relation.product_reference,
        product: relation.relates_to_product_reference,
      });
    }
  }

  /** @returns null for an id that the tree does not have */
  find(id: string): CsafProduct | null {
    const within: string[] = [];
    let component = id;
    let product = id;
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      const relation = this.relations.get(product);
      if (!relation) break;
      if (product === id) component = relation.component;
      else within.push(this.helpers.get(relation.component)?.purl ?? relation.component);
      product = relation.product;
    }
    const purl = this.helpers.get(component)?.purl ?? null;
    const cpe = this.helpers.get(product)?.cpe ?? null;
    return purl === null && cpe === null ? null : { cpe, purl, component, within };
  }

  private add(product: ProductNode): void {
    if (!product) return;
    const helper = product.product_identification_helper;
    this.helpers.set(product.product_id, { cpe: helper?.cpe ?? null, purl: helper?.purl ?? null });
  }
}

type ProductNode =
  | NonNullable<NonNullable<CsafDocument['product_tree']>['full_product_names']>[number]
  | null
  | undefined;

/** A component of a module of a product; what points at itself would go on for ever. */
const MAX_STEPS = 4;
