import { z } from 'zod';
import type { VexDocument, VexJustification, VexProduct, VexStatus } from '../../model/vex.js';
import {
  firstText,
  MAX_MEMBERS,
  OPTIONAL_TEXT,
  productOf,
  Refused,
  StatementList,
  TEXT,
  TIME,
} from './statement-list.js';

/*
 * CycloneDX 1.4 to 1.7, `vulnerabilities` with an `analysis`: alone, or within the SBOM of the product. What an entry
 * affects is named by a `bom-ref` of the document, or by BOM-Link to another.
 */

/** CycloneDX `impactAnalysisState`. */
const STATES: Record<string, VexStatus> = {
  resolved: 'fixed',
  resolved_with_pedigree: 'fixed',
  exploitable: 'affected',
  in_triage: 'under_investigation',
  false_positive: 'not_affected',
  not_affected: 'not_affected',
};

/** CycloneDX `impactAnalysisJustification`, in OpenVEX' words where it has one for the same. */
const JUSTIFICATIONS: Record<string, VexJustification> = {
  code_not_present: 'vulnerable_code_not_present',
  code_not_reachable: 'vulnerable_code_not_in_execute_path',
  requires_configuration: 'vulnerable_code_cannot_be_controlled_by_adversary',
  requires_dependency: 'vulnerable_code_cannot_be_controlled_by_adversary',
  requires_environment: 'vulnerable_code_cannot_be_controlled_by_adversary',
  protected_by_compiler: 'inline_mitigations_already_exist',
  protected_at_runtime: 'inline_mitigations_already_exist',
  protected_at_perimeter: 'inline_mitigations_already_exist',
  protected_by_mitigating_control: 'inline_mitigations_already_exist',
};

const COMPONENT = z.object({
  'bom-ref': OPTIONAL_TEXT,
  name: OPTIONAL_TEXT,
  version: OPTIONAL_TEXT,
  purl: OPTIONAL_TEXT,
});
type Component = z.infer<typeof COMPONENT>;

const VULNERABILITY = z.object({
  id: TEXT,
  references: z
    .array(z.object({ id: TEXT }))
    .max(MAX_MEMBERS)
    .nullish()
    .catch(null),
  analysis: z
    .object({
      state: z.string().nullish(),
      justification: z.string().nullish(),
      detail: z.unknown().optional(),
      lastUpdated: TIME,
      firstIssued: TIME,
    })
    .nullish(),
  affects: z
    .array(z.object({ ref: TEXT, versions: z.array(z.unknown()).max(MAX_MEMBERS).nullish() }))
    .max(MAX_MEMBERS)
    .nullish(),
  updated: TIME,
});

const AFFECTED_VERSION = z.object({ version: OPTIONAL_TEXT, range: OPTIONAL_TEXT, status: OPTIONAL_TEXT });

const DOCUMENT = z.object({
  serialNumber: OPTIONAL_TEXT,
  version: z.unknown().optional(),
  metadata: z
    .object({
      timestamp: TIME,
      component: COMPONENT.nullish().catch(null),
      supplier: z.object({ name: OPTIONAL_TEXT }).nullish().catch(null),
      authors: z
        .array(z.object({ name: OPTIONAL_TEXT }))
        .nullish()
        .catch(null),
    })
    .nullish()
    .catch(null),
  components: z.array(z.unknown()).nullish().catch(null),
  vulnerabilities: z.array(z.unknown(), 'expected a list'),
});

/** @throws z.ZodError when `vulnerabilities` is no list */
export function readCyclonedxVex(json: unknown): VexDocument {
  const { serialNumber, metadata, components, vulnerabilities } = DOCUMENT.parse(json);
  const time = metadata?.timestamp ?? null;
  const refs = new References(metadata?.component ?? null, components ?? []);
  const list = new StatementList();
  for (const [index, entry] of vulnerabilities.entries()) {
    list.add(`vulnerabilities.${index}`, () => {
      const { id, references, analysis, affects, updated } = VULNERABILITY.parse(entry);
      // An SBOM may list vulnerabilities without judging them.
      if (!analysis?.state) return null;
      const status = STATES[analysis.state];
      if (status === undefined) throw new Refused(`"${analysis.state.slice(0, 40)}" is no state of an analysis`);
      return {
        vulnerabilities: [...new Set([id, ...(references ?? []).map((reference) => reference.id)])],
        products: productsOf(refs, affects ?? []),
        status,
        justification: JUSTIFICATIONS[analysis.justification ?? ''] ?? null,
        detail: firstText(analysis.detail, analysis.justification, status === 'not_affected' ? analysis.state : null),
        time: analysis.lastUpdated ?? analysis.firstIssued ?? updated ?? time,
      };
    });
  }
  const author = metadata?.authors?.[0]?.name ?? metadata?.supplier?.name ?? null;
  return list.document({ format: 'cyclonedx', id: serialNumber ?? null, author, time });
}

type Affects = NonNullable<z.infer<typeof VULNERABILITY>['affects']>;

/** Without `affects` an entry is about what the document describes. */
function productsOf(refs: References, affects: Affects): VexProduct[] {
  if (affects.length === 0) return refs.whole();
  return affects.flatMap(({ ref, versions }) => {
    const exact = (versions ?? []).flatMap((entry) => AFFECTED_VERSION.safeParse(entry).data ?? []);
    // Ranges are read by no order that is certain, so such an entry is about what its reference names exactly.
    return refs.products(
      ref,
      exact.flatMap(({ version }) => version ?? []),
    );
  });
}

/** What the references of a document name. */
class References {
  private readonly byRef = new Map<string, Component>();

  constructor(
    private readonly subject: Component | null,
    components: readonly unknown[],
  ) {
    const waiting = [...components];
    while (waiting.length > 0) {
      const next = waiting.pop();
      const component = COMPONENT.safeParse(next).data;
      if (component?.['bom-ref']) this.byRef.set(component['bom-ref'], component);
      const { components: nested } = (typeof next === 'object' && next !== null ? next : {}) as {
        components?: unknown;
      };
      if (Array.isArray(nested)) for (const child of nested) waiting.push(child);
    }
  }

  whole(): VexProduct[] {
    return this.subject ? [productFrom(this.subject)] : [];
  }

  products(written: string, versions: readonly string[]): VexProduct[] {
    const ref = referenceOf(written);
    if (this.subject !== null && ref === this.subject['bom-ref']) return this.whole();
    const purl = this.byRef.get(ref)?.purl ?? ref;
    const purls =
      versions.length > 0 && !purl.includes('@') ? versions.map((version) => withVersion(purl, version)) : [purl];
    // A component of what the document describes, and of nothing else that has it.
    if (this.subject !== null) return [{ ...productFrom(this.subject), subcomponents: purls }];
    return purls.map((id) => productOf(id, []));
  }
}

function productFrom({ purl, name, version }: Component): VexProduct {
  return productOf(purl ?? [name, version].filter(Boolean).join('@'), []);
}

/** BOM-Link: `urn:cdx:serial/version#bom-ref`, whose reference is percent-encoded. */
function referenceOf(written: string): string {
  if (!written.startsWith('urn:cdx:')) return written;
  const ref = written.slice(written.indexOf('#') + 1);
  try {
    return decodeURIComponent(ref);
  } catch {
    return ref;
  }
}

function withVersion(purl: string, version: string): string {
  const [bare = '', ...qualifiers] = purl.split(/(?=[?#])/);
  return `${bare}@${encodeURIComponent(version)}${qualifiers.join('')}`;
}
