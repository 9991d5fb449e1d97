import type { Advisory, AffectedPackage } from '../../model/advisory.js';
import { familyOf } from './ecosystem-family.js';
import type { MatchedPackage } from './subject.js';

/** How what an entry says bears on a package, as far as modules go. */
export type ModuleFit =
  /** It is about the package. */
  | 'fits'
  /** It is about another stream, or about a package of no module where this one is of one, or the reverse. */
  | 'other'
  /** The package is of a module, and does not say of which stream. */
  | 'unknown_stream'
  /** The entry is about some stream, and does not say which: what it calls fixed may be another stream's fix. */
  | 'unsaid_stream';

/**
 * Each stream of a module is a line of versions of its own, and its packages are built apart from the plain ones: an
 * advisory about `nodejs:18` says nothing about a package of `nodejs:16`, nor about one of no module.
 *
 * https://docs.fedoraproject.org/en-US/modularity/, and Red Hat's "Security data: CSAF and VEX", product ids of modules
 */
export function moduleFit(entry: AffectedPackage, advisory: Advisory, installed: MatchedPackage): ModuleFit {
  if (installed.type !== 'rpm') return 'fits';
  const isModular = installed.module !== null || MODULAR.test(installed.version);
  const hasModularFix = entry.module === undefined && hasModularVersion(entry);
  if (entry.module === undefined && !hasModularFix) {
    if (!isModular) return 'fits';
    // Red Hat names the module of every package that is of one. Others say it by the version, where there is one.
    return familyOf(entry.ecosystem) === 'Red Hat' || hasVersion(entry) ? 'other' : 'fits';
  }
  if (!isModular) return 'other';
  const streams = entry.module === undefined ? streamsOfSummary(advisory.summary) : [entry.module];
  if (streams.length === 0) return 'unsaid_stream';
  if (installed.module === null) return 'unknown_stream';
  return streams.includes(streamOf(installed.module)) ? 'fits' : 'other';
}

/** The release of a package that was built in a module: `3.module+el8.7.0+17824+b6cdcf5a`, `1.module_el8.8.0+3609`. */
const MODULAR = /\.module(?![a-z0-9])/;

/** `nodejs:18` of the label `nodejs:18:8080020230718:63b34585`. */
function streamOf(label: string): string {
  return label.split(':', 2).join(':');
}

/** An erratum is titled for its modules: `Important: nodejs:18 security update`, `virt:rhel and virt-devel:rhel …`. */
function streamsOfSummary(summary: string): string[] {
  return summary.match(/(?<![\w:.+-])[a-z0-9][\w.+-]*:[a-z0-9][\w.+-]*(?![\w:.+-])/g) ?? [];
}

function hasModularVersion(entry: AffectedPackage): boolean {
  return boundariesOf(entry).some((version) => MODULAR.test(version));
}

function hasVersion(entry: AffectedPackage): boolean {
  return boundariesOf(entry).length > 0;
}

function boundariesOf({ ranges, versions }: AffectedPackage): string[] {
  const boundaries = [...versions];
  for (const { events } of ranges) {
    for (const event of events) {
      if ('fixed' in event) boundaries.push(event.fixed);
      else if ('last_affected' in event) boundaries.push(event.last_affected);
    }
  }
  return boundaries;
}
