import { Injectable } from '@nestjs/common';
import { isolationGraph } from '../engine/isolation/isolation-graph.js';
import { PlimsollError } from '../model/error.js';
import type { Graph } from '../model/graph.js';
import type { AuditedContainer, ImageAudit } from '../model/host/audited-container.js';
import type { Container } from '../model/host/engine.js';
import type { Page, PageRequest } from '../model/page.js';
import type { Principal } from '../model/principal.js';
import { referenceIdentity } from '../model/reference.js';
import { dot } from '../report/graph/dot.js';
import { decodeCursor, pageOf } from '../store/cursor.js';
import { HostStore, type KnownImage } from '../store/host.store.js';

/** `unknown`: the image was not audited, or not wholly. */
export type Exploitability = boolean | 'unknown';

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
    filter: { exploitable?: Exploitability },
    page: PageRequest,
  ): Promise<Page<AuditedContainer>> {
    const { engine } = await this.hosts.ofScan(p.projectId, scanId);
    if (!engine.known && engine.code !== 'not_present') {
      const message = `Scan ${scanId} does not know what runs on its host: ${engine.reason}`;
      throw new PlimsollError('inventory_missing', message);
    }
    const [name = '', id = ''] = page.cursor ? decodeCursor(page.cursor, ['string', 'string']).map(String) : [];
    const all = engine.known ? await this.audited(p.projectId, engine.value.containers) : [];
    const wanted = filter.exploitable === 'unknown' ? null : filter.exploitable;
    const rows = all
      .filter(({ exploitable }) => wanted === undefined || exploitable === wanted)
      .filter((each) => each.name > name || (each.name === name && each.id > id))
      .sort((a, b) => (a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1));
    return pageOf(
      rows,
      page.limit,
      (row) => row,
      (row) => [row.name, row.id],
    );
  }

  private async audited(projectId: string, containers: readonly Container[]): Promise<AuditedContainer[]> {
    const digests = new Set(containers.flatMap(digestsOf));
    const identities = new Set(containers.flatMap((each) => [...idsOf(each), ...namesOf(each)]));
    const known = await this.hosts.images(projectId, [...digests], [...identities]);
    const byDigest = firstBy(known, ({ digest }) => digest);
    const byIdentity = firstBy(known, ({ identity }) => identity);
    return containers.map((container) => {
      const same = first(digestsOf(container), byDigest) ?? first(idsOf(container), byIdentity);
      const named = same ? null : first(namesOf(container), byIdentity);
      return auditedContainer(container, same ? auditOf(same, 'digest') : named && auditOf(named, 'reference'));
    });
  }
}

function auditedContainer(container: Container, audit: ImageAudit | null): AuditedContainer {
  const { id, name, image, imageId, imageDigests, status, user, privileged, createdAt } = container;
  const of = { id, name, image, imageId, imageDigests, status, user, privileged, createdAt };
  return { ...of, audit, exploitable: exploitabilityOf(audit) };
}

/** That there is nothing is known only of this very image, wholly examined. */
function exploitabilityOf(audit: ImageAudit | null): boolean | null {
  if (audit === null) return null;
  if (audit.vulnerabilities > 0) return true;
  return audit.matchedBy === 'digest' && audit.complete && audit.undetermined === 0 ? false : null;
}

function auditOf({ identity: _i, digest: _d, ...audit }: KnownImage, matchedBy: ImageAudit['matchedBy']): ImageAudit {
  return { ...audit, matchedBy };
}

/** Of manifests and indexes; an engine that keeps images in containerd calls them by the same. */
function digestsOf({ imageId, imageDigests }: Container): string[] {
  return [imageId, ...imageDigests.map((digest) => digest.slice(digest.indexOf('@') + 1))];
}

function idsOf({ imageId }: Container): string[] {
  return identitiesOf([`docker-daemon:${imageId}`]);
}

function namesOf({ image }: Container): string[] {
  return identitiesOf([`docker://${image}`, `docker-daemon:${image}`]);
}

/** Of what is a reference: a container may have been made of an image without a name. */
function identitiesOf(references: readonly string[]): string[] {
  return references.flatMap((reference) => {
    try {
      return [referenceIdentity(reference)];
    } catch (error) {
      if (error instanceof PlimsollError) return [];
      throw error;
    }
  });
}

function first<T>(keys: readonly string[], map: ReadonlyMap<string, T>): T | null {
  for (const key of keys) {
    const found = map.get(key);
    if (found !== undefined) return found;
  }
  return null;
}

/** The first of each key: they come with the newest before. */
function firstBy<T>(items: readonly T[], keyOf: (item: T) => string | null): Map<string, T> {
  const map = new Map<string, T>();
  for (const item of items) {
    const key = keyOf(item);
    if (key !== null && !map.has(key)) map.set(key, item);
  }
  return map;
}
