import { Injectable } from '@nestjs/common';
import { type ImageMatch, keysOf, matchImages } from '../engine/host/images-in-use.js';
import { isolationGraph } from '../engine/isolation/isolation-graph.js';
import { PlimsollError } from '../model/error.js';
import type { Graph } from '../model/graph.js';
import type { AuditedContainer, ImageAudit } from '../model/host/audited-container.js';
import type { Container } from '../model/host/engine.js';
import type { Page, PageRequest } from '../model/page.js';
import type { Principal } from '../model/principal.js';
import { dot } from '../report/graph/dot.js';
import { decodeCursor, pageOf } from '../store/cursor.js';
import type { RiskFilter } from '../store/finding-risk.js';
import { HostStore } from '../store/host.store.js';

/** `unknown`: the image was not audited, or not wholly. */
export type Exploitability = boolean | 'unknown';

/** With what of the risk is asked for: containers whose image has an open vulnerability that is all of it. */
export interface ContainerFilter extends RiskFilter {
  exploitable?: Exploitability;
}

/** What runs on an audited host, and who reaches whom there. */
@Injectable()
export class HostService {
  constructor(private readonly hosts: HostStore) {}

  /**
   * Who reaches whom among the containers that ran at the time of the scan. Where the engine is not known, the graph is
   * empty but for a gap that says why.
   */
  async graph(p: Principal, scanId: string): Promise<Graph> {
    const { engine } = await this.hosts.ofScan(p.projectId, scanId);
    if (!engine.known) return { nodes: [], edges: [], gaps: [engine.reason] };
    const graph = isolationGraph(engine.value);
    return { ...graph, gaps: [...graph.gaps, ...engine.gaps] };
  }

  /** The graph in Graphviz' language. */
  async dot(p: Principal, scanId: string): Promise<string> {
    return dot(await this.graph(p, scanId), scanId);
  }

  /**
   * Containers in the order of their names, each with what is known of its image now.
   *
   * @throws PlimsollError `inventory_missing` where it is not known what runs: an empty list would say that nothing does
   */
  async containers(
    p: Principal,
    scanId: string,
    filter: ContainerFilter,
    page: PageRequest,
  ): Promise<Page<AuditedContainer>> {
    const { engine } = await this.hosts.ofScan(p.projectId, scanId);
    if (!engine.known && engine.code !== 'not_present') {
      const message = `Scan ${scanId} does not know what runs on its host: ${engine.reason}`;
      throw new PlimsollError('inventory_missing', message);
    }
    const [name = '', id = ''] = page.cursor ? decodeCursor(page.cursor, ['string', 'string']).map(String) : [];
    const { exploitable, ...risk } = filter;
    const all = engine.known ? await this.audited(p.projectId, engine.value.containers, risk) : [];
    const isAsked = (each: (typeof all)[number]) =>
      (exploitable === undefined || each.exploitable === (exploitable === 'unknown' ? null : exploitable)) &&
      ((risk.kev === undefined && risk.minEpss === undefined) || each.wanted > 0);
    const rows = all
      .filter(isAsked)
      .filter((each) => each.name > name || (each.name === name && each.id > id))
      .sort((a, b) => (a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1));
    return pageOf(
      rows,
      page.limit,
      ({ wanted: _, ...row }) => row,
      (row) => [row.name, row.id],
    );
  }

  private async audited(
    projectId: string,
    containers: readonly Container[],
    risk: RiskFilter,
  ): Promise<(AuditedContainer & { wanted: number })[]> {
    const known = await this.hosts.images(projectId, keysOf(containers), risk);
    const matches = matchImages(containers, known);
    return containers.map((container, i) => auditedContainer(container, matches[i] ?? null));
  }
}

function auditedContainer(container: Container, match: ImageMatch | null): AuditedContainer & { wanted: number } {
  const { id, name, image, imageId, imageDigests, status, user, privileged, createdAt } = container;
  const of = { id, name, image, imageId, imageDigests, status, user, privileged, createdAt };
  const audit = match && auditOf(match);
  return { ...of, audit, exploitable: exploitabilityOf(audit), wanted: match?.image.wanted ?? 0 };
}

/** That there is nothing is known only of this very image, wholly examined. */
function exploitabilityOf(audit: ImageAudit | null): boolean | null {
  if (audit === null) return null;
  if (audit.vulnerabilities > 0) return true;
  return audit.matchedBy === 'digest' && audit.complete && audit.undetermined === 0 ? false : null;
}

function auditOf({ image, matchedBy }: ImageMatch): ImageAudit {
  const { identity: _i, digests: _d, indexDigests: _x, wanted: _w, ...audit } = image;
  return { ...audit, matchedBy };
}
