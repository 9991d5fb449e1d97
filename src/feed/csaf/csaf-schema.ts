import { z } from 'zod';
import { MAX_ID_LENGTH } from '../feed-text.js';

/**
 * A CSAF 2.0 document of the VEX profile (OASIS, "Common Security Advisory Framework Version 2.0" §4.5): the fields that
 * are needed, tolerant of everything else.
 *
 * @throws z.ZodError
 */
export function parseCsaf(json: unknown): CsafDocument {
  return DOCUMENT.parse(json);
}

/** Product ids are paths in a tree of names: longer than a package's. */
const PRODUCT_ID = z.string().max(1000);
const PRODUCT_IDS = z.array(PRODUCT_ID).nullish();

const PRODUCT = z.object({
  product_id: PRODUCT_ID,
  product_identification_helper: z.object({ cpe: z.string().nullish(), purl: z.string().nullish() }).nullish(),
});

const BRANCH = z.object({
  product: PRODUCT.nullish(),
  get branches() {
    return z.array(BRANCH).nullish();
  },
});

const RELATIONSHIP = z.object({
  full_product_name: z.object({ product_id: PRODUCT_ID }),
  product_reference: PRODUCT_ID,
  relates_to_product_reference: PRODUCT_ID,
});

const CVSS = z
  .object({ vectorString: z.string().max(MAX_ID_LENGTH) })
  .nullish()
  .catch(null);

const VULNERABILITY = z.object({
  cve: z.string().nullish(),
  title: z.string().nullish(),
  notes: z.array(z.object({ category: z.string(), text: z.string() })).nullish(),
  product_status: z
    .object({
      fixed: PRODUCT_IDS,
      known_affected: PRODUCT_IDS,
      known_not_affected: PRODUCT_IDS,
      under_investigation: PRODUCT_IDS,
    })
    .nullish(),
  remediations: z
    .array(z.object({ category: z.string(), details: z.string().nullish(), product_ids: PRODUCT_IDS }))
    .nullish(),
  scores: z.array(z.object({ cvss_v2: CVSS, cvss_v3: CVSS, cvss_v4: CVSS, products: PRODUCT_IDS })).nullish(),
  threats: z
    .array(z.object({ category: z.string(), details: z.string().nullish(), product_ids: PRODUCT_IDS }))
    .nullish(),
});

const DOCUMENT = z.object({
  document: z.object({
    title: z.string().nullish(),
    aggregate_severity: z.object({ text: z.string() }).nullish(),
    tracking: z.object({ id: z.string(), status: z.string().nullish(), current_release_date: z.string().nullish() }),
  }),
  product_tree: z
    .object({
      branches: z.array(BRANCH).nullish(),
      full_product_names: z.array(PRODUCT).nullish(),
      relationships: z.array(RELATIONSHIP).nullish(),
    })
    .nullish(),
  vulnerabilities: z.array(VULNERABILITY).nullish(),
});

export type CsafDocument = z.infer<typeof DOCUMENT>;
export type CsafVulnerability = z.infer<typeof VULNERABILITY>;
