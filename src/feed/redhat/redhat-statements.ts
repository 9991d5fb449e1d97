import type { AffectedPackage } from '../../model/advisory.js';
import type { Cvss, Severity } from '../../model/severity.js';
import { CsafProducts } from '../csaf/csaf-products.js';
import type { CsafDocument, CsafVulnerability } from '../csaf/csaf-schema.js';
import { parseCvss } from '../cvss.js';
import { severityOfWord } from '../severity-word.js';
import { componentOf, type RedHatComponent } from './redhat-component.js';

type Status = 'fixed' | 'affected' | 'not_affected' | 'undetermined';

/** All that a document says of one package of one release. */
export interface PackageStatements {
  component: RedHatComponent;
  /** The fixed versions of the main stream. */
  fixes: Set<string>;
  statuses: Set<Status>;
  fixState: AffectedPackage['fixState'];
  severity: Severity | null;
  cvss: Cvss[];
}

/**
 * Collects what a document says of Red Hat Enterprise Linux, by source package. A binary is listed by itself only where
 * no source package that is listed beside it can be its own: it would say the same again, some hundred times.
 *
 * @throws Error for an rpm whose name or version cannot be read
 */
export function statementsOf(
  document: CsafDocument,
  vulnerability: CsafVulnerability,
  id: string,
): PackageStatements[] {
  const products = new CsafProducts(document);
  const details = new ProductDetails(vulnerability, id);
  const sources = new Map<string, PackageStatements>();
  const binaries: Statement[] = [];
  const releasesOfSources = new Set<string>();
  for (const [productId, status] of details.statuses()) {
    const product = products.find(productId);
    const component = product && componentOf(product);
    if (!component) continue;
    // Builds that came with a fix of something else, and never had the fault.
    if (status === 'not_affected' && component.version !== null) continue;
    const statement = { productId, status, component };
    if (component.named === 'binary') {
      binaries.push(statement);
      continue;
    }
    add(statement, sources, details);
    releasesOfSources.add(buildOf(statement));
  }
  const alone = new Map<string, PackageStatements>();
  for (const statement of binaries) {
    if (!releasesOfSources.has(buildOf(statement))) add(statement, alone, details);
  }
  return [...sources.values(), ...alone.values()];
}

interface Statement {
  productId: string;
  status: Status;
  component: RedHatComponent;
}

function add(
  { productId, status, component }: Statement,
  into: Map<string, PackageStatements>,
  details: ProductDetails,
) {
  const key = `${component.release}\0${component.name}\0${component.module ?? ''}`;
  let statements = into.get(key);
  if (!statements) {
    const rating = { severity: details.severity(productId), cvss: details.cvss(productId) };
    statements = { component, fixes: new Set(), statuses: new Set(), fixState: undefined, ...rating };
    into.set(key, statements);
  }
  if (status === 'fixed' && component.version === null) return;
  statements.statuses.add(status);
  if (status === 'fixed' && component.version !== null) statements.fixes.add(component.version);
  if (status === 'affected') statements.fixState ??= details.fixState(productId);
}

/**
 * What a source package and its binaries have in common in a list: whose they are, what is said, and the release of the
 * build (perl's binaries have versions of their own). Where nothing is fixed there is no build.
 */
function buildOf({ status, component: { release, module, version } }: Statement): string {
  return [release, module ?? '', status, version?.slice(version.lastIndexOf('-')) ?? ''].join('\0');
}

/** What a document says of its products besides their status. */
class ProductDetails {
  private readonly fixStates = new Map<string, AffectedPackage['fixState']>();
  private readonly fixable = new Set<string>();
  private readonly unfixable = new Set<string>();
  private readonly severities = new Map<string, Severity>();
  private readonly ratings = new Map<string, Cvss[]>();

  constructor(
    private readonly vulnerability: CsafVulnerability,
    id: string,
  ) {
    for (const { category, details, product_ids } of vulnerability.remediations ?? []) {
      for (const productId of product_ids ?? []) {
        if (category === 'vendor_fix') this.fixable.add(productId);
        else if (category === 'no_fix_planned' || category === 'none_available') {
          this.unfixable.add(productId);
          this.fixStates.set(productId, fixStateOf(category, details ?? ''));
        }
      }
    }
    for (const { category, details, product_ids } of vulnerability.threats ?? []) {
      const severity = category === 'impact' ? severityOfWord(details) : null;
      if (severity) for (const productId of product_ids ?? []) this.severities.set(productId, severity);
    }
    for (const score of vulnerability.scores ?? []) {
      const rating = cvssOfScore(score, id);
      for (const productId of score.products ?? []) this.ratings.set(productId, rating);
    }
  }

  /** Each product with what is said of it; a document without `product_status` tells it by what can be done. */
  *statuses(): Generator<[productId: string, status: Status]> {
    const { product_status: status } = this.vulnerability;
    if (!status) {
      for (const productId of this.fixable) yield [productId, 'fixed'];
      for (const productId of this.unfixable) yield [productId, 'affected'];
      return;
    }
    for (const productId of status.fixed ?? []) yield [productId, 'fixed'];
    for (const productId of status.known_affected ?? []) yield [productId, 'affected'];
    for (const productId of status.under_investigation ?? []) yield [productId, 'undetermined'];
    for (const productId of status.known_not_affected ?? []) yield [productId, 'not_affected'];
  }

  fixState(productId: string): AffectedPackage['fixState'] {
    return this.fixStates.get(productId);
  }

  severity(productId: string): Severity | null {
    return this.severities.get(productId) ?? null;
  }

  cvss(productId: string): Cvss[] {
    return this.ratings.get(productId) ?? [];
  }
}

/** https://redhatproductsecurity.github.io/security-data-guidelines/csaf-vex/#remediations */
function fixStateOf(category: 'no_fix_planned' | 'none_available', details: string): AffectedPackage['fixState'] {
  if (category === 'no_fix_planned') return /out of support/i.test(details) ? 'end_of_life' : 'wont_fix';
  return /deferred/i.test(details) ? 'deferred' : 'not_fixed';
}

/** Every version of CVSS that a score has, the newest first. */
export function cvssOfScore(score: Score | undefined, source: string): Cvss[] {
  const vectors: [string, string | undefined][] = [
    ['CVSS_V4', score?.cvss_v4?.vectorString],
    ['CVSS_V3', score?.cvss_v3?.vectorString],
    ['CVSS_V2', score?.cvss_v2?.vectorString],
  ];
  return vectors.flatMap(([type, vector]) => (vector ? (parseCvss(type, vector, source) ?? []) : []));
}

type Score = NonNullable<CsafVulnerability['scores']>[number];
