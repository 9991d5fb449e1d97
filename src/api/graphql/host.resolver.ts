import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Principal } from '../../model/principal.js';
import { GraphService } from '../../service/graph.service.js';
import { HostService } from '../../service/host.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { ContainerDto } from '../dto/container.dto.js';
import { GraphDto } from '../dto/graph.dto.js';
import { ScanDto } from '../dto/scan.dto.js';
import { ContainerArgs } from './connection.args.js';
import { type Connection, connect } from './connection.js';
import { ContainerConnection } from './connections.js';
import { type GraphqlContext, spendRows } from './context.js';

/** What a graph counts for among the rows that an operation may ask for: it has every container, or workload. */
const GRAPH_ROWS = 500;

@Resolver(() => ScanDto)
export class HostResolver {
  constructor(
    private readonly hosts: HostService,
    private readonly graphs: GraphService,
  ) {}

  @ResolveField(() => ContainerConnection, {
    nullable: true,
    description: 'Of a host: its containers, with what is known of their images now.',
  })
  containers(
    @CurrentPrincipal() p: Principal,
    @Parent() scan: ScanDto,
    @Args() args: ContainerArgs,
    @Context() context: GraphqlContext,
  ): Promise<Connection<ContainerDto>> {
    spendRows(context, args.first);
    const { exploitable, kev, minEpss } = args;
    const filter = {
      ...(exploitable != null && { exploitable }),
      ...(kev != null && { kev }),
      ...(minEpss != null && { minEpss }),
    };
    return connect(args, (page) => this.hosts.containers(p, scan.id, filter, page), ContainerDto.of);
  }

  @ResolveField(() => GraphDto, { nullable: true, description: 'Of a host or a cluster: who reaches whom.' })
  async graph(
    @CurrentPrincipal() p: Principal,
    @Parent() scan: ScanDto,
    @Context() context: GraphqlContext,
  ): Promise<GraphDto> {
    spendRows(context, GRAPH_ROWS);
    return GraphDto.of(await this.graphs.graph(p, scan.id));
  }
}
