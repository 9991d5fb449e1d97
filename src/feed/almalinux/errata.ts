import { z } from 'zod';
import type { Advisory } from '../../model/advisory.js';
import { cvesOf, isWord, MAX_ID_LENGTH, summaryOf, timeOf } from '../feed-text.js';
import { evrOf } from '../rpm/evr.js';
import { affectedBinaries } from '../rpm/fixed-binaries.js';
import { severityOfWord } from '../severity-word.js';

/**
 * Reads one record of errata.full.json, or of the older errata.json: the same fields under other names.
 *
 * @returns null for an erratum that is not about security
 * @throws z.ZodError, Error
 */
export function parseErratum(json: unknown, release: string): Advisory | null {
  const record = ERRATUM.parse(json);
  const id = record.updateinfo_id ?? record.id;
  if (id === undefined || !isWord(id)) throw new Error(`expected an id, got ${JSON.stringify(id ?? null)}`);
  const references = record.references ?? [];
  const cves = cvesOf(
    references.flatMap(({ id: name, type }) => (type?.toLowerCase() === 'cve' && name ? [name] : [])),
  );
  if (record.type !== 'security' && cves.length === 0) return null;
  const modules = [...(record.modules ?? []), ...(record.pkglist?.module ? [record.pkglist.module] : [])];
  const packages = [...(record.packages ?? []), ...(record.pkglist?.packages ?? [])];
  const fixed = packages.flatMap((entry) => (entry.arch === 'src' ? [] : binariesOf(entry, modules)));
  return {
    id,
    aliases: [],
    upstream: cves,
    summary: summaryOf(record.title),
    severity: severityOfWord(record.severity),
    cvss: [],
    url: `https://errata.almalinux.org/${release}/${encodeURIComponent(id.replace(':', '-'))}.html`,
    modified: record.updated_date ?? record.issued_date ?? new Date(0),
    withdrawn: null,
    affected: affectedBinaries(`AlmaLinux:${release}`, fixed, false),
  };
}

/** Seconds since 1970, a text, or what MongoDB exports: `{"$date": milliseconds}`. */
const TIME = z
  .union([
    z.number().transform((seconds) => timeOf(String(Math.floor(seconds)))),
    z.string().transform(timeOf),
    z.object({ $date: z.number() }).transform(({ $date }) => new Date($date)),
  ])
  .nullish()
  .catch(null);

const TEXT = z.string().max(MAX_ID_LENGTH);
const MODULE = z.object({ name: TEXT, stream: z.union([TEXT, z.number().transform(String)]) });
const PACKAGE = z.object({
  name: TEXT,
  epoch: z.union([TEXT, z.number().transform(String)]).nullish(),
  version: TEXT,
  release: TEXT,
  arch: TEXT,
  /** `nodejs:18:…`, in newer files. */
  module: TEXT.nullish().catch(null),
});
type Package = z.infer<typeof PACKAGE>;
type Module = z.infer<typeof MODULE>;

const ERRATUM = z.object({
  id: TEXT.optional(),
  updateinfo_id: TEXT.optional(),
  type: z.string().nullish(),
  title: z.string().nullish(),
  severity: z.string().nullish().catch(null),
  issued_date: TIME,
  updated_date: TIME,
  references: z.array(z.object({ id: z.string().nullish(), type: z.string().nullish() })).nullish(),
  packages: z.array(PACKAGE).nullish(),
  modules: z.array(MODULE).nullish(),
  pkglist: z.object({ packages: z.array(PACKAGE).nullish(), module: MODULE.nullish() }).nullish(),
});

/**
 * A package that was built in a module says so in its release, and no other does. Where an erratum is about several
 * modules, it does not say which of them a package is of: then it is any.
 */
function binariesOf({ name, epoch, version, release, arch, module }: Package, modules: readonly Module[]) {
  const evr = evrOf(epoch, version, release);
  if (!isWord(name) || evr === null) {
    throw new Error(
      `expected a package's name, version and release, got ${JSON.stringify(`${name} ${version}-${release}`)}`,
    );
  }
  return [{ name, version: evr, architectures: [arch], module: moduleOf(release, module, modules) }];
}

function moduleOf(release: string, own: string | null | undefined, modules: readonly Module[]): string | undefined {
  if (!/\.module[_+]el/.test(release)) return undefined;
  if (own) return own.split(':', 2).join(':');
  const [only, ...others] = new Set(modules.map(({ name, stream }) => `${name}:${stream}`));
  return others.length === 0 ? only : undefined;
}
