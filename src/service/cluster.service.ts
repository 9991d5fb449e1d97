import { Injectable } from '@nestjs/common';
import type { AttackPath } from '../engine/cluster/attack-path/attack-path.js';
import { clusterAnalysis } from '../engine/cluster/attack-path/cluster-analysis.js';
import { clusterGraph } from '../engine/cluster/attack-path/cluster-graph.js';
import { explainClusterExposure } from '../engine/cluster/attack-path/judge-cluster-exposure.js';
import type { Exposure } from '../engine/cluster/exposure/exposures.js';
import { matchWorkloadImages, workloadFindings, workloadImages } from '../engine/cluster/workload-images.js';
import { type AuditedWorkload, workloadsOf } from '../engine/cluster/workloads.js';
import { type ImageMatch, keysOf } from '../engine/host/images-in-use.js';
import type { ClusterFacts } from '../model/cluster/cluster-facts.js';
import type { Exposed, RunningImage, RunningWorkload } from '../model/cluster/running-workload.js';
import type { Finding } from '../model/finding.js';
import type { Graph } from '../model/graph.js';
import type { Page, PageRequest } from '../model/page.js';
import type { Principal } from '../model/principal.js';
import { ClusterStore } from '../store/cluster.store.js';
import { decodeCursor, pageOf } from '../store/cursor.js';
import type { RiskFilter } from '../store/finding-risk.js';
import { HostStore } from '../store/host.store.js';

/** With what of the risk, or which vulnerability, is asked for: workloads with an image that has it open. */
export interface WorkloadFilter extends RiskFilter {
  ruleId?: string;
  exposed?: readonly Exposed[];
  exploitable?: boolean | 'unknown';
}

/** What runs in an audited cluster, who reaches whom there, and where that leads. */
@Injectable()
export class ClusterService {
  /** The facts that were asked for last: they are large, and asked for page by page. */
  private last: { scanId: string; facts: ClusterFacts; workloads: AuditedWorkload[] } | null = null;

  constructor(
    private readonly clusters: ClusterStore,
    private readonly hosts: HostStore,
  ) {}

  /** Who reaches whom, and who may become whom, at the time of the scan. */
  async graph(p: Principal, scanId: string): Promise<Graph> {
    const { facts, workloads } = await this.read(p.projectId, scanId);
    return clusterGraph(facts, workloads);
  }

  /**
   * Workloads in the order of their names, each with what is known of its images now, and how it is reached from outside.
   *
   * @throws PlimsollError `inventory_missing` for a scan without facts of a cluster
   */
  async workloads(
    p: Principal,
    scanId: string,
    filter: WorkloadFilter,
    page: PageRequest,
  ): Promise<Page<RunningWorkload>> {
    const { exposed, exploitable, ...wanted } = filter;
    const { facts, workloads } = await this.read(p.projectId, scanId);
    const analysis = clusterAnalysis(facts, workloads);
    const exposures = Map.groupBy(analysis.exposures, ({ workload }) => workload);
    const keys = keysOf(workloads.flatMap(workloadImages));
    const images = matchWorkloadImages(workloads, await this.hosts.images(p.projectId, keys, wanted));
    const [after = ''] = page.cursor ? decodeCursor(page.cursor, ['string']).map(String) : [];
    const isWanted = wanted.kev !== undefined || wanted.minEpss !== undefined || wanted.ruleId !== undefined;
    const rows = workloads.flatMap((workload) => {
      const found = images.get(workload.resource) ?? [];
      if (workload.resource <= after || (isWanted && !found.some(({ match }) => (match?.image.wanted ?? 0) > 0)))
        return [];
      const row = runningWorkload(workload, found, exposures.get(workload.resource) ?? [], analysis.gaps.length > 0);
      if (exposed !== undefined && !exposed.includes(row.exposed)) return [];
      if (exploitable !== undefined && row.exploitable !== (exploitable === 'unknown' ? null : exploitable)) return [];
      return [row];
    });
    rows.sort((a, b) => (a.resource < b.resource ? -1 : 1));
    return pageOf(
      rows,
      page.limit,
      (row) => row,
      (row) => [row.resource],
    );
  }

  /** The steps behind a finding of a way from outside; null where it is not there by what is known now. */
  async explain(projectId: string, scanId: string, finding: Finding): Promise<AttackPath | null> {
    const { facts, workloads } = await this.read(projectId, scanId);
    const known = await this.hosts.images(projectId, keysOf(workloads.flatMap(workloadImages)), {});
    const worst = await this.clusters.worst(
      projectId,
      known.map(({ targetId }) => targetId),
    );
    return explainClusterExposure(facts, workloads, workloadFindings(workloads, known, worst), finding);
  }

  private async read(projectId: string, scanId: string) {
    const facts = await this.clusters.ofScan(projectId, scanId);
    if (this.last?.scanId === scanId) return this.last;
    this.last = { scanId, facts, workloads: workloadsOf(facts) };
    return this.last;
  }
}

function runningWorkload(
  { resource, kind, namespace, name, pods, views }: AuditedWorkload,
  images: readonly { use: { container: string; image: string; imageDigests: string[] }; match: ImageMatch | null }[],
  exposures: readonly Exposure[],
  hasGaps: boolean,
): RunningWorkload {
  const serviceAccount = views[0]?.spec.serviceAccountName ?? 'default';
  const told = exposures.map(({ how, by, from, isReached, ports }) => ({ how, by, from, isReached, ports }));
  return {
    ...{ resource, kind, namespace, name, pods: pods.length, serviceAccount },
    exposed: exposedOf(exposures, hasGaps),
    exposures: told,
    images: images.map(imageOf),
    exploitable: exploitableOf(images),
  };
}

function imageOf({
  use,
  match,
}: {
  use: { container: string; image: string; imageDigests: string[] };
  match: ImageMatch | null;
}): RunningImage {
  const [named] = use.imageDigests;
  const digest = named === undefined ? null : named.slice(named.indexOf('@') + 1);
  if (match === null) return { container: use.container, image: use.image, digest, audit: null };
  const { identity: _i, digests: _d, indexDigests: _x, wanted: _w, ...audit } = match.image;
  return { container: use.container, image: use.image, digest, audit: { ...audit, matchedBy: match.matchedBy } };
}

/** That nobody gets in is known only where everything is that could let somebody in. */
function exposedOf(exposures: readonly Exposure[], hasGaps: boolean): Exposed {
  if (exposures.some(({ isReached }) => isReached === 'yes')) return 'yes';
  if (exposures.length > 0) return 'maybe';
  return hasGaps ? 'unknown' : 'no';
}

/** That there is nothing is known only of the very images, wholly examined. */
function exploitableOf(images: readonly { match: ImageMatch | null }[]): boolean | null {
  if (images.some(({ match }) => (match?.image.vulnerabilities ?? 0) > 0)) return true;
  const isClean = ({ match }: { match: ImageMatch | null }) =>
    match?.matchedBy === 'digest' && match.image.complete && match.image.undetermined === 0;
  return images.length > 0 && images.every(isClean) ? false : null;
}
