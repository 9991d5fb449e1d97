import { parse } from 'yaml';
import type { Advisory, AffectedPackage } from '../../model/advisory.js';
import { PlimsollError } from '../../model/error.js';
import type { FeedRecord, RejectedRecord } from '../feed-record.js';
import { type ContentOptions, textOf } from '../file-content.js';
import { type JsonItem, readJsonItems } from '../json-items.js';
import { Pause } from '../pause.js';
import { describeFault, printable } from '../record-fault.js';
import { parsePackage } from './secdb-schema.js';
import { type NamedVulnerabilities, vulnerabilitiesIn } from './vulnerability-ids.js';

/** How one distribution uses the format. */
export interface Secdb {
  /** OSV's name, with the release: `Alpine:v3.19`. */
  ecosystem: string;
  /** Before the ids of its records: `ALPINE` for `ALPINE-CVE-2024-1`. */
  prefix: string;
  /** Whose names and versions these are, where it is not what the ecosystem's other advisories have. */
  named?: AffectedPackage['named'];
  /** Where people read about a CVE: this and the id. */
  pages: string;
}

/**
 * Reads one file of the format that Alpine's `secdb` made: by package and by version, what the version fixed. It comes as
 * JSON, and of old as YAML. One advisory for each vulnerability, with an entry for each package.
 *
 * @throws PlimsollError `feed_source_invalid` when it is not that, or not whole
 */
export async function* readSecdb(path: string, secdb: Secdb, options: ContentOptions): AsyncGenerator<FeedRecord> {
  const fixes = new Fixes(secdb);
  const pause = new Pause();
  let isSecdb = false;
  let first: RejectedRecord | null = null;
  for await (const { keys, value } of itemsOf(path, options)) {
    await pause.whenDue();
    const [member, index] = keys;
    isSecdb ||= member === 'apkurl' || typeof index === 'number';
    if (member !== 'packages') continue;
    for (const rejected of fixes.addPackage(`packages.${index}`, value)) {
      first ??= rejected;
      yield { rejected };
    }
    if (fixes.count > MAX_FIXES) throw tooMany(options.name);
  }
  if (!isSecdb || (fixes.count === 0 && first !== null)) throw invalid(options.name, first);
  for (const advisory of fixes.advisories()) {
    await pause.whenDue();
    yield { advisory };
  }
}

/** Of package, version and vulnerability: some ten times what there is. */
const MAX_FIXES = 5_000_000;

/** Beside the packages, a member that every file has, also one without any package. */
const SELECTORS = ['$.packages.*', '$.apkurl'];

