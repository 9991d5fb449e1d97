import { Injectable } from '@nestjs/common';
import { AliasIndex, type Vulnerability } from '../engine/matcher/alias.js';
import { summaryOf } from '../engine/matcher/conclusion.js';
import { databaseOf, rate } from '../engine/matcher/rating.js';
import type { StoredAdvisory } from '../model/advisory.js';
import { PlimsollError } from '../model/error.js';
import type { PageRequest } from '../model/page.js';
import type { Principal } from '../model/principal.js';
import type {
  AdvisoryRecord,
  AffectedTarget,
  AffectedTargets,
  VulnerabilityRating,
  VulnerabilityRecords,
} from '../model/vulnerability.js';
import { AdvisoryLookupStore, type StoredRecord } from '../store/advisory-lookup.store.js';
import { FindingStore } from '../store/finding.store.js';
import { ScoreStore } from '../store/score.store.js';
import { TargetStore } from '../store/target.store.js';
import { spellings } from './advisory-id.js';

/** Aliases of aliases: a chain of records longer than this is not followed. */
const MAX_ALIAS_STEPS = 3;
/** Records of an answer, entries of a record, and versions of an entry. */
const LIMITS = { records: 200, entries: 100, versions: 200 };

/** What is known about a vulnerability, and who has it. */
@Injectable()
export class AdvisoryService {
  constructor(
    private readonly lookup: AdvisoryLookupStore,
    private readonly findings: FindingStore,
    private readonly targets: TargetStore,
    private readonly scores: ScoreStore,
  ) {}

  /**
   * Every record about one vulnerability.
   *
   * @param text any id or alias of it, in whatever case; or a record's
   * @throws PlimsollError `advisory_not_found`
   */
  async get(text: string): Promise<VulnerabilityRecords> {
    const { vulnerability, headers, bulletin } = await this.find(text);
    const ids = [vulnerability.id, ...vulnerability.aliases];
    const bulletins = bulletin ? [] : await this.lookup.bulletinsOn(ids, LIMITS.records + 1);
    const keys = [...headers, ...bulletins];
    const [records, scores] = await Promise.all([
      this.lookup.records(keys.slice(0, LIMITS.records), LIMITS.entries),
      this.scores.find([vulnerability.id]),
    ]);
    const { cvss, epss, kev } = scores.get(vulnerability.id) ?? { cvss: [], epss: null, kev: null };
    const valid = headers.filter(({ withdrawn }) => withdrawn === null);
    return {
      id: vulnerability.id,
      aliases: vulnerability.aliases,
      upstream: bulletin?.upstream ?? [],
      summary: summaryOf(valid.length > 0 ? valid : headers),
      ...rate([], [], valid, { cvss }),
      ratings: [
        ...valid.flatMap(ratingOf),
        ...(cvss.length > 0 ? [{ advisory: vulnerability.id, source: 'nvd', severity: null, cvss }] : []),
      ],
      epss,
      kev,
      records: records.map(recordOf),
      truncated: keys.length > LIMITS.records,
    };
  }

  /**
   * Who has the vulnerability, or one of those that a bulletin is about, by what was judged last; worst first.
   *
   * @throws PlimsollError `advisory_not_found`
   */
  async affected(p: Principal, text: string, page: PageRequest): Promise<AffectedTargets> {
    const { vulnerability, bulletin, headers } = await this.find(text);
    const ids = new Set(bulletin ? bulletin.upstream : [vulnerability.id, ...vulnerability.aliases]);
    // Where a record links several vulnerabilities, a finding of all of them has the name of one.
    const ruleIds = [...new Set([...ids, ...headers.flatMap(({ aliases }) => aliases)])];
    const judgedAt = await this.targets.judgedUpTo(p.projectId);
    const found = await this.findings.list(p.projectId, { kind: 'vulnerability', ruleIds }, page);
    const meant = found.items.filter(({ ruleId, aliases }) => [ruleId, ...aliases].some((id) => ids.has(id)));
    const scans = await this.targets.lastScans(p.projectId, [...new Set(meant.map(({ target }) => target.id))]);
    const items = meant.map((finding): AffectedTarget => {
      const { target, package: entry, ruleId, status, severity, fixedVersion, id } = finding;
      const scan = scans.get(target.id);
      return {
        target,
        package: entry,
        ruleId,
        status: status === 'undetermined' ? 'undetermined' : 'open',
        severity,
        fixedVersion,
        findingId: id,
        scanId: scan?.lastScanId ?? null,
        scannedAt: scan?.lastScanAt ?? null,
      };
    });
    return { items, nextCursor: found.nextCursor, judgedAt };
  }

