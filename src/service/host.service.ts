import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { imageReference, isOwnEngine } from '../engine/host/image-reference.js';
import { type ImageMatch, keysOf, matchImages } from '../engine/host/images-in-use.js';
import { isInUse } from '../engine/host/unaudited-images.js';
import { isolationGraph } from '../engine/isolation/isolation-graph.js';
import { PlimsollError } from '../model/error.js';
import type { Graph } from '../model/graph.js';
import type { AuditedContainer, AuditStatus, ImageAudit } from '../model/host/audited-container.js';
import type { Container } from '../model/host/engine.js';
import type { Page, PageRequest } from '../model/page.js';
import type { Principal } from '../model/principal.js';
import { referenceIdentity } from '../model/reference.js';
import { decodeCursor, pageOf } from '../store/cursor.js';
import type { RiskFilter } from '../store/finding-risk.js';
import { HostStore } from '../store/host.store.js';
import { type NewestScan, ScanStore } from '../store/scan.store.js';

/** `unknown`: the image was not audited, or not wholly. */
type Exploitability = boolean | 'unknown';

/** With what of the risk is asked for: containers whose image has an open vulnerability that is all of it. */
export interface ContainerFilter extends RiskFilter {
  exploitable?: Exploitability;
}

/** What runs on an audited host, and who reaches whom there. */
@Injectable()
export class HostService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly hosts: HostStore,
    private readonly scans: ScanStore,
  ) {}

  /**
   * Who reaches whom among the containers that ran at the time of the scan. Where the engine is not known, the graph is
   * empty but for a gap that says why.
   */
  async graph(p: Principal, scanId: string): Promise<Graph> {
    const { engine } = (await this.hosts.ofScan(p.projectId, scanId)).host;
    if (!engine.known) return { nodes: [], edges: [], gaps: [engine.reason] };
    const graph = isolationGraph(engine.value);
    return { ...graph, gaps: [...graph.gaps, ...engine.gaps] };
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
    const { reference, host } = await this.hosts.ofScan(p.projectId, scanId);
    const { engine } = host;
    if (!engine.known && engine.code !== 'not_present') {
      const message = `Scan ${scanId} does not know what runs on its host: ${engine.reason}`;
      throw new PlimsollError('inventory_missing', message);
    }
    const [name = '', id = ''] = page.cursor ? decodeCursor(page.cursor, ['string', 'string']).map(String) : [];
    const { exploitable, ...risk } = filter;
    const all = engine.known ? await this.audited(p.projectId, reference, engine.value.containers, risk) : [];
    const isAsked = (each: Row) =>
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
    hostReference: string,
    containers: readonly Container[],
    risk: RiskFilter,
  ): Promise<Row[]> {
    const { scanImagesInUse, dockerHost } = this.config;
    const ownEngine = isOwnEngine(hostReference, dockerHost);
    const matches = matchImages(containers, await this.hosts.images(projectId, keysOf(containers), risk));
    const identities = containers.map((container) => {
      const reference = imageReference(container, ownEngine);
      return reference === null ? null : referenceIdentity(reference);
    });
    const asked = await this.scans.newestOf(projectId, [...new Set(identities.filter((each) => each !== null))]);
    return containers.map((container, i) => {
      const identity = identities[i] ?? null;
      const match = matches[i] ?? null;
      const scan = identity === null ? null : (asked.get(identity) ?? null);
      const isNamed = identity !== null;
      return auditedContainer(container, match, {
        auditStatus: auditStatus(container, match, { scan, isNamed, isAllowed: scanImagesInUse > 0 }),
        imageScanId: scan?.id ?? null,
      });
    });
  }
}

type Row = AuditedContainer & { wanted: number };

function auditedContainer(
  container: Container,
  match: ImageMatch | null,
  asked: Pick<AuditedContainer, 'auditStatus' | 'imageScanId'>,
): Row {
  const { id, name, image, imageId, imageDigests, status, user, privileged, createdAt } = container;
  const of = { id, name, image, imageId, imageDigests, status, user, privileged, createdAt };
  const audit = match && auditOf(match);
  return { ...of, ...asked, audit, exploitable: exploitabilityOf(audit), wanted: match?.image.wanted ?? 0 };
}

function auditStatus(
  container: Container,
  match: ImageMatch | null,
  { scan, isNamed, isAllowed }: { scan: NewestScan | null; isNamed: boolean; isAllowed: boolean },
): AuditStatus {
  // What has the same name alone is told of, but the very image is looked at as well.
  if (match?.matchedBy === 'digest') return 'audited';
  if (scan !== null && scan.status !== 'succeeded' && scan.status !== 'partial') return scan.status;
  if (match !== null) return 'audited';
  if (!isInUse(container)) return 'not_running';
  if (!isNamed) return 'unnamed';
  return isAllowed ? 'waiting' : 'not_allowed';
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