async function* itemsOf(path: string, options: ContentOptions): AsyncGenerator<JsonItem> {
  const start = await startOf(path, options);
  if (/^\uFEFF?\s*\{/.test(start)) yield* readJsonItems(path, SELECTORS, options);
  else yield* yamlItems(path, options);
}

async function startOf(path: string, options: ContentOptions): Promise<string> {
  for await (const text of textOf(path, options)) if (text.trim() !== '') return text;
  return '';
}

/** The largest there is has 0.4 MB, and takes some 200 times that in memory. */
const MAX_YAML_CHARACTERS = 2_000_000;

async function* yamlItems(path: string, options: ContentOptions): AsyncGenerator<JsonItem> {
  let text = '';
  for await (const piece of textOf(path, options)) {
    text += piece;
    if (text.length > MAX_YAML_CHARACTERS) {
      const message = `${options.name} is over the limit of ${MAX_YAML_CHARACTERS} characters as YAML. Fetch it as JSON.`;
      throw new PlimsollError('limit_exceeded', message);
    }
  }
  let document: unknown;
  try {
    // Everything is text, or the version 1.10 would be the number 1.1.
    document = parse(text, { schema: 'failsafe', maxAliasCount: 0, uniqueKeys: false, logLevel: 'error' });
  } catch (cause) {
    throw invalid(options.name, { entry: 'as YAML', reason: firstLine(cause) });
  }
  if (typeof document !== 'object' || document === null) return;
  if ('apkurl' in document) yield { keys: ['apkurl'], value: document.apkurl };
  if (!('packages' in document) || !Array.isArray(document.packages)) return;
  for (const [index, value] of document.packages.entries()) yield { keys: ['packages', index], value };
}

/** What fixed what: package and version alternate, those of one package together. */
class Fixes {
  count = 0;
  private readonly byId = new Map<string, { aliases: string[]; fixes: string[] }>();

  constructor(private readonly secdb: Secdb) {}

  /** @returns what was left out */
  addPackage(entry: string, value: unknown): RejectedRecord[] {
    const rejected: RejectedRecord[] = [];
    try {
      const { name, secfixes } = parsePackage(value);
      for (const [version, lines] of secfixes) {
        for (const line of lines) {
          const found = vulnerabilitiesIn(line.slice(0, MAX_LINE));
          if (found) this.add(name, version, found);
          else rejected.push({ entry: printable(`${name} ${version}: ${line}`), reason: 'expected an id' });
        }
      }
    } catch (error) {
      rejected.push({ entry, reason: describeFault(error) });
    }
    return rejected;
  }

  *advisories(): Generator<Advisory> {
    const { prefix, pages } = this.secdb;
    for (const [id, { aliases, fixes }] of this.byId) {
      yield {
        id: `${prefix}-${id}`,
        aliases,
        upstream: [id],
        summary: '',
        severity: null,
        cvss: [],
        ...(id.startsWith('CVE-') && { url: `${pages}${id}` }),
        // The format has no dates.
        modified: new Date(0),
        withdrawn: null,
        affected: this.affectedOf(fixes),
      };
    }
  }

  private add(name: string, version: string, { ids, aliases }: NamedVulnerabilities): void {
    this.count += ids.length;
    for (const id of ids) {
      const known = this.byId.get(id);
      if (!known) this.byId.set(id, { aliases, fixes: [name, version] });
      else {
        known.fixes.push(name, version);
        if (aliases.length > 0) known.aliases = [...new Set([...known.aliases, ...aliases])];
      }
    }
  }

  private affectedOf(fixes: readonly string[]): AffectedPackage[] {
    const versions = new Map<string, Set<string>>();
    for (let at = 0; at + 1 < fixes.length; at += 2) {
      const name = fixes[at] ?? '';
      const known = versions.get(name);
      if (known) known.add(fixes[at + 1] ?? '');
      else versions.set(name, new Set([fixes[at + 1] ?? '']));
    }
    return [...versions].map(([name, fixedIn]) => this.entryOf(name, [...fixedIn]));
  }

  /**
   * A package may have a vulnerability under several versions: fixed anew after it came back, or in a second branch.
   * Every version below the newest of them counts as affected, by a range for each; only a package that has it under `0`
   * alone never was.
   */
  private entryOf(name: string, versions: readonly string[]): AffectedPackage {
    const { ecosystem, named } = this.secdb;
    const fixed = versions.filter((version) => version !== NEVER_AFFECTED);
    return {
      ecosystem,
      name,
      ...(named && { named }),
      ranges: fixed.map((version) => ({ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: version }] })),
      versions: [],
      severity: null,
      cvss: [],
      ...(fixed.length === 0 && { status: 'not_affected' }),
    };
  }
}

const NEVER_AFFECTED = '0';
const MAX_LINE = 1000;

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n', 1)[0] ?? '').slice(0, 200);
}

function invalid(name: string, first: RejectedRecord | null): PlimsollError {
  const why = first ? `${first.entry}: ${first.reason}` : 'it has no packages';
  const message = `${name} is not a security database of apk packages: ${why}. Sync again; a mirror has to fetch it again first.`;
  return new PlimsollError('feed_source_invalid', message);
}

function tooMany(name: string): PlimsollError {
  const message = `${name} has over ${MAX_FIXES} fixes, which is more than any security database of apk packages has.`;
  return new PlimsollError('limit_exceeded', message);
}
