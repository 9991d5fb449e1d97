import { Injectable } from '@nestjs/common';
import type { Graph } from '../model/graph.js';
import type { Principal } from '../model/principal.js';
import { dot } from '../report/graph/dot.js';
import { ClusterService } from './cluster.service.js';
import { HostService } from './host.service.js';
import { ScanService } from './scan.service.js';

/** Who reaches whom on an audited target. */
@Injectable()
export class GraphService {
  constructor(
    private readonly scans: ScanService,
    private readonly hosts: HostService,
    private readonly clusters: ClusterService,
  ) {}

  /** @throws PlimsollError `not_found`, `inventory_missing` for a scan without facts of a host or cluster */
  async graph(p: Principal, scanId: string): Promise<Graph> {
    const { target } = await this.scans.get(p, scanId);
    return target.kind === 'cluster' ? this.clusters.graph(p, scanId) : this.hosts.graph(p, scanId);
  }

  /** The graph in Graphviz' language. */
  async dot(p: Principal, scanId: string): Promise<string> {
    return dot(await this.graph(p, scanId), scanId);
  }
}
