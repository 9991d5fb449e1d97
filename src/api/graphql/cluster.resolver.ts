import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Principal } from '../../model/principal.js';
import { ClusterService } from '../../service/cluster.service.js';
import { CurrentPrincipal } from '../auth/current-principal.js';
import { ScanDto } from '../dto/scan.dto.js';
import { WorkloadDto } from '../dto/workload.dto.js';
import { WorkloadArgs } from './connection.args.js';
import { type Connection, connect } from './connection.js';
import { WorkloadConnection } from './connections.js';
import { type GraphqlContext, spendRows } from './context.js';

@Resolver(() => ScanDto)
export class ClusterResolver {
  constructor(private readonly clusters: ClusterService) {}

  @ResolveField(() => WorkloadConnection, {
    nullable: true,
    description: 'Of a cluster: its workloads, with what is known of their images now.',
  })
  workloads(
    @CurrentPrincipal() p: Principal,
    @Parent() scan: ScanDto,
    @Args() args: WorkloadArgs,
    @Context() context: GraphqlContext,
  ): Promise<Connection<WorkloadDto>> {
    spendRows(context, args.first);
    const { exploitable, exposed, ruleId, kev, minEpss } = args;
    const filter = {
      ...(exploitable != null && { exploitable }),
      ...(exposed != null && { exposed }),
      ...(ruleId != null && { ruleId }),
      ...(kev != null && { kev }),
      ...(minEpss != null && { minEpss }),
    };
    return connect(args, (page) => this.clusters.workloads(p, scan.id, filter, page), WorkloadDto.of);
  }
}
