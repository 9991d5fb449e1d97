import { z } from 'zod';
import type { Advisory, AffectedPackage, RangeEvent, VersionRange } from '../../model/advisory.js';
import { canonicalName } from '../../model/package-name.js';
import type { Severity } from '../../model/severity.js';
import { parseCvss } from '../cvss.js';
import { severityOfWord } from '../severity-word.js';

/**
 * Reads one record of the OSV schema (https://ossf.github.io/osv-schema/), 1.0 to 1.7: the fields that matching needs,
 * tolerant of everything else. Kinds of range and of severity that are not known here are dropped, and so are packages
 * without an ecosystem.
 *
 * @throws z.ZodError when a needed field does not have the form of the schema; see `describeFault` (record-fault.ts)
 */
export function parseOsv(json: unknown): Advisory {
  const record = RECORD.parse(json);
  return {
    id: record.id,
    aliases: distinct(record.aliases),
    upstream: upstreamOf(record),
    summary: record.summary ?? '',
    severity: severityWord(record.severity) ?? severityOf(record.database_specific),
    cvss: cvssOf(record.severity, record.id),
    modified: record.modified,
    withdrawn: record.withdrawn ?? null,
    affected: (record.affected ?? []).flatMap((entry) => affectedOf(entry, record.id) ?? []),
  };
}

// The limits are far above what databases publish; what is above them could not be stored under an index.
const ID = z.string().min(1).max(250);
const TIMESTAMP = z.string().transform((text, context) => {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) {
    context.addIssue({
      code: 'custom',
      message: `expected an RFC 3339 time, got ${JSON.stringify(text.slice(0, 40))}`,
    });
    return z.NEVER;
  }
  return date;
});
const SEVERITY = z.array(z.object({ type: z.string(), score: z.string() })).nullish();
/** `ecosystem_specific` and `database_specific` have a form of their own in every database. */
const SPECIFIC = z.object({ severity: z.unknown().optional(), urgency: z.unknown().optional() }).nullish().catch(null);

const AFFECTED = z.object({
  package: z.object({ ecosystem: z.string().min(1).max(250), name: z.string().min(1).max(1000) }).nullish(),
  ranges: z.array(z.object({ type: z.string(), events: z.array(z.record(z.string(), z.unknown())) })).nullish(),
  versions: z.array(z.string()).nullish(),
  severity: SEVERITY,
  ecosystem_specific: SPECIFIC,
  database_specific: SPECIFIC,
});

const RECORD = z.object({
  id: ID,
  modified: TIMESTAMP,
  withdrawn: TIMESTAMP.nullish(),
  aliases: z.array(ID).nullish(),
  upstream: z.array(ID).nullish(),
  related: z.array(ID).nullish().catch(null),
  summary: z.string().nullish(),
  severity: SEVERITY,
  database_specific: SPECIFIC,
  affected: z.array(AFFECTED).nullish(),
});

/** A bulletin of a distribution, by its id. */
const BULLETIN = /^(?:(?:AL|RL|RX|RH)[SBE]A|(?:open)?SUSE-[A-Z]+|MGASA|OESA|USN|D[SL]A)-/;

/**
 * `upstream` came to the schema with 1.7: records of before list as `related` what a bulletin is about, as AlmaLinux' and
 * Rocky's own copies still do.
 */
function upstreamOf({ id, aliases, upstream, related }: z.infer<typeof RECORD>): string[] {
  const isOld = !upstream?.length && !aliases?.length && BULLETIN.test(id);
  return distinct(isOld ? related?.filter((other) => other.startsWith('CVE-')) : upstream);
}

function affectedOf(entry: z.infer<typeof AFFECTED>, id: string): AffectedPackage | null {
  if (!entry.package) return null;
  const affected: AffectedPackage = {
    ecosystem: entry.package.ecosystem,
    name: canonicalName(entry.package.ecosystem, entry.package.name),
    ranges: (entry.ranges ?? []).flatMap((range) => rangeOf(range.type, range.events) ?? []),
    versions: distinct(entry.versions),
    severity:
      severityWord(entry.severity) ?? severityOf(entry.ecosystem_specific) ?? severityOf(entry.database_specific),
    cvss: cvssOf(entry.severity, id),
  };
  if (urgencyOf(entry.ecosystem_specific) === 'end-of-life') affected.fixState = 'end_of_life';
  return affected;
}

/** Null for a kind of range that does not order packages' versions, such as GIT. */
function rangeOf(type: string, events: readonly Record<string, unknown>[]): VersionRange | null {
  if (type !== 'ECOSYSTEM' && type !== 'SEMVER') return null;
  return { type, events: events.flatMap((event) => eventOf(event) ?? []) };
}

function eventOf(event: Record<string, unknown>): RangeEvent | null {
  if (typeof event.introduced === 'string') return { introduced: event.introduced };
  if (typeof event.fixed === 'string') return { fixed: event.fixed };
  if (typeof event.last_affected === 'string') return { last_affected: event.last_affected };
  if (typeof event.limit === 'string') return { limit: event.limit };
  return null;
}

type Specific = z.infer<typeof SPECIFIC>;

function severityOf(specific: Specific): Severity | null {
  return severityOfWord(specific?.severity) ?? severityOfWord(specific?.urgency);
}

function urgencyOf(specific: Specific): string | null {
  return typeof specific?.urgency === 'string' ? specific.urgency.toLowerCase() : null;
}

/** An entry of `severity` that rates in words; "Ubuntu" is the only kind that the schema has. */
function severityWord(severity: z.infer<typeof SEVERITY>): Severity | null {
  return severityOfWord(severity?.find((entry) => entry.type === 'Ubuntu')?.score);
}

function cvssOf(severity: z.infer<typeof SEVERITY>, source: string) {
  return (severity ?? []).flatMap((entry) => parseCvss(entry.type, entry.score, source) ?? []);
}

function distinct(texts: string[] | null | undefined): string[] {
  return texts ? [...new Set(texts)] : [];
}
