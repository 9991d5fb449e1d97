import { Injectable } from '@nestjs/common';
import { explainExposure } from '../engine/isolation/judge-exposure.js';
import { layerOrigin } from '../engine/layer/layer-origin.js';
import { explainLogs } from '../engine/log-rule/judge-logs.js';
import { explain } from '../engine/matcher/explain.js';
import { secretRule } from '../engine/secret/secret-rules.js';
import type { StoredAdvisory } from '../model/advisory.js';
import type { Evidence } from '../model/control.js';
import type { ExplainedLocation, FindingWhy, JudgementChange, MatchExplanation } from '../model/explanation.js';
import type { Finding, JudgedFinding } from '../model/finding.js';
import type { Principal } from '../model/principal.js';
import { AdvisoryStore } from '../store/advisory.store.js';
import { FindingStore } from '../store/finding.store.js';
import { type FindingContext, FindingContextStore } from '../store/finding-context.store.js';
import { LifecycleStore } from '../store/lifecycle.store.js';
import { ClusterService } from './cluster.service.js';

/** Tells why a finding is one, from the stored facts and the advisories of now. */
@Injectable()
export class WhyService {
  constructor(
    private readonly findings: FindingStore,
    private readonly contexts: FindingContextStore,
    private readonly advisories: AdvisoryStore,
    private readonly lifecycles: LifecycleStore,
    private readonly clusters: ClusterService,
  ) {}

  /** @throws PlimsollError `not_found` */
  async get(p: Principal, id: string): Promise<FindingWhy> {
    const finding = await this.findings.get(p.projectId, id);
    const context = await this.contexts.find(p.projectId, finding);
    const match = finding.kind === 'vulnerability' ? await this.match(finding, context) : null;
    const exposure = await this.exposure(p.projectId, finding, context);
    return {
      findingId: finding.id,
      kind: finding.kind,
      ruleId: finding.ruleId,
      status: finding.status,
      reason: await this.reason(finding, context, match),
      risk: finding.risk,
      judgedAt: context && later(context.scannedAt, finding.openedAt),
      scanId: context?.scanId ?? null,
      match: match?.told ?? null,
      vex: finding.vex,
      changes: changesOf(finding, context, match),
      evidence: await this.evidence(finding, context, exposure),
      locations: locationsOf(finding, context),
      remediation: context?.control?.remediation ?? exposure?.remediation ?? null,
    };
  }

  private async match(finding: Finding, context: FindingContext | null): Promise<Match | null> {
    if (!context?.package) return null;
    // Which feed a record is of only the store knows, and the engine gives records back as they came.
    const stored = new Map<unknown, StoredAdvisory>();
    const lookup = {
      find: async (packages: readonly { ecosystem: string; name: string }[]) => {
        const found = await this.advisories.find(packages);
        for (const advisory of found) stored.set(advisory, advisory);
        return found;
      },
      scores: (ids: readonly string[]) => this.advisories.scores(ids),
    };
    const explained = await explain(context.package, [finding.ruleId, ...finding.aliases], lookup);
    if (!explained) return null;
    const records = explained.records.flatMap(({ advisory, role, verdict, entries }) => {
      const origin = stored.get(advisory);
      if (!origin) return [];
      const { id, feed, part, url = null, modified, summary, severity, cvss } = origin;
      return [{ id, feed, part, url, modified, summary, severity, cvss, role, verdict, entries }];
    });
    const { ruleId, ...rest } = explained;
    return { told: { ...rest, records }, ruleId };
  }

  private async reason(finding: Finding, context: FindingContext | null, match: Match | null): Promise<string> {
    switch (finding.kind) {
      case 'vulnerability':
        if (match) return match.told.reason;
        return context?.package
          ? `No record that names ${finding.package?.name} is about ${finding.ruleId} any more: it was withdrawn, or does not name the package now.`
          : 'The package is in no stored inventory of the target any more.';
      case 'misconfiguration':
        return context?.control?.reason ?? `The control ${finding.ruleId} failed.`;
      case 'secret': {
        const rule = secretRule(finding.ruleId);
        return rule
          ? `The rule ${rule.id} (${rule.title}) recognised it: ${finding.title}.`
          : `The rule ${finding.ruleId} recognised it, which is no rule any more.`;
      }
      case 'end_of_life':
      case 'exposure':
      case 'runtime':
        return `${finding.title}.`;
    }
  }

