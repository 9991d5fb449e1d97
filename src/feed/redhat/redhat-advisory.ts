import type { Advisory, AffectedPackage } from '../../model/advisory.js';
import type { Cvss } from '../../model/severity.js';
import { type CsafDocument, type CsafVulnerability, parseCsaf } from '../csaf/csaf-schema.js';
import { cvesOf, summaryOf, timeOf } from '../feed-text.js';
import { severityOfWord } from '../severity-word.js';
import { cvssOfScore, type PackageStatements, statementsOf } from './redhat-statements.js';
import { affectedVersions } from './redhat-streams.js';

/**
 * Reads a VEX document of Red Hat: what it says of one CVE in every product. Only Red Hat Enterprise Linux is kept; a
 * record without any package still rates the CVE.
 *
 * @throws z.ZodError, Error
 */
export function parseVex(json: unknown): Advisory[] {
  const document = parseCsaf(json);
  return (document.vulnerabilities ?? []).map((vulnerability) => advisoryOf(document, vulnerability));
}

function advisoryOf(csaf: CsafDocument, vulnerability: CsafVulnerability): Advisory {
  const { document } = csaf;
  const [cve] = cvesOf([vulnerability.cve ?? document.tracking.id]);
  if (cve === undefined) throw new Error('expected the id of a CVE');
  const id = `REDHAT-${cve}`;
  const modified = timeOf(document.tracking.current_release_date);
  const severity = severityOfWord(document.aggregate_severity?.text);
  // Of products that are rated otherwise, the rating stands with them.
  const cvss = cvssOfScore(vulnerability.scores?.[0], id);
  return {
    id,
    aliases: [],
    upstream: [cve],
    summary: summaryOf(vulnerability.title || document.title),
    severity,
    cvss,
    url: `https://access.redhat.com/security/cve/${cve}`,
    modified,
    withdrawn: document.tracking.status === 'deleted' ? modified : null,
    affected: statementsOf(csaf, vulnerability, id).flatMap((statements) =>
      entriesOf(statements).map((entry) => ({
        ...entry,
        // What only repeats the record's own rating overrides nothing.
        severity: statements.severity === severity ? null : statements.severity,
        cvss: isSame(statements.cvss, cvss) ? [] : statements.cvss,
      })),
    ),
  };
}

/** One entry for each thing that is said; what is said to be affected holds beside a fix of the same package. */
function entriesOf({ component, fixes, statuses, fixState }: PackageStatements): AffectedPackage[] {
  const { release, name, named, module } = component;
  const entry: AffectedPackage = {
    ecosystem: `Red Hat:${release}`,
    name,
    named,
    ...(module === undefined ? {} : { module }),
    ranges: [],
    versions: [],
    severity: null,
    cvss: [],
  };
  const entries: AffectedPackage[] = [];
  if (fixes.size > 0) entries.push({ ...entry, ranges: [{ type: 'ECOSYSTEM', events: affectedVersions([...fixes]) }] });
  if (statuses.has('affected')) {
    const ranges: AffectedPackage['ranges'] = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }];
    entries.push({ ...entry, ranges, ...(fixState === undefined ? {} : { fixState }) });
  }
  if (statuses.has('undetermined')) entries.push({ ...entry, status: 'undetermined' });
  if (entries.length === 0 && statuses.has('not_affected')) entries.push({ ...entry, status: 'not_affected' });
  return entries;
}

function isSame(some: readonly Cvss[], other: readonly Cvss[]): boolean {
  return some.length === other.length && some.every(({ vector }, index) => vector === other[index]?.vector);
}