  /**
   * Which vulnerability an id means, and the records about it alone. A bulletin on several is itself what it means.
   *
   * @throws PlimsollError `advisory_not_found`
   */
  private async find(
    text: string,
  ): Promise<{ vulnerability: Vulnerability; headers: StoredAdvisory[]; bulletin: StoredAdvisory | null }> {
    const ids = spellings(text);
    const found = await this.closure(ids);
    const own = found.filter(({ id, aliases, upstream }) =>
      [id, ...aliases, ...upstream].some((name) => ids.includes(name)),
    );
    if (own.length === 0) return this.onlyInBulletins(text, ids);
    const bulletin = own.find(({ id, upstream }) => upstream.length > 1 && ids.includes(id));
    if (bulletin) {
      const { id } = bulletin;
      const headers = own.filter((record) => record.id === id);
      return { vulnerability: { id, aliases: bulletin.aliases, linked: [] }, headers, bulletin };
    }
    // A withdrawn record joins nothing, but it is what there is to show where it is all.
    const valid = found.filter(({ withdrawn }) => withdrawn === null);
    const index = new AliasIndex(valid.some((record) => own.includes(record)) ? valid : found);
    const vulnerability = index.about(meantBy(own, ids));
    // A record that links several CVEs joins nothing, but these are its other names where it is asked for itself.
    const asked = own.filter(({ id, upstream }) => ids.includes(id) && upstream.length === 0);
    const names = new Set([vulnerability.id, ...vulnerability.aliases, ...asked.flatMap(({ aliases }) => aliases)]);
    const headers = found.filter(({ id, aliases, upstream }) =>
      [id, ...aliases, ...upstream].some((name) => names.has(name)),
    );
    const all = new Set([...names, ...headers.map(({ id }) => id)]);
    all.delete(vulnerability.id);
    return { vulnerability: { ...vulnerability, aliases: [...all].sort() }, headers, bulletin: null };
  }

  private async onlyInBulletins(text: string, ids: readonly string[]) {
    const [first] = await this.lookup.bulletinsOn(ids, 1);
    const [record] = first ? await this.lookup.records([first], 0) : [];
    const id = ids.find((one) => record?.upstream.includes(one));
    if (id === undefined) throw notFound(text);
    return { vulnerability: { id, aliases: [], linked: [] }, headers: [], bulletin: null };
  }

  private async closure(ids: readonly string[]): Promise<StoredAdvisory[]> {
    const found = new Map<string, StoredAdvisory>();
    const asked = new Set<string>();
    let fresh = [...ids];
    for (let step = 0; step < MAX_ALIAS_STEPS && fresh.length > 0; step += 1) {
      for (const name of fresh) asked.add(name);
      const records = await this.lookup.byNames(fresh);
      for (const record of records) found.set(JSON.stringify([record.feed, record.part, record.id]), record);
      const names = records.flatMap(({ id, aliases, upstream }) => [
        id,
        ...aliases,
        ...(upstream.length === 1 ? upstream : []),
      ]);
      fresh = [...new Set(names)].filter((name) => !asked.has(name));
    }
    return [...found.values()];
  }
}

/** The id that the records are about: of a distribution's record on a single vulnerability that one. */
function meantBy(own: readonly StoredAdvisory[], ids: readonly string[]): string {
  for (const { id, aliases, upstream } of own) {
    const [only] = upstream;
    if (only !== undefined && ids.includes(id)) return only;
    const named = [id, ...aliases, ...upstream].find((name) => ids.includes(name));
    if (named !== undefined) return named;
  }
  return ids[0] ?? '';
}

function notFound(text: string): PlimsollError {
  return new PlimsollError(
    'advisory_not_found',
    `No record has the id or alias "${text.slice(0, 100)}": check it; GET /v1/feeds says which feeds have come in, POST /v1/feeds/osv/sync reads one.`,
  );
}

function ratingOf({ id, severity, cvss }: StoredAdvisory): VulnerabilityRating[] {
  return severity === null && cvss.length === 0 ? [] : [{ advisory: id, source: databaseOf(id), severity, cvss }];
}

function recordOf({ url, affected, ...record }: StoredRecord): AdvisoryRecord {
  const isLong = affected.some(({ versions }) => versions.length > LIMITS.versions);
  return {
    ...record,
    url: url ?? null,
    affected: affected.map((entry) => ({ ...entry, versions: entry.versions.slice(0, LIMITS.versions) })),
    truncated: isLong || record.affectedCount > affected.length,
  };
}