  /** What a finding of missing isolation, or of a way from outside, rests on. */
  private async exposure(projectId: string, finding: Finding, context: FindingContext | null): Promise<Shown | null> {
    if (finding.kind !== 'exposure' || context === null) return null;
    if (finding.target.kind !== 'cluster') return context.host && explainExposure(context.host.engine, finding);
    const path = await this.clusters.explain(projectId, context.scanId, finding);
    return path && { resource: path.workload, steps: path.steps, remediation: path.cut.remediation };
  }

  private async evidence(
    finding: Finding,
    context: FindingContext | null,
    exposure: Shown | null,
  ): Promise<Evidence[]> {
    switch (finding.kind) {
      case 'vulnerability':
      case 'secret':
        return [];
      case 'misconfiguration':
        return context?.control?.evidence ?? [];
      case 'end_of_life':
        return this.cycles(finding);
      case 'exposure':
        return exposure?.steps.map((value) => ({ resource: exposure.resource, path: null, value })) ?? [];
      case 'runtime': {
        const shown = context?.host && explainLogs(context.host.logMatches, finding);
        return shown ? [{ resource: shown.resource, path: null, value: `${shown.count} ×: ${shown.excerpt}` }] : [];
      }
    }
  }

  /** The dates that ended the support: `endoflife.date/debian/10` names product and cycle. */
  private async cycles({ advisories }: Finding): Promise<Evidence[]> {
    const named = advisories.flatMap((text) => {
      const [, product, cycle] = /^endoflife\.date\/([^/]+)\/(.+)$/.exec(text) ?? [];
      return product !== undefined && cycle !== undefined ? [{ product, cycle }] : [];
    });
    const { products } = await this.lifecycles.find(named.map(({ product }) => product));
    return named.flatMap(({ product: name, cycle: wanted }) => {
      const product = products.find((one) => one.name === name);
      const cycle = product?.cycles.find((one) => one.name === wanted);
      if (!product || !cycle) return [];
      const { end, extendedEnd } = cycle;
      const ends = [
        `${product.label} ${cycle.name}: support ends ${end.on ?? (end.over ? '(over)' : '(not known)')}`,
        ...(extendedEnd
          ? [
              `${product.extendedLabel ?? 'extended support'} ends ${extendedEnd.on ?? (extendedEnd.over ? '(over)' : '(not known)')}`,
            ]
          : []),
      ];
      return [{ resource: `endoflife.date/${name}/${wanted}`, path: null, value: ends.join('; ') }];
    });
  }
}

interface Shown {
  resource: string;
  steps: readonly string[];
  remediation: string;
}

interface Match {
  told: MatchExplanation;
  /** The vulnerability by the name that it has now. */
  ruleId: string;
}

/** What would be another if the finding were judged now. A fixed finding was not: its package is another by now. */
function changesOf(finding: JudgedFinding, context: FindingContext | null, match: Match | null): JudgementChange[] {
  const { judgedStatus } = finding;
  if (finding.kind !== 'vulnerability' || judgedStatus === 'fixed') return [];
  if (!match) return context?.package ? [{ field: 'status', judged: judgedStatus, now: null }] : [];
  const { told, ruleId } = match;
  const decided = told.records.flatMap(({ id, role }) => (role === 'decided' ? [id] : []));
  const pairs: [JudgementChange['field'], string | null, string | null][] = [
    ['status', judgedStatus, told.verdict],
    ['ruleId', finding.ruleId, ruleId],
    ['severity', finding.severity, told.severity],
    ['severitySource', finding.severitySource, told.severitySource],
    ['fixedVersion', finding.fixedVersion, told.fixedVersion],
    ['fixState', finding.fixState, told.fixState],
    ['advisories', finding.advisories.toSorted().join(', '), [...new Set(decided)].sort().join(', ')],
  ];
  return pairs.flatMap(([field, judged, now]) => (judged === now ? [] : [{ field, judged, now }]));
}

function locationsOf({ location }: Finding, context: FindingContext | null): ExplainedLocation[] {
  const image = context?.image ?? null;
  const places = context?.package
    ? context.package.locations.map(({ path, layer }) => ({ path, line: null, resource: null, layer }))
    : location
      ? [location]
      : [];
  return places.map(({ path, line, resource, layer }) => ({
    path,
    line,
    resource,
    layer: layer === null ? null : layerOrigin(layer, image),
  }));
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}
